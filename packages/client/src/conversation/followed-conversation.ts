/** One conversation as a visitor's or an agent's device follows it: messages, read positions, typing. */
import type {
  Conversation,
  ConversationId,
  DeliveryReceipt,
  Message,
  MessageAuthor,
  ReadReceipt,
  ReadRequest,
  ReadyConversation,
  TypingAuthor,
  TypingNotice,
} from '@chat-widget/protocol'
import type { Reply } from '../connection/event-maps.ts'
import { createEmitter } from '../util/emitter.ts'
import { type PendingItem, Timeline, type TimelineOptions } from './timeline.ts'

export interface FollowedConversationOptions {
  readonly side: 'visitor' | 'agent'
  /** True for another window of this person, whose typing is not shown. */
  readonly isSelf: (author: MessageAuthor) => boolean
  readonly fetch: TimelineOptions['fetch']
  /** Tells the server the last seq that this side has read. */
  readonly read: (request: ReadRequest) => Promise<Reply<null>>
}

/** The last seqs of a conversation: stored, and held and read by each side. */
export type ConversationPositions = Omit<Conversation, 'status'>

type OpenedConversation = ConversationPositions & Pick<ReadyConversation, 'messages'>

export interface FollowedConversationEvents {
  change: undefined
  /** A message of the other side, once and in order. */
  received: Message
}

/** Typing is repeated more often than this while it goes on; the event that ends it may be lost. Milliseconds. */
const TYPING_ENDS_AFTER_MS = 8_000

export class FollowedConversation<Pending extends PendingItem> {
  readonly timeline: Timeline<Pending>
  readonly #options: FollowedConversationOptions
  readonly #emitter = createEmitter<FollowedConversationEvents>()
  readonly on = this.#emitter.on
  #readSeq = 0
  #confirmedSeq = 0
  /** The seq that is being sent to the server. */
  #tellingSeq = 0
  #typing: TypingAuthor | null = null
  #typingTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: FollowedConversationOptions) {
    this.#options = options
    const { fetch } = options
    this.timeline = new Timeline({ fetch, isOwn: (message) => this.#isOwn(message) })
    this.timeline.on('change', () => this.#changed())
    this.timeline.on('appended', (messages) => this.#appended(messages))
  }

  get id(): ConversationId | null {
    return this.timeline.conversation
  }

  /** The last seq that this side has read. */
  get readSeq(): number {
    return this.#readSeq
  }

  /** The last seq that this side has read, as the server knows. */
  get confirmedSeq(): number {
    return this.#confirmedSeq
  }

  get typing(): TypingAuthor | null {
    return this.#typing
  }

  /**
   * Follows a conversation, or updates it. `isAfresh`: by the first answer on a connection. [DL3] The server may have been
   * restored from a backup since: messages that it lacks are shown no more.
   */
  open(conversation: OpenedConversation, isAfresh: boolean): void {
    if (conversation.id !== this.id || (isAfresh && conversation.headSeq < this.timeline.cursor)) this.clear()
    this.timeline.open(conversation.id, conversation.headSeq, conversation.messages)
    this.learn(conversation)
    if (this.#readSeq > this.#confirmedSeq) void this.#tellRead()
    this.#changed()
  }

  /** Takes the server's positions of the conversation. */
  learn(positions: ConversationPositions): void {
    const [own, peer] = this.#isVisitors ? (['visitor', 'agent'] as const) : (['agent', 'visitor'] as const)
    this.#confirm(positions[`${own}ReadSeq`])
    this.timeline.setPeer('delivered', positions[`${peer}DeliveredSeq`])
    this.timeline.setPeer('read', positions[`${peer}ReadSeq`])
    void this.timeline.head(positions.id, positions.headSeq)
  }

  /** Stops following. */
  clear(): void {
    this.#forget()
    this.timeline.clear()
  }

  /**
   * Marks everything shown as read. Resolves when the server knows, or could not be told: then the next call retries.
   */
  async markRead(): Promise<void> {
    const seq = this.timeline.cursor
    if (seq > this.#readSeq) {
      this.#readSeq = seq
      this.#changed()
    }
    if (this.#readSeq > Math.max(this.#confirmedSeq, this.#tellingSeq)) await this.#tellRead()
  }

  takeReceipt({ conversationId, reader, seq }: ReadReceipt): void {
    if (conversationId !== this.id) return
    if (reader !== this.#options.side) this.timeline.setPeer('read', seq)
    else {
      // Of this device's own reading nothing is shown anew.
      const isNews = seq > this.#readSeq
      this.#confirm(seq)
      if (isNews) this.#changed()
    }
  }

  takeDelivered({ conversationId, holder, seq }: DeliveryReceipt): void {
    if (conversationId === this.id && holder !== this.#options.side) this.timeline.setPeer('delivered', seq)
  }

  takeTyping({ conversationId, author, typing }: TypingNotice): void {
    if (conversationId === this.id && !this.#options.isSelf(author)) this.#setTyping(typing ? author : null)
  }

  close(): void {
    clearTimeout(this.#typingTimer)
    this.timeline.close()
    this.#emitter.clear()
  }

  get #isVisitors(): boolean {
    return this.#options.side === 'visitor'
  }

  #isOwn({ author }: Message): boolean {
    return this.#isVisitors ? isVisitor(author) : author.kind === 'agent' || author.kind === 'bot'
  }

  #appended(messages: readonly Message[]): void {
    for (const message of messages) {
      const { author } = message
      if (this.#typing !== null && isVisitor(author) === isVisitor(this.#typing)) this.#setTyping(null)
      if (!this.#isOwn(message)) this.#emitter.emit('received', message)
    }
  }

  #forget(): void {
    this.#readSeq = 0
    this.#confirmedSeq = 0
    this.#tellingSeq = 0
    this.#setTyping(null)
  }

  async #tellRead(): Promise<void> {
    const conversationId = this.id
    if (conversationId === null) return
    const seq = this.#readSeq
    this.#tellingSeq = seq
    const reply = await this.#options.read({ conversationId, seq })
    if (conversationId !== this.id) return
    if (reply.ok) this.#confirm(seq)
    if (seq === this.#tellingSeq) this.#tellingSeq = 0
  }

  #confirm(seq: number): void {
    this.#confirmedSeq = Math.max(this.#confirmedSeq, seq)
    this.#readSeq = Math.max(this.#readSeq, seq)
  }

  #setTyping(author: TypingAuthor | null): void {
    clearTimeout(this.#typingTimer)
    if (author !== null) this.#typingTimer = setTimeout(() => this.#setTyping(null), TYPING_ENDS_AFTER_MS)
    if (author === this.#typing) return
    this.#typing = author
    this.#changed()
  }

  #changed(): void {
    this.#emitter.emit('change', undefined)
  }
}

export const isVisitor = (author: MessageAuthor): boolean => author.kind === 'visitor'
