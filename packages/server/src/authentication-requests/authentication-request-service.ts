/** The built-in provider's interface, beyond that of any provider. */
import type { AppId, AuthenticationRequestId, ConversationId } from '@chat-widget/protocol'
import type { JSONWebKeySet } from 'jose'
import type { Logger } from 'pino'
import type { AuthenticationRequestLimits } from '../config/authentication-request-limits.ts'
import type { JitterBounds } from '../full-jitter.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { NodeCounters } from '../limits/node-counters.ts'
import type {
  AuthenticationRequestRecord,
  AuthenticationRequestStorage,
  Creator,
} from '../storage/authentication-request-storage.ts'
import type { Storage } from '../storage/storage.ts'
import type { Purge } from '../upkeep/purges.ts'
import type {
  AuthenticationRequestProvider,
  AuthenticationRequests,
  RequestDelivery,
} from './authentication-requests.ts'
import type { DeviceRequests } from './authenticator/device-requests.ts'
import type { ForwardedCodeTuning } from './forwarded-codes.ts'
import type { RequestObserver } from './request-observer.ts'
import type { OperatorUpkeep } from './request-upkeep.ts'

export interface AuthenticationRequestService extends AuthenticationRequests, DeviceRequests {
  /**
   * The binding code for the creator of a pending request; else `null`. Where another server asks, also `null` until
   * that server has sent its digits.
   */
  bindingCodeOf(record: Pick<AuthenticationRequestRecord, 'id' | 'app' | 'binding' | 'status'>): string | null
  /** Counts a caller that waits ([AR7]). Throws `rate-limited`. Returns a function to call when the wait is over. */
  holdWait(app: AppId, creator: Creator): () => void
  /** The newest request of each conversation that has one. */
  newestOf: AuthenticationRequestStorage['newestOf']
  /** Calls back when a login of this conversation began, ended or cannot be delivered. Returns the unsubscribe. */
  onProgress(listener: (conversationId: ConversationId) => void): () => void
  readonly operators: OperatorUpkeep
  /** Purges of requests that were kept long enough. */
  purges(): Promise<readonly Purge[]>
  /** Calls back for each request that was shown to devices, changed or ended. Returns the unsubscribe. */
  onChange(listener: (id: AuthenticationRequestId) => void): () => void
  /** As `onChange`, without the changes by other nodes. Returns the unsubscribe. */
  onOwnChange(listener: (id: AuthenticationRequestId, app: AppId) => void): () => void
  /** Called when another node changed a request. */
  noticed(id: AuthenticationRequestId, app: AppId): void
  /** The keys that decisions are signed with. */
  readonly keySet: JSONWebKeySet
}

export interface AuthenticationRequestsOptions {
  readonly storage: Pick<
    Storage,
    'authenticationRequests' | 'authenticationUpkeep' | 'authenticators' | 'serverKeys'
  >
  /** Delivers and ends requests; started once `publicUrl` is known. */
  readonly jobs: JobQueue
  readonly delivery: RequestDelivery
  /**
   * Apps whose requests another server decides. Default: none; all are delivered, and decided on this server's page.
   */
  readonly providers?: ReadonlyMap<AppId, AuthenticationRequestProvider>
  /** The server's own address as others reach it, without a trailing slash. */
  readonly publicUrl: () => string
  readonly limitsOf: (app: AppId) => AuthenticationRequestLimits
  /** Days for which a request is kept after it ended. Default 30. */
  readonly keepDaysOf?: (app: AppId) => number
  /** Default: none. */
  readonly observer?: RequestObserver
  /** Counts what other nodes allowed, too. Default: there are none. */
  readonly counters?: NodeCounters | undefined
  readonly logger: Logger
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly deliveryTuning?: Partial<JitterBounds>
  /** With other nodes: time after which waiting callers' requests are read again, unnoticed. Milliseconds. */
  readonly lookAgainMs?: number | undefined
  readonly forwardedCodeTuning?: Partial<ForwardedCodeTuning>
}
