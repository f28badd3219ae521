/** The visitor's current conversation: its timeline, how far each side has read, who is typing. */
import type {
  Conversation,
  ConversationId,
  Message,
  MessageAuthor,
  ReadRequest,
  ServerToVisitorEvents,
} from '@chat-widget/protocol'
import type { TimelineItem } from './chat-state.ts'
import type { DetailOf, EventsFrom } from './connection/event-maps.ts'
import { Timeline, type TimelineOptions } from './timeline/timeline.ts'
import { createEmitter } from './util/emitter.ts'

export type PendingMessage = Extract<TimelineItem, { kind: 'pending' }>

export interface CurrentConversationEvents {
  change: undefined
  /** A message of the other side, once and in order. */
  received: Message
}

export interface ConversationPorts {
  readonly fetch: TimelineOptions['fetch']
  /** Tells the server how far the visitor has read. */
  readonly read: (request: ReadRequest) => void
}

/** The other side tells that it goes on typing more often than this. */
const TYPING_ENDS_AFTER_MS = 8_000

export class CurrentConversation {
  readonly timeline: Timeline<PendingMessage>
  readonly #emitter = createEmitter<CurrentConversationEvents>()
  readonly #read: ConversationPorts['read']
  /** Between two visitors: what still comes is of the one who left. */
  #isLeft = false
  /** Whether the server has said on this connection which conversation is the current one. */
  #isConfirmed = false
  #readSeq = 0
  #unread = 0
  #typing: MessageAuthor | null = null
  #typingTimer: ReturnType<typeof setTimeout> | undefined

  constructor(ports: ConversationPorts) {
    const { fetch } = ports
    this.#read = ports.read
    this.timeline = new Timeline({ fetch, isOwn })
    this.timeline.on('change', () => this.#changed())
    this.timeline.on('appended', (messages) => this.#appended(messages))
  }

  on<Name extends keyof CurrentConversationEvents>(
    name: Name,
    listener: (detail: CurrentConversationEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener)
  }

  get id(): ConversationId | null {
    return this.timeline.conversation
  }

  /** Where messages go. `null` after a loss of connection: it may be another conversation by now, or another visitor. */
  get addressee(): ConversationId | null {
    return this.#isConfirmed ? this.id : null
  }

  get typing(): MessageAuthor | null {
    return this.#typing
  }

  /** Messages of the other side, among those held, that the visitor has not read. */
  get unread(): number {
    return this.#unread
  }

  /** Makes a conversation the current one, or learns what became of it meanwhile. */
  open(conversation: Conversation): void {
    if (this.#isLeft) return
    this.#isConfirmed = true
    if (conversation.id !== this.id) {
      this.#readSeq = 0
      this.#setTyping(null)
    }
    const knownSeq = this.#readSeq
    this.#readSeq = Math.max(knownSeq, conversation.visitorReadSeq)
    // What was read while the connection was away.
    if (knownSeq > conversation.visitorReadSeq) this.#tellRead()
    this.timeline.open(conversation.id, conversation.headSeq)
    this.timeline.setPeerRead(conversation.agentReadSeq)
    this.#changed()
  }

  disconnected(): void {
    this.#isConfirmed = false
  }

  /** The visitor leaves: shows nothing, and takes nothing any more ([ID12]). */
  leave(): void {
    this.#isLeft = true
    this.#readSeq = 0
    this.#setTyping(null)
    this.timeline.clear()
  }

  /** The next visitor is here. */
  enter(): void {
    this.#isLeft = false
  }

  /** The visitor has seen everything that is shown. */
  markRead(): void {
    const seq = this.timeline.cursor
    if (seq <= this.#readSeq) return
    this.#readSeq = seq
    this.#tellRead()
    this.#changed()
  }

  /** Learns what the server tells of conversations. */
  follow(server: EventsFrom<ServerToVisitorEvents>): void {
    server.onEvent('message', (message) => this.timeline.receive([message]))
    server.onEvent('head', (head) => this.timeline.head(head.conversationId, head.headSeq))
    server.onEvent('conversation', (conversation) => this.open(conversation))
    server.onEvent('receipt', (receipt) => this.#receipt(receipt))
    server.onEvent('typing', (typing) => this.#typed(typing))
  }

  close(): void {
    clearTimeout(this.#typingTimer)
    this.timeline.close()
    this.#emitter.clear()
  }

  #receipt({ conversationId, reader, seq }: DetailOf<ServerToVisitorEvents, 'receipt'>): void {
    if (conversationId !== this.id) return
    if (reader === 'agent') this.timeline.setPeerRead(seq)
    else if (seq > this.#readSeq) {
      this.#readSeq = seq
      this.#changed()
    }
  }

  #typed({ conversationId, author, typing }: DetailOf<ServerToVisitorEvents, 'typing'>): void {
    if (conversationId === this.id && author.kind !== 'visitor') this.#setTyping(typing ? author : null)
  }

  #appended(messages: readonly Message[]): void {
    for (const message of messages) {
      if (isOwn(message)) continue
      this.#setTyping(null)
      this.#emitter.emit('received', message)
    }
  }

  #countUnread(): number {
    const { messages } = this.timeline
    let count = 0
    for (let index = messages.length - 1; index >= 0; index -= 1) {
      const message = messages[index]
      if (message === undefined || message.seq <= this.#readSeq) break
      if (!isOwn(message) && message.kind !== 'event') count += 1
    }
    return count
  }

  #changed(): void {
    this.#unread = this.#countUnread()
    this.#emitter.emit('change', undefined)
  }

  #tellRead(): void {
    const conversationId = this.id
    if (conversationId !== null) this.#read({ conversationId, seq: this.#readSeq })
  }

  #setTyping(author: MessageAuthor | null): void {
    clearTimeout(this.#typingTimer)
    if (author !== null) this.#typingTimer = setTimeout(() => this.#setTyping(null), TYPING_ENDS_AFTER_MS)
    if (author === this.#typing) return
    this.#typing = author
    this.#changed()
  }
}

const isOwn = (message: Message): boolean => message.author.kind === 'visitor'
