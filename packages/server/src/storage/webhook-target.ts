/** Webhooks, as far as the storage knows them. */
import type { AppId, WebhookEventName } from '@chat-widget/protocol'

export interface WebhookTarget {
  /** Tells it from the app's others. */
  readonly key: string
  readonly receiver: string
  readonly events: readonly WebhookEventName[]
}

/** The server that is called, without the address's query, which may hold a secret. */
export function receiverOf(app: AppId, url: string): string {
  const { origin, pathname } = new URL(url)
  return `${prefixOf(app)}${origin}${pathname}`
}

/** Begins the receivers of an app's webhooks: no id has a space. */
export const prefixOf = (app: AppId): string => `webhook ${app} `

export type WebhooksOf = (app: AppId) => readonly WebhookTarget[]
