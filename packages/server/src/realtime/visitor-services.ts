/** Parts of the server that a visitor's connection needs. */
import type { AppId, AppInfo, ConversationId, UserId } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { ChatLogins } from '../authentication-requests/chat-logins.ts'
import type { AppConfig } from '../config/config.ts'
import type { InternalConversationService } from '../conversations/create-conversation-service.ts'
import type { FileService } from '../files/file-service.ts'
import type { IdentityHistory } from '../identity/identity-history.ts'
import type { IdentityService } from '../identity/identity-service.ts'
import type { ClientAddress } from '../network/client-address.ts'
import type { ReleasedWork, Storage } from '../storage/storage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { AddressLimits } from './address-limits.ts'
import type { Broadcaster, ContextNeed } from './broadcaster.ts'
import type { RequestTracker } from './requests.ts'
import type { Tuning } from './tuning.ts'

export interface VisitorServices {
  readonly storage: Storage
  readonly identity: IdentityService
  readonly history: IdentityHistory
  readonly conversations: InternalConversationService
  readonly files: FileService
  readonly broadcaster: Broadcaster
  /** What devices are told of an app. */
  readonly appInfo: (app: AppConfig) => AppInfo
  /** Publishes and runs the work that a sign-in released. */
  readonly released: (work: ReleasedWork, app: AppId) => void
  /** The context that an action waits for from this user's devices, if any. */
  readonly pendingNeed: (userId: UserId) => ContextNeed | null
  readonly chatLogins: ChatLogins
  /** Called when a device of the conversation's owner connected or disconnected. */
  readonly presence: (conversationId: ConversationId) => void
  /** Called when the user's claims, as agents see them, changed. */
  readonly claimsChanged: (userId: UserId) => Promise<void>
  readonly releaseLabel: (release: string | undefined) => string
  readonly addressOf: ClientAddress
  readonly addresses: AddressLimits
  readonly tracker: RequestTracker
  readonly telemetry: Telemetry
  readonly logger: Logger
  readonly tuning: Tuning
  readonly now: () => number
}
