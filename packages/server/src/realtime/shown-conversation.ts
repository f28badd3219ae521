/** The conversation that a visitor's device shows, and its socket's rooms for it. */
import { ChatError, type Conversation, type ConversationId } from '@chat-widget/protocol'
import { conversationOf, emptyConversation } from '../conversations/summaries.ts'
import { newId, ownerOf, sameOwner } from '../storage/records.ts'
import type { ConversationRecord, SessionRecord } from '../storage/storage.ts'
import { currentRoom, ownerRoom, sessionRoom, userRoom } from './rooms.ts'
import type { VisitorSocket } from './socket-server.ts'
import type { VisitorServices } from './visitor-services.ts'

/** Reserved conversations kept: a message to one may be under way while the next is asked for. */
const MAX_ASKED = 10

export class ShownConversation {
  readonly #socket: VisitorSocket
  readonly #services: Pick<VisitorServices, 'storage' | 'presence'>
  #id: ConversationId | null = null
  /** The last one that was seen in the database: if it is not there any more, it was deleted. */
  #begun: ConversationId | null = null
  #asked: readonly ConversationId[] = []

  constructor(socket: VisitorSocket, services: Pick<VisitorServices, 'storage' | 'presence'>) {
    this.#socket = socket
    this.#services = services
  }

  /** `null` while the device may not see any. */
  get id(): ConversationId | null {
    return this.#id
  }

  /** Joins the session's rooms and leaves all others. `live: false`: only events about the identity are delivered. */
  enter(session: SessionRecord, live: boolean): void {
    const socket = this.#socket
    this.leave()
    if (!socket.connected) return
    void socket.join(sessionRoom(session.id))
    if (session.user !== null) void socket.join(userRoom(session.user.id))
    if (live) void socket.join(ownerRoom(ownerOf(session)))
  }

  leave(): void {
    const socket = this.#socket
    this.#id = null
    for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room)
  }

  show(id: ConversationId): void {
    const socket = this.#socket
    // A closed socket would stay in its rooms for ever.
    if (id === this.#id || !socket.connected) return
    if (this.#id !== null) void socket.leave(currentRoom(this.#id))
    this.#id = id
    void socket.join(currentRoom(id))
  }

  /** Shows the session's current conversation, if `mayShow` still allows it once it was read. */
  async showCurrent(session: SessionRecord, mayShow: () => boolean): Promise<Conversation> {
    const record = await this.#services.storage.conversations.current(session)
    const conversation = record === null ? emptyConversation(session.conversationId) : conversationOf(record)
    this.#begun = record?.id ?? null
    if (mayShow()) this.show(conversation.id)
    if (record !== null) this.#services.presence(conversation.id)
    return conversation
  }

  async read(id: ConversationId): Promise<Conversation> {
    const record = await this.#services.storage.conversations.find(id)
    return record === null ? emptyConversation(id) : conversationOf(record)
  }

  /** Reserves a new conversation for the visitor, without a message yet. */
  async reserve(session: SessionRecord): Promise<Conversation> {
    const id = await this.#services.storage.sessions.reserveConversation(session.id)
    this.#asked = [...this.#asked.slice(1 - MAX_ASKED), id]
    return emptyConversation(id)
  }

  /** True if the visitor has an open conversation with a message. */
  hasOpen(session: SessionRecord): Promise<boolean> {
    return this.#services.storage.conversations.hasOpen(ownerOf(session), session.app)
  }

  isAskedFor(id: ConversationId): boolean {
    return this.#asked.includes(id)
  }

  /** Shows one of the visitor's conversations. */
  async choose(session: SessionRecord, id: ConversationId): Promise<Conversation> {
    const record = await this.own(session, id)
    await this.#services.storage.sessions.chooseConversation(session.id, id)
    return record === null ? emptyConversation(id) : conversationOf(record)
  }

  /** Object-level authorisation. Resolves with `null` for the device's own conversation without a message yet. */
  async own(session: SessionRecord, id: ConversationId): Promise<ConversationRecord | null> {
    const record = await this.#services.storage.conversations.find(id)
    const isOwn =
      record === null
        ? id === this.#id || id === session.conversationId
        : sameOwner(record.owner, ownerOf(session))
    if (isOwn) return record
    throw new ChatError('not-found', 'There is no such conversation.')
  }

  /** [DL3] Or, if the conversation was deleted and the broker lost that, an empty one ([PD3]). */
  async tellHead(): Promise<void> {
    const id = this.#id
    if (id === null) return
    const record = await this.#services.storage.conversations.find(id)
    if (id !== this.#id) return
    if (record !== null) {
      this.#begun = id
      this.#socket.emit('head', { conversationId: id, headSeq: record.headSeq })
    } else if (this.#begun === id) this.#socket.emit('conversation', emptyConversation(newId()))
  }
}
