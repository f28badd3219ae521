/** The conversation that a visitor's device shows, and its socket's rooms for it. */
import {
  type AppId,
  ChatError,
  type Conversation,
  type ConversationId,
  type Message,
} from '@chat-widget/protocol'
import { conversationOf, emptyConversation } from '../conversations/summaries.ts'
import { newId, ownerOf, sameOwner } from '../storage/records.ts'
import type { ConversationRecord, SessionRecord } from '../storage/storage.ts'
import { currentRoom, ownerRoom, sessionRoom, userRoom } from './rooms.ts'
import type { VisitorSocket } from './socket-server.ts'
import type { VisitorServices } from './visitor-services.ts'

/** Reserved conversations kept: a message to one may be under way while the next is asked for. */
const MAX_ASKED = 10

type ShownServices = Pick<VisitorServices, 'storage' | 'presence' | 'conversations' | 'addresses'>

export class ShownConversation {
  readonly #socket: VisitorSocket
  readonly #services: ShownServices
  #id: ConversationId | null = null
  /** The last one that was seen in the database: if it is not there any more, it was deleted. */
  #begun: ConversationId | null = null
  /** The greatest seq that this socket was told, of the shown conversation; before one is shown, of any. */
  #toldSeq = 0
  #asked: readonly ConversationId[] = []

  constructor(socket: VisitorSocket, services: ShownServices) {
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

  show({ id, headSeq }: Pick<Conversation, 'id' | 'headSeq'>): void {
    const socket = this.#socket
    if (headSeq > 0) this.#begun = id
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
    if (mayShow()) this.show(conversation)
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

  /**
   * [DL18] Resolves with the newest messages up to the head; with `null` where the device has to fetch them: they could not
   * be read, are over a limit, or a later one was told meanwhile, which the device dropped.
   */
  async newest({ id, headSeq }: Conversation, limit: number, app: AppId): Promise<readonly Message[] | null> {
    const { addresses, conversations } = this.#services
    const { request } = this.#socket
    if (limit === 0 || headSeq === 0) return null
    const read = () => conversations.messages({ conversationId: id, limit })
    const page = await addresses.inTurn({ kind: 'reading', app, request }, read).catch(() => null)
    if (page === null) return null
    addresses.chargeEntries('message', page.messages.length, request)
    // As for a fetch: a sign-in in another tab may have made the conversation a user's, and later messages only theirs.
    const messages = page.messages.filter(({ seq }) => seq <= headSeq)
    const isAll = messages.at(-1)?.seq === headSeq && this.#toldSeq <= headSeq
    return isAll && id === this.#id ? messages : null
  }

  /** Called with each message that this socket is told. */
  told({ conversationId, seq }: Message): void {
    if (this.#id === null || conversationId === this.#id) this.#toldSeq = Math.max(this.#toldSeq, seq)
  }

  /** Tells the device of its conversation as it is now. */
  async tellAgain(): Promise<void> {
    const id = this.#id
    const conversation = id && (await this.read(id))
    if (conversation && id === this.#id) this.#socket.emit('conversation', conversation)
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
