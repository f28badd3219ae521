/** An app's webhooks, by what the storage has to know of them. */
import { createHash } from 'node:crypto'
import type { AppId } from '@chat-widget/protocol'
import type { AppConfig, WebhookConfig } from '../config/config.ts'
import { receiverOf, type WebhooksOf, type WebhookTarget } from '../storage/webhook-target.ts'

/** The same after a restart, and with other secrets or events. */
export const webhookKey = (app: AppId, { url }: WebhookConfig): string =>
  createHash('sha256').update(`${app} ${url}`).digest('hex').slice(0, 16)

const NONE: readonly WebhookTarget[] = []

/** Reads the apps anew each time, as they may change. */
export function createWebhookTargets(apps: ReadonlyMap<AppId, AppConfig>): WebhooksOf {
  const known = new WeakMap<AppConfig, readonly WebhookTarget[]>()
  return (id) => {
    const app = apps.get(id)
    if (app?.webhooks === undefined) return NONE
    const before = known.get(app)
    if (before !== undefined) return before
    const targets = app.webhooks.map((webhook) => ({
      key: webhookKey(id, webhook),
      receiver: receiverOf(id, webhook.url),
      events: webhook.events,
    }))
    known.set(app, targets)
    return targets
  }
}
