/** Webhooks and their deliveries, for those who manage an app. */
import type {
  AgentToServerEvents,
  WebhookDeliveryInfo,
  WebhookDeliveryPage,
  WebhookInfo,
  WebhooksToServerEvents,
} from '@chat-widget/protocol'
import type { Reply, RequestOf, ValueOf } from '../connection/event-maps.ts'
import { answerIn } from './agent-errors.ts'

/** Each call rejects if the server refuses or cannot be reached. */
export interface AgentWebhooks {
  /** Those of the apps that one manages. */
  list(): Promise<readonly WebhookInfo[]>
  /** Those that wait, the oldest first; or those given up, the latest first. `cursor`: of the page before. */
  deliveries(state: 'waiting' | 'given-up', cursor: string | null): Promise<WebhookDeliveryPage>
  /**
   * Has a delivery tried again now; `null`: 1,000 of those that were given up. Resolves with their number. Rejects with
   * `not-found` for one that is done or under way.
   */
  replay(id: WebhookDeliveryInfo['id'] | null): Promise<number>
}

type Request = <Name extends keyof WebhooksToServerEvents>(
  name: Name,
  payload: RequestOf<AgentToServerEvents, Name>,
) => Promise<Reply<ValueOf<AgentToServerEvents, Name>>>

const DELIVERY_PAGE = 50

export function createAgentWebhooks(request: Request): AgentWebhooks {
  return {
    list: async () => answerIn(await request('webhooks:list', {})).webhooks,
    deliveries: async (state, cursor) =>
      answerIn(
        await request('deliveries:list', { state, limit: DELIVERY_PAGE, ...(cursor !== null && { cursor }) }),
      ),
    replay: async (id) => answerIn(await request('deliveries:replay', { id })).replayed,
  }
}
