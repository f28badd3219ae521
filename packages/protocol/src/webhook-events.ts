/** Events of the console about webhooks and their deliveries; all with an answer, for owners and admins ([WB4]). */
import type { Result } from './errors.ts'
import type { AppId, ConversationId } from './ids.ts'
import type {
  ListDeliveriesRequest,
  ListWebhooksRequest,
  ReplayDeliveriesRequest,
} from './schemas/webhooks.ts'
import type { WebhookEventName } from './webhook.ts'

export type { ListDeliveriesRequest, ListWebhooksRequest, ReplayDeliveriesRequest }

/** A webhook of the configuration, with its deliveries in numbers: each is counted up to `LIMITS.countedDeliveries`. */
export interface WebhookInfo {
  readonly app: AppId
  /** Without query, user and password, which may be secret. */
  readonly address: string
  readonly events: readonly WebhookEventName[]
  /** Deliveries that wait for their first or next try. */
  readonly waiting: number
  /** Of those that wait, the ones whose last try failed. */
  readonly failing: number
  readonly givenUp: number
}

/** A delivery that was not made yet, or was given up. Those that were made are not kept. */
export interface WebhookDeliveryInfo {
  /** The `webhook-id`. */
  readonly id: string
  readonly app: AppId
  /** Without query, user and password. */
  readonly address: string
  readonly event: WebhookEventName
  /** `null`: the event is about a user. */
  readonly conversationId: ConversationId | null
  /** Time of the event. ISO 8601. */
  readonly at: string
  readonly tries: number
  /** `under-way`: a server is sending it. */
  readonly state: 'waiting' | 'under-way' | 'given-up'
  /** ISO 8601: of the next try, while it waits; of the last one, once it is given up. */
  readonly stateAt: string
  /** Reason for which the last try failed, e.g. `status 500`. */
  readonly problem: string | null
}

export interface WebhookDeliveryPage {
  readonly deliveries: readonly WebhookDeliveryInfo[]
  /** Pass it as `cursor` for the next page; `null` at the end. */
  readonly cursor: string | null
}

type Answer<Value> = (result: Result<Value>) => void

export interface WebhooksToServerEvents {
  'webhooks:list': (
    request: ListWebhooksRequest,
    answer: Answer<{ readonly webhooks: readonly WebhookInfo[] }>,
  ) => void
  /** Those that wait, the oldest first; or those given up, the latest first. */
  'deliveries:list': (request: ListDeliveriesRequest, answer: Answer<WebhookDeliveryPage>) => void
  /** Answered with the number of deliveries that are tried again now. `not-found`: the one that is named is done. */
  'deliveries:replay': (
    request: ReplayDeliveriesRequest,
    answer: Answer<{ readonly replayed: number }>,
  ) => void
}
