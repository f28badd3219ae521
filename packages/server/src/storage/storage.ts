/**
 * The server's stored data, and the guarantees of any database behind it. One contract suite tests every
 * implementation. Times are milliseconds since the epoch. A call that rejects has stored nothing; a call that resolves
 * is durable: it survives kill -9 and power loss.
 */
import type {
  ActionRunId,
  AgentActionOutcome,
  AgentId,
  AppId,
  ClientMessageId,
  ConversationId,
  ErrorCode,
  IdentityStatus,
  LoginMethod,
  Message,
  MessageAuthor,
  MessageContent,
  MessageId,
  SessionId,
  UserId,
  VisitorClaim,
} from '@chat-widget/protocol'
import type { Language } from '../text/language.ts'
import type { ActionRun } from './action-run.ts'
import type { AgentStorage } from './agent-storage.ts'
import type { AuditStorage } from './audit-storage.ts'
import type { AuthenticationRequestStorage, ServerKeyStorage } from './authentication-request-storage.ts'
import type { AuthenticationUpkeepStorage } from './authentication-upkeep-storage.ts'
import type { AuthenticatorStorage } from './authenticator-storage.ts'
import type { ListOrder } from './cursor.ts'
import type { FileStorage } from './file-storage.ts'
import type { JobStorage } from './job-storage.ts'
import type { NodeStorage } from './node-storage.ts'
import type { ActionParams, BlockedWork } from './owed-work.ts'
import type { OwnConversationStorage } from './own-conversation-storage.ts'
import type { ConversationOwner, Owner } from './owner.ts'
import type { PersonStorage } from './person-storage.ts'
import type { SessionRecord, UserRecord } from './session-record.ts'
import type { TemplateStorage } from './template-storage.ts'
import type { UnreadMailStorage } from './unread-mail-storage.ts'
import type { UpkeepStorage } from './upkeep-storage.ts'
import type { WebhookDeliveryStorage } from './webhook-delivery-storage.ts'
import type { WebhooksOf } from './webhook-target.ts'

export type { ActionRun } from './action-run.ts'
export type { ActionParams, BlockedWork, BotWork, BotWorkOrigin } from './owed-work.ts'
export type { ConversationOwner, Owner } from './owner.ts'
export type { SessionRecord, UserRecord } from './session-record.ts'

export interface ConversationRecord {
  readonly id: ConversationId
  readonly app: AppId
  readonly owner: ConversationOwner
  /** The owner's identifier, for a user. */
  readonly userIdentifier: string | null
  readonly method: LoginMethod | null
  readonly status: 'open' | 'closed'
  readonly handler: 'bot' | 'agents'
  readonly headSeq: number
  readonly visitorReadSeq: number
  readonly agentReadSeq: number
  /** Last seq that a device of that side told it holds; what is read counts as held, whatever stands here. */
  readonly visitorDeliveredSeq: number
  readonly agentDeliveredSeq: number
  /** Language of the device that wrote last; `null` if it is not known. */
  readonly language: Language | null
  readonly createdAt: number
  /** Time of the last message; lists are ordered by it, newest first. */
  readonly updatedAt: number
}

/** A message of the server itself. */
export interface OwnMessage {
  readonly author: MessageAuthor
  readonly body: MessageContent
}

export interface AppendRequest {
  readonly conversationId: ConversationId
  readonly clientId: ClientMessageId
  readonly author: MessageAuthor
  /**
   * The event `closed` closes the conversation and cancels its bot's deliveries ([BT2]); `handed-to-agents` and
   * `handed-to-bot` change its handler. In a conversation that already is in that state the answer is
   * `client-id-reused`. The event `rated` is for a closed one alone. An answer is checked against the message that it answers; `edited` and `deleted` change theirs.
   */
  readonly body: MessageContent
  /** Work that a login card blocks, due after the sign-in. Never sent to a client. */
  readonly blocked?: BlockedWork
  readonly at: number
  /**
   * For a visitor's own message: the conversation is created if missing, reopened if closed, and must belong to this
   * owner. `null` for agents, bot and system: the conversation must exist.
   */
  readonly as: {
    readonly app: AppId
    readonly owner: Owner
    /** Language of the device. */
    readonly language?: Language
    /** The visitor asked for this conversation: it may begin beside an open one ([DL10]). */
    readonly isAskedFor?: boolean
    /** The app allows one open conversation at a time: beside one, no closed one is opened again ([CV5]). */
    readonly isOneAtATime?: boolean
  } | null
  /**
   * True if the app has a bot: it becomes the handler of a visitor's new conversation and of one that their message
   * reopens. If the bot is the handler, its delivery is stored in the same transaction.
   */
  readonly notifyBot: boolean
  /** For a visitor's message that begins a conversation: stored before it ([WH3]). */
  readonly opening?: readonly OwnMessage[]
  /** Stored after it, once in a conversation, if agents are to answer ([WH6]). */
  readonly followUp?: OwnMessage
  /** For an agent's message: makes the agents the conversation's handler, in the same transaction. */
  readonly takeOver: boolean
  /** Time after which the visitor is mailed if they have not read it ([UM1]); `null` for apps that mail nobody. */
  readonly mailAfterMs?: (app: AppId) => number | null
  /** The app's webhooks, whose deliveries are stored with it ([WB1]). Default: none. */
  readonly webhooksOf?: WebhooksOf | undefined
}

export type AppendResult =
  /** `created`: false if the client id was known with the same body; then the message stored first ([DL2]). */
  | {
      readonly ok: true
      readonly created: boolean
      readonly message: Message
      /** Messages of the server stored just before it, e.g. that the agent joined. */
      readonly preceding: readonly Message[]
      /** The same, just after it. */
      readonly following: readonly Message[]
      readonly conversation: ConversationRecord
      /** True if a delivery to the bot was stored with it. */
      readonly isBotAsked: boolean
    }
  /**
   * `conflict`: nobody asked for this new conversation, and its owner has an open one ([DL10]). `forbidden`: it would be
   * opened again beside an open one.
   */
  | {
      readonly ok: false
      /**
       * `already-answered`: another answer came first. `unchanged`: the edit or deletion changes nothing. `no-message`: there is
       * none to edit or delete.
       */
      readonly code:
        | 'not-found'
        | 'no-message'
        | 'client-id-reused'
        | 'conflict'
        | 'already-answered'
        | 'unchanged'
        | 'forbidden'
    }
  /** The message that it is about is none that can be answered or changed like this. */
  | { readonly ok: false; readonly code: 'bad-request'; readonly problem: string }

export interface IdentifyRequest {
  /** The session that the device proved to hold; `null` if it came without one. */
  readonly sessionId: SessionId | null
  readonly app: AppId
  /** The verified subject. */
  readonly userIdentifier: string
  /** The method that proved it. Default: the host. */
  readonly method?: LoginMethod
  readonly contextExpiresAt: number | null
  readonly merge: boolean
  /** The user's claims that agents are shown from now on. */
  readonly claims: readonly VisitorClaim[]
  /** Hash of the new session's secret. */
  readonly newSecretHash: string
  readonly webhooksOf?: WebhooksOf | undefined
  readonly at: number
}

export type NewUser = Pick<IdentifyRequest, 'app' | 'userIdentifier' | 'method' | 'at'>

/** Work that a sign-in released. It is stored already; this is for telling others. */
export interface ReleasedWork {
  /** The event "signed in", once in each conversation with blocked work. */
  readonly events: readonly { readonly message: Message; readonly conversation: ConversationRecord }[]
  /** Agents' runs that were resumed. */
  readonly actionRuns: readonly ActionRunId[]
}

export interface IdentifyResult {
  readonly session: SessionRecord
  /** The newest 100. */
  readonly mergedConversations: readonly ConversationId[]
  readonly released: ReleasedWork
  /** True if the user's claims differ from the stored ones. */
  readonly claimsChanged: boolean
}

/** [ID17] One transition of the identity of a conversation's visitor. */
export interface IdentityTraceRecord {
  /** Unique within a conversation: the same key is the same entry. */
  readonly key: string
  readonly source: 'device' | 'server'
  readonly tab: string
  /** Orders entries of the same time. */
  readonly ordinal: number
  readonly at: number
  /** By the device's own clock; `null` for the server's entries. */
  readonly deviceAt: number | null
  readonly from: IdentityStatus
  readonly to: IdentityStatus
  readonly cause: string
  readonly code: ErrorCode | null
}

/** The stored part of an outcome. */
export interface RunConclusion {
  readonly kind: AgentActionOutcome['kind']
  /** The HTTP status; `null` if there was none. */
  readonly status: number | null
}

export interface ListQuery {
  /** Default: all. */
  readonly apps?: readonly AppId[]
  readonly status?: 'open' | 'closed'
  /** Sort order: by creation, or by the last message. Default: the cursor's; without one, `updated`. */
  readonly order?: ListOrder
  readonly cursor?: string
  readonly limit: number
}

export interface Storage {
  readonly sessions: {
    createAnonymous(request: {
      readonly app: AppId
      readonly secretHash: string
      readonly at: number
    }): Promise<SessionRecord>
    /** Stores that a device of the session connected. */
    touch(sessionId: SessionId, at: number): Promise<void>
    /** Finds revoked sessions too: the caller checks `revokedAt`. */
    findBySecretHash(app: AppId, secretHash: string): Promise<SessionRecord | null>
    /**
     * Signs in, in one transaction: finds or creates the user; creates a user session with a new secret and revokes the
     * one it replaces; with `merge`, gives the user every conversation of that session's anonymous visitor (never one
     * that a user owns already), and the visitor's current conversation stays current; takes the unanswered login cards
     * of the user's conversations, adds an event there, and releases the work they block, once ([ID15]); writes an
     * audit row. With `merge: false`, the anonymous session and its conversations stay as they are.
     */
    identify(request: IdentifyRequest): Promise<IdentifyResult>
    /**
     * Renews a user session in-band; does nothing if it has ended. `signsIn`: takes the user's login cards, as
     * `identify` does.
     */
    renew(request: {
      readonly sessionId: SessionId
      readonly contextExpiresAt: number | null
      readonly claims: readonly VisitorClaim[]
      readonly signsIn: boolean
      readonly webhooksOf?: WebhooksOf | undefined
      readonly at: number
    }): Promise<Pick<IdentifyResult, 'claimsChanged' | 'released'>>
    /** False for a session that was revoked. */
    isLive(sessionId: SessionId): Promise<boolean>
    /** Of these sessions, those that ended: revoked, or deleted with all else of a person. */
    ended(sessionIds: readonly SessionId[]): Promise<{
      readonly revoked: readonly SessionId[]
      readonly deleted: readonly SessionId[]
    }>
    /** Idempotent. Resolves with the ids of the sessions that were live until now. */
    revoke(sessionId: SessionId, at: number): Promise<readonly SessionId[]>
    revokeAllOfUser(userId: UserId, at: number): Promise<readonly SessionId[]>
    /** Reserves a fresh conversation id as the session's next one ("new conversation"). */
    reserveConversation(sessionId: SessionId): Promise<ConversationId>
    /** Makes one of the owner's conversations the session's current one; the caller has checked its owner. */
    chooseConversation(sessionId: SessionId, conversationId: ConversationId): Promise<void>
  }
  readonly users: {
    find(id: UserId): Promise<UserRecord | null>
    /** A user whom the host names. */
    findOrMake(request: NewUser): Promise<UserRecord>
    /** Claims as of the user's last authentication or renewal. */
    claims(ids: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly VisitorClaim[]>>
  }
  readonly conversations: OwnConversationStorage & {
    find(id: ConversationId): Promise<ConversationRecord | null>
    /**
     * The conversation for the session's device to show: its reserved one if that has messages; `null` if the visitor
     * asked for a new one and has not written in it yet; else its owner's newest open one, else `null`.
     */
    current(session: SessionRecord): Promise<ConversationRecord | null>
    /** The newest open one of the session's owner, whatever the visitor asked for. */
    newestOpen(session: SessionRecord): Promise<ConversationRecord | null>
    /** Open conversations of the app whose handler is the bot. */
    ofBot(app: AppId, limit: number): Promise<readonly ConversationRecord[]>
    /** Ids of all conversations of the owner, unordered. */
    idsOf(owner: Owner): Promise<readonly ConversationId[]>
    /**
     * Conversations with at least one message, newest first. Rejects with `bad-request` for a cursor of another list.
     */
    list(query: ListQuery): Promise<{
      readonly conversations: readonly (ConversationRecord & { readonly lastMessage: Message })[]
      readonly cursor: string | null
    }>
    /**
     * Read positions only grow and never pass the head. Resolves with the record, or with `null` if nothing changed.
     */
    markRead(id: ConversationId, reader: 'visitor' | 'agent', seq: number): Promise<ConversationRecord | null>
    /** As `markRead`, for what a device holds; `null` also where it was read already. */
    markDelivered(
      id: ConversationId,
      holder: 'visitor' | 'agent',
      seq: number,
    ): Promise<ConversationRecord | null>
    /** Number of messages in open conversations that no agent has read, by app. */
    countUnread(): Promise<ReadonlyMap<AppId, number>>
  }
  readonly messages: {
    /** One transaction checks (conversation, client id), takes the next seq, inserts ([DL2]). Grouped under load. */
    append(request: AppendRequest): Promise<AppendResult>
    find(id: MessageId): Promise<Message | null>
    has(key: {
      readonly conversationId: ConversationId
      readonly clientId: ClientMessageId
    }): Promise<boolean>
    /**
     * Messages in ascending order. `after`: those beyond it; `before`: the last ones below it; neither: the newest.
     * `maxBytes`: as many as fit by their texts, from the page's beginning, and at least one.
     */
    list(query: {
      readonly conversationId: ConversationId
      readonly after?: number
      readonly before?: number
      readonly limit: number
      readonly maxBytes?: number
    }): Promise<readonly Message[]>
  }
  readonly identityTraces: {
    /**
     * Adds entries whose key is new, and keeps the conversation's newest 200, the server's before those of devices. The
     * conversation need not have a message yet. Resolves with true if any was added.
     */
    add(conversationId: ConversationId, records: readonly IdentityTraceRecord[]): Promise<boolean>
    /** Oldest first. */
    list(conversationId: ConversationId): Promise<readonly IdentityTraceRecord[]>
  }
  readonly botDeliveries: {
    count(): Promise<number>
    /** False once it is done, or cancelled by a closing ([BT2]). */
    isOwed(id: string): Promise<boolean>
  }
  readonly files: FileStorage
  readonly templates: TemplateStorage
  readonly jobs: JobStorage
  readonly nodes: NodeStorage
  readonly persons: PersonStorage
  readonly unreadMails: UnreadMailStorage
  readonly actionRuns: {
    /** Stores a new run, with its job; the same id again resolves with the one stored first. */
    begin(request: {
      readonly id: ActionRunId
      readonly conversationId: ConversationId
      readonly agentId: AgentId
      readonly name: string
      readonly params: ActionParams
      readonly at: number
    }): Promise<{ readonly created: boolean; readonly run: ActionRun }>
    find(id: ActionRunId): Promise<ActionRun | null>
    /**
     * Stores a run's outcome, with an audit row in the same transaction: `login-needed` blocks it, any other settles
     * it. A settled run stays as it is, and one that a sign-in resumed meanwhile is not blocked.
     */
    conclude(run: ActionRun, outcome: RunConclusion, at: number): Promise<void>
  }
  readonly agents: AgentStorage
  readonly audit: AuditStorage
  readonly webhookDeliveries: WebhookDeliveryStorage
  readonly authenticationRequests: AuthenticationRequestStorage
  readonly upkeep: UpkeepStorage
  readonly authenticationUpkeep: AuthenticationUpkeepStorage
  readonly authenticators: AuthenticatorStorage
  readonly serverKeys: ServerKeyStorage
  /** Calls back after a write that rejected with `unavailable`, which may have been stored. Returns the unsubscribe. */
  onUncertain(listener: () => void): () => void
  /** Resolves when a trivial statement went through the writer; for `/readyz`. */
  ping(): Promise<void>
  close(): Promise<void>
}
