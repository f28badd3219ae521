/** Requests of the console about webhooks, on an agent's socket. */
import {
  listDeliveriesRequest,
  listWebhooksRequest,
  replayDeliveriesRequest,
} from '@chat-widget/protocol/schemas'
import type { Agent } from '../agents/agent-accounts.ts'
import type { WebhookOverview } from '../webhooks/webhook-overview.ts'
import type { On } from './team-requests.ts'

export function listenWebhooks(on: On, asker: Agent, webhooks: WebhookOverview): void {
  on('webhooks:list', listWebhooksRequest, async () => ({ webhooks: await webhooks.list(asker) }))
  on('deliveries:list', listDeliveriesRequest, (request) => webhooks.deliveries(asker, request))
  on('deliveries:replay', replayDeliveriesRequest, async ({ id }) => ({
    replayed: await webhooks.replay(asker, id),
  }))
}
