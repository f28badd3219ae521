/** Users, and the sessions of users and of anonymous visitors, as they are stored. */
import type { AppId, ConversationId, SessionId, UserId, VisitorId } from '@chat-widget/protocol'
import type { UserName } from './user-key.ts'

export interface UserRecord extends UserName {
  readonly id: UserId
  readonly app: AppId
  readonly createdAt: number
}

/** A session is anonymous (`user: null`) or a user's; it is never changed from one to the other, only replaced. */
export interface SessionRecord {
  readonly id: SessionId
  readonly app: AppId
  readonly visitorId: VisitorId
  readonly user: UserRecord | null
  /** End of the verified context; `null` for anonymous sessions and for contexts without an end. */
  readonly contextExpiresAt: number | null
  /** Id reserved for the next first message, which makes the row. */
  readonly conversationId: ConversationId
  readonly createdAt: number
  readonly revokedAt: number | null
  /** Time at which a device last connected, to the day. */
  readonly seenAt: number
}
