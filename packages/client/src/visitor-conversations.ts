/** The visitor's conversations: the current one, and which others there are, with what is unread in them. */
import type {
  Conversation,
  ConversationId,
  DeliveredRequest,
  OwnConversation,
  ServerToVisitorEvents,
} from '@chat-widget/protocol'
import { type ChooseConversationPorts, createConversationChoice } from './choose-conversation.ts'
import type { EventsFrom } from './connection/event-maps.ts'
import { CurrentConversation } from './current-conversation.ts'
import type { RenewingRequest } from './renewing-requests.ts'
import { createEmitter } from './util/emitter.ts'

export interface VisitorConversationsPorts extends ChooseConversationPorts {
  readonly request: RenewingRequest
  /** Tells the server the last seq that this device holds; may be lost. */
  readonly delivered: (held: DeliveredRequest) => void
}

export interface VisitorConversationsEvents {
  change: undefined
  /** How many messages are unread now, in all conversations. Told before the `change`. */
  unread: number
}

/** The list is bounded by the server, to `LIMITS.ownConversations`. */
export class VisitorConversations {
  readonly current: CurrentConversation
  readonly #emitter = createEmitter<VisitorConversationsEvents>()
  readonly #request: RenewingRequest
  readonly #choose
  #listed: readonly OwnConversation[] = []
  #unread = 0
  /** Counts visitors: an answer for the one before is dropped ([ID12]). */
  #visit = 0
  #state: 'idle' | 'asking' | 'asking, and again' = 'idle'

  constructor(ports: VisitorConversationsPorts) {
    const { request, delivered } = ports
    this.#request = request
    this.current = new CurrentConversation(
      {
        fetch: (query) => request('messages:fetch', query),
        read: (position) => request('conversation:read', position),
      },
      delivered,
    )
    this.current.on('change', () => this.#changed())
    this.#choose = createConversationChoice(ports)
  }

  on<Name extends keyof VisitorConversationsEvents>(
    name: Name,
    listener: (detail: VisitorConversationsEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener)
  }

  /** The current one first, as the device itself knows it; then the newest. */
  get list(): readonly OwnConversation[] {
    const { id, unread, timeline } = this.current
    const lastMessage = timeline.messages.at(-1)
    if (id === null || lastMessage === undefined) return this.#listed
    const status = this.#listed.find((one) => one.id === id)?.status ?? 'open'
    return [{ id, status, unread, lastMessage }, ...this.#listed.filter((one) => one.id !== id)]
  }

  get unread(): number {
    return this.#unread
  }

  /** A conversation with no message yet, made current. */
  async start(): Promise<ConversationId> {
    return (await this.#choose(() => this.#request('conversation:start', {}))).id
  }

  async show(conversationId: ConversationId): Promise<void> {
    await this.#choose(() => this.#request('conversation:show', { conversationId }))
  }

  /** The server says which one is current. A session that has just begun has no others. */
  open(conversation: Conversation, isNewSession = false): void {
    this.current.open(conversation)
    if (!isNewSession) void this.refresh()
  }

  /** Learns what the server tells of conversations. */
  follow(server: EventsFrom<ServerToVisitorEvents>): void {
    this.current.follow(server)
    const news = ({ conversationId }: { readonly conversationId: ConversationId }) => {
      if (conversationId !== this.current.id) void this.refresh()
    }
    server.onEvent('message', news)
    server.onEvent('receipt', news)
    // Begun, closed or opened again.
    server.onEvent('conversation', () => void this.refresh())
  }

  /** Asks the server; news while it answers lead to one more question. */
  async refresh(): Promise<void> {
    if (this.#state !== 'idle') {
      this.#state = 'asking, and again'
      return
    }
    this.#state = 'asking'
    const visit = this.#visit
    const reply = await this.#request('conversations:list', {})
    const isDue = this.#isAskedAgain
    this.#state = 'idle'
    if (reply.ok && visit === this.#visit) {
      this.#listed = reply.value.conversations
      this.#changed()
    }
    if (isDue) await this.refresh()
  }

  /** The visitor leaves: nothing of theirs is kept. */
  leave(): void {
    this.#visit += 1
    this.#listed = []
    this.current.leave()
  }

  close(): void {
    this.#visit += 1
    this.current.close()
    this.#emitter.clear()
  }

  get #isAskedAgain(): boolean {
    return this.#state === 'asking, and again'
  }

  #changed(): void {
    const { id, unread } = this.current
    const elsewhere = this.#listed.reduce((sum, one) => sum + (one.id === id ? 0 : one.unread), 0)
    const count = unread + elsewhere
    if (count !== this.#unread) {
      this.#unread = count
      this.#emitter.emit('unread', count)
    }
    this.#emitter.emit('change', undefined)
  }
}
