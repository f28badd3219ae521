/** Counts of authentication requests; none of them says who is asked. */
import type { AuthenticationRequestStatus } from '@chat-widget/protocol'
import type { AuthenticationRequestRecord } from '../storage/authentication-request-storage.ts'

export type CountedRequest = Pick<AuthenticationRequestRecord, 'app' | 'addressee'>

export interface RequestObserver {
  created(request: CountedRequest): void
  /** `tookMs`: from creation to the decision; `null` if nobody decided. */
  ended(request: CountedRequest, status: AuthenticationRequestStatus, tookMs: number | null): void
  delivery(result: DeliveryResult): void
  limited(limit: RequestLimit): void
}

/** `retried`: it failed and is tried again. `failed`: it will not reach its addressee. */
export type DeliveryResult = 'delivered' | 'retried' | 'failed'

/** The limit of [AR7] that refused: by addressee, visitor, IP address, app, or waiting callers. */
export type RequestLimit = 'addressee' | 'session' | 'ip' | 'app' | 'waits'

export const noObserver: RequestObserver = {
  created: () => undefined,
  ended: () => undefined,
  delivery: () => undefined,
  limited: () => undefined,
}
