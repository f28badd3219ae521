/** Operations on conversations: devices, console, REST and bot all go through here. */
import type {
  AppId,
  ClientMessageId,
  ConversationId,
  ConversationPage,
  ConversationSummary,
  FetchedMessages,
  HandOverCause,
  Message,
  PostedBody,
} from '@chat-widget/protocol'
import type { BlockedWork, ConversationRecord, ListQuery, SessionRecord } from '../storage/storage.ts'
import type { Language } from '../text/language.ts'
import type { MessageAgent } from './message-agent.ts'

/** A message of any kind, as agents, bot and REST post it. */
export type PostBody = PostedBody

/**
 * Every call rejects with a `ChatError`: `not-found`, `client-id-reused`, `already-answered`, `bad-request`,
 * `unavailable`.
 */
export interface ConversationService {
  /**
   * A visitor's message. Resolves after the commit ([DL2]); watchers are told after that. Rejects with `conflict` when
   * it would begin a conversation beside an open one that the visitor has not asked for ([DL10]).
   */
  sendAsVisitor(request: {
    readonly session: SessionRecord
    readonly conversationId: ConversationId
    /** The visitor asked for this conversation as a new one. */
    readonly isAskedFor: boolean
    /** Language of the device. */
    readonly language?: Language
    readonly clientId: ClientMessageId
    readonly body: PostBody
  }): Promise<Message>
  /** An agent's message makes the agents the handler. */
  sendAsAgent(request: {
    readonly agent: MessageAgent
    readonly conversationId: ConversationId
    readonly clientId: ClientMessageId
    readonly body: PostBody
    /** Work that a login card blocks, due after the sign-in. */
    readonly blocked?: BlockedWork
  }): Promise<Message>
  /** A message of an integration (REST). As the bot, the default, it leaves the handler; as an agent it is an agent's. */
  post(request: {
    readonly app: AppId
    readonly conversationId: ConversationId
    readonly clientId?: ClientMessageId
    readonly body: PostBody
    readonly author?: { readonly kind: 'bot' } | ({ readonly kind: 'agent' } & Omit<MessageAgent, 'id'>)
  }): Promise<Message>
  /**
   * Begins a conversation with a user by a message of an integration, as `post` makes it. The same client id again
   * resolves with the one that began first. Rejects with `conflict` beside an open one, where the app allows one at a
   * time.
   */
  start(request: {
    readonly app: AppId
    /** Of the host. A user who never signed in is made. */
    readonly userIdentifier: string
    readonly clientId?: ClientMessageId
    /** Without it the conversation begins with an event that says who answers. */
    readonly body?: PostBody
    readonly author?: Parameters<ConversationService['post']>[0]['author']
  }): Promise<{ readonly conversationId: ConversationId; readonly message: Message }>
  /**
   * Replaces the content of a message of an agent or a bot by one of the same kind, and adds an event. Resolves with the
   * message.
   */
  edit(request: {
    readonly app?: AppId
    readonly conversationId: ConversationId
    readonly seq: number
    readonly clientId?: ClientMessageId
    readonly body: PostBody
  }): Promise<Message>
  /** Removes the content of a message of an agent or a bot, and adds an event; idempotent. Resolves with what is left. */
  remove(request: {
    readonly app?: AppId
    readonly conversationId: ConversationId
    readonly seq: number
  }): Promise<Message>
  /** `app` limits the search to that app's conversations. */
  find(conversationId: ConversationId, app?: AppId): Promise<ConversationRecord>
  summary(conversationId: ConversationId): Promise<ConversationSummary>
  list(query: ListQuery): Promise<ConversationPage>
  messages(query: {
    readonly conversationId: ConversationId
    readonly after?: number
    readonly before?: number
    readonly limit: number
  }): Promise<FetchedMessages>
  markRead(conversationId: ConversationId, reader: 'visitor' | 'agent', seq: number): Promise<void>
  /** A device of that side holds the messages up to `seq`. */
  markDelivered(conversationId: ConversationId, holder: 'visitor' | 'agent', seq: number): Promise<void>
  close(conversationId: ConversationId): Promise<void>
  /**
   * The visitor's rating of a closed conversation. Resolves with its event; the same rating again resolves with the first
   * one, another rejects with `already-answered`.
   */
  rate(request: {
    readonly conversationId: ConversationId
    readonly rating: number
    readonly text?: string | undefined
  }): Promise<Message>
  /**
   * Sets who answers from now on, and adds an event to the conversation; `cause` is told where it goes to the agents.
   * Rejects with `bad-request` for a bot that the app does not have.
   */
  setHandler(
    conversationId: ConversationId,
    handler: 'bot' | 'agents',
    cause: Extract<HandOverCause, 'agent-joined' | 'company-asked'>,
  ): Promise<void>
}
