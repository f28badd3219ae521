/** Webhooks, as far as the storage knows them. */
import type { AppId, WebhookEventName } from '@chat-widget/protocol'

export interface WebhookTarget {
  /** Tells it from the app's others. */
  readonly key: string
  readonly receiver: string
  readonly events: readonly WebhookEventName[]
}

export type WebhooksOf = (app: AppId) => readonly WebhookTarget[]
