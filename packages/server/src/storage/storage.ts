/**
 * What the server keeps, and the promises any database behind it makes. One contract suite holds every
 * implementation to it. Times are milliseconds since the epoch. A call that rejects has stored nothing;
 * a call that resolves is durable: it survives kill -9 and power loss.
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
  OwnConversation,
  SessionId,
  UserId,
  VisitorClaim,
  VisitorId,
} from '@chat-widget/protocol'
import type { AuthenticationRequestStorage, ServerKeyStorage } from './authentication-request-storage.ts'
import type { AuthenticationUpkeepStorage } from './authentication-upkeep-storage.ts'
import type { AuthenticatorStorage } from './authenticator-storage.ts'
import type { ListOrder } from './cursor.ts'
import type { ActionParams, BlockedWork, BotDelivery, BotWork } from './owed-work.ts'
import type { UpkeepStorage } from './upkeep-storage.ts'
import type { UserName } from './user-key.ts'

export type { ActionParams, BlockedWork, BotDelivery, BotWork, BotWorkOrigin } from './owed-work.ts'

/** To whom a conversation belongs: an anonymous visitor or, for good, a user ([ID11]). */
export type Owner =
  | { readonly kind: 'visitor'; readonly id: VisitorId }
  | { readonly kind: 'user'; readonly id: UserId }

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
  /** When the verified context ends; `null` for anonymous sessions and for contexts without an end. */
  readonly contextExpiresAt: number | null
  /** Reserved for the next first message; the row is made with that message. */
  readonly conversationId: ConversationId
  readonly createdAt: number
  readonly revokedAt: number | null
  /** When a device was last there, to the day. */
  readonly seenAt: number
}

export interface ConversationRecord {
  readonly id: ConversationId
  readonly app: AppId
  readonly owner: Owner
  /** Of the owner, where it is a user. */
  readonly userIdentifier: string | null
  readonly method: LoginMethod | null
  readonly status: 'open' | 'closed'
  readonly handler: 'bot' | 'agents'
  readonly headSeq: number
  readonly visitorReadSeq: number
  readonly agentReadSeq: number
  readonly createdAt: number
  /** Of the last message; lists are ordered by it, newest first. */
  readonly updatedAt: number
}

export interface AppendRequest {
  readonly conversationId: ConversationId
  readonly clientId: ClientMessageId
  readonly author: MessageAuthor
  /**
   * The event `closed` closes the conversation and takes back what its bot is owed ([BT2]); `handed-to-agents` and
   * `handed-to-bot` change its handler; of one that is so already it is `client-id-reused`.
   */
  readonly body: MessageContent
  /** Of a login card: what is owed after the sign-in. It is told nobody. */
  readonly blocked?: BlockedWork
  readonly at: number
  /**
   * For a visitor's own message: the conversation is made with it when missing, reopened when closed, and must
   * belong to this owner. `null` for agents, bot and system: the conversation must exist.
   */
  readonly as: {
    readonly app: AppId
    readonly owner: Owner
    /** The visitor asked for this conversation: it may begin beside an open one ([DL10]). */
    readonly isAskedFor?: boolean
  } | null
  /**
   * The app has a bot: it is the handler of a visitor's new conversation and of one that their message opens again. If it
   * is the handler, that it must be told is stored in the same transaction.
   */
  readonly notifyBot: boolean
  /** For an agent's message: the conversation's handler becomes the agents in the same transaction. */
  readonly takeOver: boolean
}

export type AppendResult =
  /** `created` is false when the client id was known with the same body: the message stored first ([DL2]). */
  | {
      readonly ok: true
      readonly created: boolean
      readonly message: Message
      readonly conversation: ConversationRecord
      /** Set when a delivery to the bot was stored with it. */
      readonly botDelivery: BotDelivery | null
    }
  /** `conflict`: nobody asked for this new conversation, and its owner has an open one ([DL10]). */
  | { readonly ok: false; readonly code: 'not-found' | 'client-id-reused' | 'conflict' }

export interface IdentifyRequest {
  /** The session the device proved to hold; `null` when it came without one. */
  readonly sessionId: SessionId | null
  readonly app: AppId
  /** The verified subject. */
  readonly userIdentifier: string
  /** Who proved it. Default: the host. */
  readonly method?: LoginMethod
  readonly contextExpiresAt: number | null
  readonly merge: boolean
  /** What agents are shown of the user from now on. */
  readonly claims: readonly VisitorClaim[]
  /** Hash of the secret of the session to be made. */
  readonly newSecretHash: string
  readonly at: number
}

/** What a sign-in let go on. It is stored and owed; this is to tell others of it. */
export interface ReleasedWork {
  /** "Signed in", once in each conversation that waited. */
  readonly events: readonly { readonly message: Message; readonly conversation: ConversationRecord }[]
  /** Runs of agents that are running again. */
  readonly actionRuns: readonly ActionRunId[]
}

export interface IdentifyResult {
  readonly session: SessionRecord
  /** The newest 100. */
  readonly mergedConversations: readonly ConversationId[]
  readonly released: ReleasedWork
  /** Whether the user's claims differ from what was kept before. */
  readonly claimsChanged: boolean
}

/** [ID17] One transition of the identity of a conversation's visitor. */
export interface IdentityTraceRecord {
  /** The same key in the same conversation: the same entry. */
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

/** An action that an agent asked for; kept, so that neither a repeated request nor a crash runs it twice or loses it. */
export interface ActionRun {
  readonly id: ActionRunId
  readonly conversationId: ConversationId
  readonly agent: { readonly id: AgentId; readonly name: string }
  readonly name: string
  /** None of a settled one. */
  readonly params: ActionParams
  /** `blocked`: its login card waits for a sign-in. */
  readonly state: 'running' | 'blocked' | 'settled'
  /** How many sign-ins have let it go on. */
  readonly signIns: number
  readonly createdAt: number
}

/** What is kept of an outcome. */
export interface RunConclusion {
  readonly kind: AgentActionOutcome['kind']
  /** The HTTP status; `null` where there was none. */
  readonly status: number | null
}

export interface AgentRecord {
  readonly id: AgentId
  readonly name: string
  readonly email: string
  readonly passwordHash: string
  readonly createdAt: number
}

export interface ListQuery {
  readonly app?: AppId
  readonly status?: 'open' | 'closed'
  /** By creation, or by the last message. Default: the cursor's; without one, `updated`. */
  readonly order?: ListOrder
  readonly cursor?: string
  readonly limit: number
}

export interface OwnConversationsQuery {
  readonly owner: Owner
  readonly app: AppId
  readonly limit: number
}

export interface Storage {
  readonly sessions: {
    createAnonymous(request: {
      readonly app: AppId
      readonly secretHash: string
      readonly at: number
    }): Promise<SessionRecord>
    /** A device of it is there. */
    touch(sessionId: SessionId, at: number): Promise<void>
    /** Also finds revoked ones: the caller looks at `revokedAt`. */
    findBySecretHash(app: AppId, secretHash: string): Promise<SessionRecord | null>
    /**
     * Signs in, in one transaction: finds or makes the user; makes a user session with a new secret and revokes the
     * one it replaces; with `merge`, every conversation whose owner is that session's anonymous visitor becomes the
     * user's (never one that a user owns already), and the visitor's current conversation stays current; takes the
     * unanswered login cards of the user's conversations, says so there, and makes what they wait for owed, once
     * ([ID15]); writes an audit row. With `merge: false`, the anonymous session and its conversations are left as they
     * are.
     */
    identify(request: IdentifyRequest): Promise<IdentifyResult>
    /**
     * In-band renewal of a user session; nothing when it is over. `signsIn`: takes the user's login cards, as `identify`
     * does.
     */
    renew(request: {
      readonly sessionId: SessionId
      readonly contextExpiresAt: number | null
      readonly claims: readonly VisitorClaim[]
      readonly signsIn: boolean
      readonly at: number
    }): Promise<Pick<IdentifyResult, 'claimsChanged' | 'released'>>
    /** Revoking twice is harmless. Resolves with the ids of the sessions that were live until now. */
    revoke(sessionId: SessionId, at: number): Promise<readonly SessionId[]>
    revokeAllOfUser(userId: UserId, at: number): Promise<readonly SessionId[]>
    /** Reserves a fresh conversation id as the session's next one ("new conversation"). */
    reserveConversation(sessionId: SessionId): Promise<ConversationId>
    /** Makes one of the owner's conversations the session's; the caller has looked whose it is. */
    chooseConversation(sessionId: SessionId, conversationId: ConversationId): Promise<void>
  }
  readonly users: {
    /** As of the user's last authentication or renewal. */
    claims(ids: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly VisitorClaim[]>>
  }
  readonly conversations: {
    find(id: ConversationId): Promise<ConversationRecord | null>
    /** What the session's device should show: its reserved conversation if that has messages; `null` if the visitor
     * asked for a new one and has not written in it yet; else its owner's newest open one, else `null`. */
    current(session: SessionRecord): Promise<ConversationRecord | null>
    /** Open ones of the app whose handler is the bot. */
    ofBot(app: AppId, limit: number): Promise<readonly ConversationRecord[]>
    /** All that the owner has, in no order. */
    idsOf(owner: Owner): Promise<readonly ConversationId[]>
    /** Newest first; those with at least one message. Rejects with `bad-request` for a cursor that is not of this list. */
    list(query: ListQuery): Promise<{
      readonly conversations: readonly (ConversationRecord & { readonly lastMessage: Message })[]
      readonly cursor: string | null
    }>
    /** Read positions only grow and never pass the head. Resolves with the record, `null` when nothing changed. */
    markRead(id: ConversationId, reader: 'visitor' | 'agent', seq: number): Promise<ConversationRecord | null>
    /** Newest first; those with at least one message. */
    listOwn(query: OwnConversationsQuery): Promise<readonly OwnConversation[]>
    /** Messages of open conversations that no agent has read. */
    countUnread(): Promise<number>
  }
  readonly messages: {
    /** One transaction checks (conversation, client id), takes the next seq, inserts ([DL2]). Grouped under load. */
    append(request: AppendRequest): Promise<AppendResult>
    find(id: MessageId): Promise<Message | null>
    /**
     * Ascending. `after`: those beyond it; `before`: the last ones below it; neither: the newest. `maxBytes`: no more than
     * fit by their texts, beginning where the page begins, and at least one.
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
     * Adds those whose key is new, and keeps the newest 200 of the conversation, the server's before those that devices
     * told. The conversation need not have a message yet. Resolves with whether anything was added.
     */
    add(conversationId: ConversationId, records: readonly IdentityTraceRecord[]): Promise<boolean>
    /** Oldest first. */
    list(conversationId: ConversationId): Promise<readonly IdentityTraceRecord[]>
  }
  readonly botDeliveries: {
    /** The first of those owed in the conversation. */
    next(conversationId: ConversationId): Promise<BotDelivery | null>
    /** Conversations with something owed, in the order of ids. */
    conversations(page: {
      readonly after: ConversationId | null
      readonly limit: number
    }): Promise<readonly ConversationId[]>
    count(): Promise<number>
    recordAttempt(id: string): Promise<void>
    /** False once it is done, or taken back by a closing ([BT2]). */
    isOwed(id: string): Promise<boolean>
    /** It is owed no more; what it led to is, before anything that came later. */
    done(id: string, results: readonly BotWork[], at: number): Promise<void>
  }
  readonly actionRuns: {
    /** Stores a new run; the same id again answers the one stored first. */
    begin(request: {
      readonly id: ActionRunId
      readonly conversationId: ConversationId
      readonly agentId: AgentId
      readonly name: string
      readonly params: ActionParams
      readonly at: number
    }): Promise<{ readonly created: boolean; readonly run: ActionRun }>
    find(id: ActionRunId): Promise<ActionRun | null>
    /** Oldest first: what a restarted server goes on with. */
    running(): Promise<readonly ActionRun[]>
    /**
     * What came of a run, with an audit row in the same transaction: `login-needed` blocks it, anything else settles
     * it. A settled one stays as it is, and one that a sign-in let go on meanwhile is not blocked.
     */
    conclude(run: ActionRun, outcome: RunConclusion, at: number): Promise<void>
  }
  readonly agents: {
    /** Rejects with code `agent-exists` when the email (compared without case) is taken. */
    add(agent: {
      readonly name: string
      readonly email: string
      readonly passwordHash: string
      readonly at: number
    }): Promise<AgentRecord>
    setPasswordHash(id: AgentId, passwordHash: string): Promise<void>
    findByEmail(email: string): Promise<AgentRecord | null>
    createSession(session: {
      readonly agentId: AgentId
      readonly secretHash: string
      readonly expiresAt: number
      readonly at: number
    }): Promise<void>
    /** `null` when unknown or over. */
    findBySession(secretHash: string, at: number): Promise<AgentRecord | null>
    deleteSession(secretHash: string): Promise<void>
  }
  readonly authenticationRequests: AuthenticationRequestStorage
  readonly upkeep: UpkeepStorage
  readonly authenticationUpkeep: AuthenticationUpkeepStorage
  readonly authenticators: AuthenticatorStorage
  readonly serverKeys: ServerKeyStorage
  /** Called after a write that rejected with `unavailable`: it may have been stored all the same. Returns the unsubscribe. */
  onUncertain(listener: () => void): () => void
  /** Resolves when a trivial statement went through the writer; for `/readyz`. */
  ping(): Promise<void>
  close(): Promise<void>
}
