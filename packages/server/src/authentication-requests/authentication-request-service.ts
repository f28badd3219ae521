/** What the built-in provider offers beside the interface that any provider has. */
import type { AppId, AuthenticationRequestId, ConversationId } from '@chat-widget/protocol'
import type { JSONWebKeySet } from 'jose'
import type { Logger } from 'pino'
import type { AuthenticationRequestLimits } from '../config/authentication-request-limits.ts'
import type {
  AuthenticationRequestRecord,
  AuthenticationRequestStorage,
  Creator,
} from '../storage/authentication-request-storage.ts'
import type { Storage } from '../storage/storage.ts'
import type {
  AuthenticationRequestProvider,
  AuthenticationRequests,
  RequestDelivery,
} from './authentication-requests.ts'
import type { DeviceRequests } from './authenticator/device-requests.ts'
import type { ForwardedCodeTuning } from './forwarded-codes.ts'
import type { DeliveryTuning } from './request-deliveries.ts'
import type { RequestObserver } from './request-observer.ts'
import type { OperatorUpkeep } from './request-upkeep.ts'

export interface AuthenticationRequestService extends AuthenticationRequests, DeviceRequests {
  /** Goes on with what an earlier run of the server left pending. Once `publicUrl` is known. */
  start(): Promise<void>
  /**
   * For whoever made the request, while it is pending; else `null`. Where another server asks, `null` also until that
   * server has said its digits.
   */
  bindingCodeOf(record: Pick<AuthenticationRequestRecord, 'id' | 'app' | 'binding' | 'status'>): string | null
  /** Counts a caller that waits ([AR7]). Throws `rate-limited`; call what it answers when the wait is over. */
  holdWait(app: AppId, creator: Creator): () => void
  /** The newest of each conversation that has one. */
  newestOf: AuthenticationRequestStorage['newestOf']
  /** Told when a login of this conversation began, ended or cannot be delivered. Returns the unsubscribe. */
  onProgress(listener: (conversationId: ConversationId) => void): () => void
  readonly operators: OperatorUpkeep
  /** Told of each request that was shown to devices, changed or ended. Returns the unsubscribe. */
  onChange(listener: (id: AuthenticationRequestId) => void): () => void
  /** The keys that decisions are signed with. */
  readonly keySet: JSONWebKeySet
}

export interface AuthenticationRequestsOptions {
  readonly storage: Pick<
    Storage,
    'authenticationRequests' | 'authenticationUpkeep' | 'authenticators' | 'serverKeys'
  >
  readonly delivery: RequestDelivery
  /** Where an app's requests are decided elsewhere. Default: all are delivered, and decided on the page. */
  readonly providers?: ReadonlyMap<AppId, AuthenticationRequestProvider>
  /** The server's own address as others reach it, without a slash at its end. */
  readonly publicUrl: () => string
  readonly limitsOf: (app: AppId) => AuthenticationRequestLimits
  /** How long a request is kept after it ended. Days, default 30. */
  readonly keepDaysOf?: (app: AppId) => number
  /** Default: nothing is counted. */
  readonly observer?: RequestObserver
  readonly logger: Logger
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly deliveryTuning?: Partial<DeliveryTuning>
  readonly forwardedCodeTuning?: Partial<ForwardedCodeTuning>
}
