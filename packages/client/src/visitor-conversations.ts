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
  readonly on = this.#emitter.on
  readonly #ports: VisitorConversationsPorts
  readonly #choose
  #listed: readonly OwnConversation[] = []
  #unread = 0
  #isStale = false
  #isAsking = false

  constructor(ports: VisitorConversationsPorts) {
    const { request, identity, delivered } = ports
    this.#ports = ports
    this.current = new CurrentConversation({
      fetch: (query) => request('messages:fetch', query),
      read: (position) => request('conversation:read', position),
      delivered,
      isLeaving: () => identity.isLeaving,
    })
    this.current.on('change', () => this.#changed())
    this.#choose = createConversationChoice(ports)
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
    return (await this.#choose(() => this.#ports.request('conversation:start', {}))).id
  }

  async show(conversationId: ConversationId): Promise<void> {
    await this.#choose(() => this.#ports.request('conversation:show', { conversationId }))
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
    this.#isStale = true
    if (this.#isAsking) return
    this.#isAsking = true
    const { request, identity } = this.#ports
    while (this.#isStale) {
      this.#isStale = false
      const { visit } = identity
      const reply = await request('conversations:list', {})
      // [ID12] An answer for the visitor before is dropped.
      if (!reply.ok || visit.aborted) continue
      this.#listed = reply.value.conversations
      this.#changed()
    }
    this.#isAsking = false
  }

  /** The visitor leaves: nothing of theirs is kept. */
  leave(): void {
    this.#listed = []
    this.current.clear()
  }

  close(): void {
    this.current.close()
    this.#emitter.clear()
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
