/** The visitor's conversations: the current one, and which others there are, with what is unread in them. */
import {
  ChatError,
  type Conversation,
  type ConversationId,
  type DeliveredRequest,
  type Message,
  type OwnConversation,
  type OwnConversationPage,
  type ReadyConversation,
  type ServerToVisitorEvents,
} from '@chat-widget/protocol'
import type { ChooseConversationPorts } from './choose-conversation.ts'
import type { EventsFrom, Reply } from './connection/event-maps.ts'
import { CurrentConversation } from './current-conversation.ts'
import type { RenewingRequest } from './renewing-requests.ts'
import { during } from './util/during.ts'
import { createEmitter } from './util/emitter.ts'

export interface VisitorConversationsPorts extends ChooseConversationPorts {
  readonly request: RenewingRequest
  /** Connects, and renews a context that is due. */
  readonly prepare: () => void
  /** Tells the server the last seq that this device holds; may be lost. */
  readonly delivered: (held: DeliveredRequest) => void
}

export interface VisitorConversationsEvents {
  change: undefined
  /** How many messages are unread now, in all conversations. Told before the `change`. */
  unread: number
}

const NO_PAGE: OwnConversationPage = { conversations: [], cursor: null, unread: 0 }

export class VisitorConversations {
  readonly current: CurrentConversation
  readonly #emitter = createEmitter<VisitorConversationsEvents>()
  readonly on = this.#emitter.on
  readonly #ports: VisitorConversationsPorts
  /** The first page, of `LIMITS.ownConversations` at most. */
  #page = NO_PAGE
  /** Of the current one, as it was told last. */
  #status: Conversation['status'] = 'open'
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
  }

  /** The newest, as the server told them last. */
  get page(): OwnConversationPage {
    return this.#page
  }

  /** The current one first, as the device itself knows it; then the newest. */
  get list(): readonly OwnConversation[] {
    const { conversations } = this.#page
    const { id, unread, timeline } = this.current
    const lastMessage = timeline.messages.at(-1)
    if (id === null || lastMessage === undefined) return conversations
    const { status } = this
    return [{ id, status, unread, lastMessage }, ...conversations.filter((one) => one.id !== id)]
  }

  /** Of the current one. */
  get status(): Conversation['status'] {
    return this.#page.conversations.find(({ id }) => id === this.current.id)?.status ?? this.#status
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

  async #choose(ask: () => Promise<Reply<Conversation>>): Promise<Conversation> {
    const { identity, prepare } = this.#ports
    prepare()
    const { visit, owner } = identity
    const left = () => ({ id: this.current.id, headSeq: this.current.timeline.headSeq })
    const choosing = import('./choose-conversation.ts').then(
      ({ chooseConversation }) => chooseConversation(this.#ports, { visit, owner }, ask, left),
      (cause) => {
        throw new ChatError('load-failed', 'not loaded', { cause })
      },
    )
    return during(visit, choosing)
  }

  /** The server says which one is current. A session that has just begun has no others. */
  open(conversation: ReadyConversation, isNewSession = false): void {
    this.#status = conversation.status
    this.current.open(conversation)
    if (!isNewSession) void this.refresh()
  }

  /** Learns what the server tells of conversations. */
  follow(server: EventsFrom<ServerToVisitorEvents>): void {
    this.current.follow(server)
    const news = ({ conversationId, kind }: Pick<Message, 'conversationId'> & Partial<Message>) => {
      // An event may say that the current one was closed or opened again.
      if (conversationId !== this.current.id || kind === 'event') void this.refresh()
    }
    server.onEvent('message', news)
    server.onEvent('receipt', news)
    server.onEvent('conversations:deleted', () => void this.refresh())
    // Begun, closed or opened again.
    server.onEvent('conversation', ({ status }) => {
      this.#status = status
      void this.refresh()
    })
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
      this.#page = reply.value
      this.#changed()
    }
    this.#isAsking = false
  }

  /** The visitor leaves: nothing of theirs is kept. */
  leave(): void {
    this.#page = NO_PAGE
    this.current.clear()
  }

  close(): void {
    this.current.close()
    this.#emitter.clear()
  }

  #changed(): void {
    const { id, unread } = this.current
    const { conversations, unread: inAll } = this.#page
    // Of the current one this device knows better; it may be beyond the page.
    const ofCurrent = conversations.find((one) => one.id === id)?.unread ?? Math.min(unread, inAll)
    const count = unread + inAll - ofCurrent
    if (count !== this.#unread) {
      this.#unread = count
      this.#emitter.emit('unread', count)
    }
    this.#emitter.emit('change', undefined)
  }
}
