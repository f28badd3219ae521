/** One visitor's socket, from `ready` to disconnect: its identity, its conversation, its timers. */
import {
  type Authenticated,
  ChatError,
  type Conversation,
  type ConversationId,
  type WireError,
} from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import { conversationOf, emptyConversation } from '../conversations/summaries.ts'
import type { AuthenticateOutcome, HeldSession } from '../identity/identity-service.ts'
import { ownerOf, sameOwner } from '../storage/records.ts'
import type { ConversationRecord, SessionRecord } from '../storage/storage.ts'
import { atTime } from './deadline.ts'
import {
  heldOf,
  identityOf,
  requireSession,
  type SocketIdentity,
  sessionEnded,
  toWireIdentity,
} from './socket-identity.ts'
import type { VisitorSocket } from './socket-server.ts'
import type { AdmittedVisitor } from './visitor-handshake.ts'
import { createVisitorRooms, type VisitorRooms } from './visitor-rooms.ts'
import type { VisitorServices } from './visitor-services.ts'
import { INTERNAL, toWireError } from './wire-errors.ts'

export interface AuthenticateCommand {
  readonly userIdentifier: string
  readonly context: Readonly<Record<string, unknown>>
  readonly mergePolicy: 'merge' | 'separate'
}

type After = (work: () => void) => void

/** Longer than any verifier's own limit. */
const VERIFY_MS = 20_000

export class VisitorConnection {
  readonly #socket: VisitorSocket
  readonly #services: VisitorServices
  readonly #app: AppConfig
  readonly #rooms: VisitorRooms
  readonly #gone = new AbortController()
  readonly #head: NodeJS.Timeout
  #identity: SocketIdentity
  #signingOut = false
  #cancelDeadline: () => void = () => {}
  /** Changes of identity happen one after the other; the first link is `ready`. */
  #lastChange: Promise<unknown>

  constructor(socket: VisitorSocket, { app, held, token }: AdmittedVisitor, services: VisitorServices) {
    this.#socket = socket
    this.#services = services
    this.#app = app
    this.#rooms = createVisitorRooms(socket)
    this.#identity = identityOf(held, services.now())
    this.#head = setInterval(() => this.#inBackground(this.#tellHead()), services.tuning.headIntervalMs)
    const beginning = this.#begin(token)
    // Without `ready` the device can do nothing; connecting again is its fresh start.
    this.#inBackground(beginning.catch(() => socket.conn.close()))
    this.#lastChange = beginning
  }

  /** Throws why the device may not act now. */
  requireSession(): HeldSession {
    if (this.#signingOut) throw sessionEnded()
    const { now, tuning } = this.#services
    return requireSession(this.#identity, now(), tuning.contextGraceMs)
  }

  /** The session for a send. The conversation the server made current may come to be, whichever tab reserved it. */
  sessionFor(conversationId: ConversationId): SessionRecord {
    const { session } = this.requireSession()
    return conversationId === this.#rooms.current ? { ...session, conversationId } : session
  }

  /** Object-level authorisation. `null`: the device's own conversation, which has no message yet. */
  async own(conversationId: ConversationId): Promise<ConversationRecord | null> {
    const { session } = this.requireSession()
    const record = await this.#services.storage.conversations.find(conversationId)
    const isOwn =
      record === null
        ? this.isCurrent(conversationId) || conversationId === session.conversationId
        : sameOwner(record.owner, ownerOf(session))
    if (isOwn) return record
    throw new ChatError('not-found', 'There is no such conversation.')
  }

  /** Whether the device shows this conversation: then it was authorised when it was made current. */
  isCurrent(conversationId: ConversationId): boolean {
    return conversationId === this.#rooms.current
  }

  startConversation(): Promise<Conversation> {
    return this.#change(async () => {
      const held = this.requireSession()
      const conversationId = await this.#services.storage.sessions.reserveConversation(held.session.id)
      this.#replaceHeld({ ...held, session: { ...held.session, conversationId } })
      this.#rooms.show(conversationId)
      return emptyConversation(conversationId)
    })
  }

  authenticate(command: AuthenticateCommand, after: After): Promise<Authenticated> {
    return this.#change(async () => {
      if (this.#identity.status === 'ended') throw sessionEnded()
      const held = heldOf(this.#identity)
      const outcome = await this.#services.identity.authenticate({
        ...command,
        app: this.#app,
        held,
        signal: AbortSignal.any([this.#gone.signal, AbortSignal.timeout(VERIFY_MS)]),
      })
      return this.#settle(outcome, held, after)
    })
  }

  signOut(everywhere: boolean, after: After): Promise<null> {
    // At once: what the device sends after this must not count for the user any more.
    this.#signingOut = true
    return this.#change(async () => {
      const held = heldOf(this.#identity)
      this.#identity = { status: 'ended' }
      this.#stopTimers()
      this.#rooms.leave()
      const ended = held === null ? [] : await this.#services.identity.signOut(held, everywhere)
      // Its own answer is the news; the other tabs and devices are told.
      this.#services.broadcaster.endSessions(ended, toWire(sessionEnded()))
      after(() => this.#socket.disconnect(true))
      return null
    })
  }

  /** The socket is gone. */
  close(): void {
    const { current } = this.#rooms
    this.#gone.abort()
    this.#stopTimers()
    this.#identity = { status: 'ended' }
    if (current !== null) this.#services.presence(current)
  }

  async #begin(token: string | null): Promise<void> {
    const { now } = this.#services
    const held = heldOf(this.#identity)
    const live = this.#identity.status === 'anonymous' || this.#isLive()
    // Rooms before the head is read: what is stored in between is then told twice rather than never.
    if (held !== null) this.#rooms.enter(held.session, live)
    const conversation = held !== null && live ? await this.#showCurrent(held.session) : null
    this.#socket.emit('ready', {
      serverTime: now(),
      identity: toWireIdentity(this.#identity),
      ...(token === null ? {} : { session: { token } }),
      conversation,
      app: { name: this.#app.name, login: this.#app.login },
    })
    if (held?.session.user == null) return
    if (live) this.#watchExpiry(held)
    else this.#socket.emit('context:needed', { refresh: true, cause: 'expired' })
    const need = this.#services.pendingNeed(held.session.user.id)
    if (live && need !== null) this.#socket.emit('context:needed', need)
  }

  async #settle(
    outcome: AuthenticateOutcome,
    before: HeldSession | null,
    after: After,
  ): Promise<Authenticated> {
    switch (outcome.kind) {
      case 'ended': {
        this.#identity = { status: 'ended' }
        this.#stopTimers()
        const ended = before === null ? [] : [before.session.id]
        after(() => this.#services.broadcaster.endSessions(ended, toWire(outcome.error)))
        throw outcome.error
      }
      case 'renewed': {
        const wasLive = this.#isLive()
        const conversation = await this.#identify(outcome.held, !wasLive)
        after(() => {
          if (!wasLive) this.#inBackground(this.#tellHead())
          this.#services.replayBlocked(outcome.held.session, [conversation.id])
        })
        return this.#authenticated(outcome.held, conversation)
      }
      case 'signed-in': {
        const shown = this.#rooms.current
        const conversation = await this.#identify(outcome.held, true)
        const { mergedConversations } = outcome.receipt
        after(() => {
          const { broadcaster, conversations, presence, replayBlocked } = this.#services
          // This socket has left that session's room; other tabs that still hold the old secret have not.
          if (outcome.replaced !== null) {
            broadcaster.endSessions([outcome.replaced.id], toWire(sessionEnded()))
          }
          if (shown !== null && shown !== conversation.id) presence(shown)
          this.#inBackground(conversations.tellOwnerChanged(mergedConversations))
          replayBlocked(outcome.held.session, [...new Set([...mergedConversations, conversation.id])])
        })
        return {
          ...this.#authenticated(outcome.held, conversation),
          session: { token: outcome.token },
          receipt: outcome.receipt,
        }
      }
      default:
        return outcome satisfies never
    }
  }

  /** `enter`: the rooms are not those of this session, or not all of them. */
  async #identify(held: HeldSession, enter: boolean): Promise<Conversation> {
    this.#identity = { status: 'identified', held, live: true }
    const { current } = this.#rooms
    if (enter) this.#rooms.enter(held.session, true)
    this.#watchExpiry(held)
    if (enter || current === null) return this.#showCurrent(held.session)
    const record = await this.#services.storage.conversations.find(current)
    return record === null ? emptyConversation(current) : conversationOf(record)
  }

  #authenticated({ session }: HeldSession, conversation: Conversation): Authenticated {
    return {
      serverTime: this.#services.now(),
      identity: {
        status: 'identified',
        userIdentifier: session.user?.userIdentifier ?? '',
        expiresAt: session.contextExpiresAt,
      },
      conversation,
    }
  }

  async #showCurrent(session: SessionRecord): Promise<Conversation> {
    const record = await this.#services.storage.conversations.current(session)
    const conversation = record === null ? emptyConversation(session.conversationId) : conversationOf(record)
    this.#rooms.show(conversation.id)
    if (record !== null) this.#services.presence(conversation.id)
    return conversation
  }

  #watchExpiry(held: HeldSession): void {
    this.#cancelDeadline()
    const { contextExpiresAt } = held.session
    if (contextExpiresAt === null) return
    this.#cancelDeadline = atTime(contextExpiresAt, this.#services.now, () =>
      this.#inBackground(this.#expire(contextExpiresAt)),
    )
  }

  /** Another tab may have renewed the session meanwhile; if that cannot be found out, the context is over. */
  async #expire(expiresAt: number): Promise<void> {
    const { broadcaster, identity, now, tuning } = this.#services
    const before = heldOf(this.#identity)
    if (before === null) return
    const session = await identity.reread(before).catch(() => before.session)
    const held = heldOf(this.#identity)
    // A renewal or sign-out on this socket came first.
    if (held === null || held.session.contextExpiresAt !== expiresAt) return
    if (session === null) return broadcaster.endSessions([held.session.id], toWire(sessionEnded()))
    if (session.contextExpiresAt === null || session.contextExpiresAt > expiresAt) {
      const renewed = { ...held, session: { ...held.session, contextExpiresAt: session.contextExpiresAt } }
      this.#replaceHeld(renewed)
      return this.#watchExpiry(renewed)
    }
    this.#socket.emit('context:needed', { refresh: true, cause: 'expired' })
    this.#cancelDeadline = atTime(expiresAt + tuning.contextGraceMs, now, () => this.#lock())
  }

  /** Until the renewal nothing is delivered and nothing accepted. */
  #lock(): void {
    const held = heldOf(this.#identity)
    if (held === null) return
    this.#identity = { status: 'identified', held, live: false }
    this.#rooms.enter(held.session, false)
  }

  async #tellHead(): Promise<void> {
    const { current } = this.#rooms
    if (current === null) return
    const record = await this.#services.storage.conversations.find(current)
    if (record === null || current !== this.#rooms.current) return
    this.#socket.emit('head', { conversationId: current, headSeq: record.headSeq })
  }

  #replaceHeld(held: HeldSession): void {
    const { status } = this.#identity
    if (status === 'anonymous' || status === 'identified') this.#identity = { ...this.#identity, held }
  }

  #isLive(): boolean {
    return this.#identity.status === 'identified' && this.#identity.live
  }

  #change<Value>(work: () => Promise<Value>): Promise<Value> {
    const change = this.#lastChange.then(work, work)
    this.#lastChange = change
    return change
  }

  /** Nobody waits for this, and the next head or connection makes up for it. */
  #inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      const code = error instanceof ChatError ? error.code : 'internal'
      this.#services.logger.warn({ code }, 'work for a visitor failed')
    })
  }

  #stopTimers(): void {
    clearInterval(this.#head)
    this.#cancelDeadline()
  }
}

function toWire(error: ChatError): WireError {
  return toWireError(error) ?? INTERNAL
}
