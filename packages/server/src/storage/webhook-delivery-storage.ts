/** Deliveries to webhooks, as people see them and have them tried again ([WB4]). */
import type { AppId } from '@chat-widget/protocol'
import type { Access } from './agent-storage.ts'
import type { AuditActor } from './audit-storage.ts'
import type { ListedJob } from './job-storage.ts'

/** Each state is counted up to one more than `LIMITS.countedDeliveries`. */
export interface DeliveryCounts {
  /** Not given up. */
  readonly waiting: number
  /** Of those, the ones whose last try failed. */
  readonly failing: number
  readonly givenUp: number
}

interface DeliveryQuery {
  /** Default: all. */
  readonly apps?: readonly AppId[]
  readonly state: 'waiting' | 'given-up'
  readonly cursor?: string
  readonly limit: number
}

interface ReplayRequest {
  /** Its `webhook-id`; `null`: those given up, the longest ago first. */
  readonly id: string | null
  /** Most that are tried again. */
  readonly limit: number
  readonly by: AuditActor
  /** Throws to refuse what an agent asks for; called in the transaction, with that agent as they are now. */
  readonly authorize?: (asker: Access) => void
  readonly at: number
}

export interface WebhookDeliveryStorage {
  /** Of these webhooks, by their key. */
  counts(keys: readonly string[]): Promise<ReadonlyMap<string, DeliveryCounts>>
  /**
   * Those that wait, the oldest first; those given up, the latest first. Rejects with `bad-request` for a cursor that it
   * has not given. `cursor`: `null` at the end.
   */
  list(query: DeliveryQuery): Promise<{
    readonly deliveries: readonly ListedJob<'webhook'>[]
    readonly cursor: string | null
  }>
  /**
   * Has deliveries run now, with all their tries; of an agent's apps alone. One that is under way is being tried and
   * stays as it is. Resolves with their number, once for each app written to the audit.
   */
  replay(request: ReplayRequest): Promise<number>
}
