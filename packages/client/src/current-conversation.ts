/** The visitor's current conversation: which one it is, for whom, and what is unread in it. */
import type {
  Conversation,
  ConversationId,
  MessageAuthor,
  ServerToVisitorEvents,
} from '@chat-widget/protocol'
import type { TimelineItem } from './chat-state.ts'
import type { EventsFrom } from './connection/event-maps.ts'
import {
  FollowedConversation,
  type FollowedConversationOptions,
} from './conversation/followed-conversation.ts'

export type PendingMessage = Extract<TimelineItem, { kind: 'pending' }>

export class CurrentConversation extends FollowedConversation<PendingMessage> {
  /** Between two visitors: what still comes is of the one who left. */
  #isLeft = false
  /** True if the server has said on this connection which conversation is the current one. */
  #isConfirmed = false

  constructor(requests: Pick<FollowedConversationOptions, 'fetch' | 'read'>) {
    super({ side: 'visitor', isSelf: isVisitor, ...requests })
  }

  /** The conversation that messages go to. `null` after a loss of connection: it may be another one by now, or another visitor. */
  get addressee(): ConversationId | null {
    return this.#isConfirmed ? this.id : null
  }

  /** Messages of the other side, among those held, that the visitor has not read. */
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

  override open(conversation: Conversation): void {
    if (this.#isLeft) return
    this.#isConfirmed = true
    super.open(conversation)
  }

  disconnected(): void {
    this.#isConfirmed = false
  }

  /** The visitor leaves: shows nothing, and takes nothing any more ([ID12]). */
  leave(): void {
    this.#isLeft = true
    this.clear()
  }

  /** The next visitor is here. */
  enter(): void {
    this.#isLeft = false
  }

  /** Learns what the server tells of conversations. */
  follow(server: EventsFrom<ServerToVisitorEvents>): void {
    server.onEvent('message', (message) => this.timeline.receive([message]))
    server.onEvent('head', (head) => this.timeline.head(head.conversationId, head.headSeq))
    server.onEvent('conversation', (conversation) => this.open(conversation))
    server.onEvent('receipt', (receipt) => this.takeReceipt(receipt))
    server.onEvent('typing', (typing) => this.takeTyping(typing))
  }
}

const isVisitor = (author: MessageAuthor): boolean => author.kind === 'visitor'
