/** The visitor's current conversation, and its unread messages. */
import type {
  ConversationId,
  DeliveredRequest,
  ReadyConversation,
  ServerToVisitorEvents,
} from '@chat-widget/protocol'
import type { TimelineItem } from './chat-state.ts'
import type { EventsFrom } from './connection/event-maps.ts'
import {
  FollowedConversation,
  type FollowedConversationOptions,
  isVisitor,
} from './conversation/followed-conversation.ts'

/** Time in which a message is read, or else told to be held, in which further ones are told with it. Milliseconds. */
const TELL_AFTER_MS = 1_000

export interface CurrentConversationPorts extends Pick<FollowedConversationOptions, 'fetch' | 'read'> {
  /** Tells the server the last seq that this device holds; may be lost. */
  readonly delivered: (held: DeliveredRequest) => void
  /** True while a visitor signs out: events belong to them, and are dropped ([ID12]). */
  readonly isLeaving: () => boolean
}

export type PendingMessage = Extract<TimelineItem, { kind: 'pending' }>

export class CurrentConversation extends FollowedConversation<PendingMessage> {
  readonly #ports: CurrentConversationPorts
  /** True if the server has said on this connection which conversation is the current one. */
  #isConfirmed = false
  /** The last seq that the server knows, or was told, to be on a device of the visitor. */
  #deliveredSeq = 0
  #telling: ReturnType<typeof setTimeout> | undefined

  constructor(ports: CurrentConversationPorts) {
    super({ side: 'visitor', isSelf: isVisitor, ...ports })
    this.#ports = ports
    this.on('change', () => this.#tellSoon())
  }

  /** The conversation that messages go to. `null` after a loss of connection: it may be another one by now, or another visitor. */
  get addressee(): ConversationId | null {
    return this.#isConfirmed ? this.id : null
  }

  /** Number of loaded messages of the other side that the visitor has not read. */
  get unread(): number {
    const { messages } = this.timeline
    let count = 0
    for (let index = messages.length - 1; index >= 0; index -= 1) {
      const message = messages[index]
      if (message === undefined || message.seq <= this.readSeq) break
      if (!isVisitor(message.author) && message.kind !== 'event') count += 1
    }
    return count
  }

  override open(conversation: ReadyConversation): void {
    if (this.#ports.isLeaving()) return
    const isAfresh = !this.#isConfirmed
    this.#isConfirmed = true
    this.#deliveredSeq = conversation.visitorDeliveredSeq
    super.open(conversation, isAfresh)
  }

  disconnected(): void {
    this.#isConfirmed = false
  }

  override close(): void {
    clearTimeout(this.#telling)
    super.close()
  }

  /** Subscribes to the server's events about conversations. */
  follow(server: EventsFrom<ServerToVisitorEvents>): void {
    server.onEvent('message', (message) => this.timeline.receive([message]))
    server.onEvent('head', (head) => this.timeline.head(head.conversationId, head.headSeq))
    server.onEvent('conversation', (conversation) => this.open(conversation))
    server.onEvent('receipt', (receipt) => this.takeReceipt(receipt))
    server.onEvent('delivered', (receipt) => this.takeDelivered(receipt))
    server.onEvent('typing', (typing) => this.takeTyping(typing))
  }

  /** [DL1] Tells the server that this device holds what nobody has read yet. */
  #tellSoon(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined
      const seq = this.timeline.cursor
      if (this.addressee === null || this.unread === 0 || seq <= this.#deliveredSeq) return
      this.#deliveredSeq = seq
      this.#ports.delivered({ conversationId: this.addressee, seq })
    }, TELL_AFTER_MS)
  }
}
