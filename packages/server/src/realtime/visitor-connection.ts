/** One visitor's socket, from `ready` to disconnect: its identity, its conversation, its timers. */
import {
  type Authenticated,
  ChatError,
  type Conversation,
  type ConversationId,
  type Message,
  RELEASE,
  type SessionId,
  type VisitorId,
  type WireError,
} from '@chat-widget/protocol'
import { conversationOf } from '../conversations/summaries.ts'
import type { AuthenticateOutcome, HeldSession, SignIn } from '../identity/identity-service.ts'
import { callerOf } from '../network/client-address.ts'
import type { ConversationRecord, SessionRecord } from '../storage/storage.ts'
import { type ContextExpiry, createContextExpiry } from './context-expiry.ts'
import { heldConversation, type IdentityNotes } from './identity-notes.ts'
import { ShownConversation } from './shown-conversation.ts'
import {
  heldOf,
  identifiedAs,
  identityOf,
  isLive,
  isOver,
  mayReceive,
  requireSession,
  type SocketIdentity,
  sessionEnded,
  toWireIdentity,
} from './socket-identity.ts'
import type { VisitorSocket } from './socket-server.ts'
import type { AdmittedVisitor } from './visitor-handshake.ts'
import type { VisitorServices } from './visitor-services.ts'
import { toWire } from './wire-errors.ts'

type After = (work: () => void) => void

export class VisitorConnection {
  readonly #socket: VisitorSocket
  readonly #services: VisitorServices
  readonly #app: AdmittedVisitor['app']
  readonly #shown: ShownConversation
  readonly #gone = new AbortController()
  readonly #head: NodeJS.Timeout
  /** `null` for an anonymous visitor, who has no context. */
  #expiry: ContextExpiry | null = null
  #stopped = false
  #isReady = false
  /** A receipt was told before `ready`, and the device did not know yet what it was of. */
  #lostReceipt = false
  readonly #notes: IdentityNotes
  #identity: SocketIdentity
  /** Aborts when the device signs out. */
  #leaving = new AbortController()
  readonly #beginning: Promise<void>
  /** Runs changes of identity one after the other; the first is `ready`. */
  #lastChange: Promise<unknown>

  constructor(
    socket: VisitorSocket,
    { app, held, token, newest }: AdmittedVisitor,
    notes: IdentityNotes,
    services: VisitorServices,
  ) {
    this.#socket = socket
    this.#services = services
    this.#app = app
    this.#shown = new ShownConversation(socket, services)
    this.#notes = notes
    // Sent by room, so they arrive whoever ended the session or made a conversation current, also on another node.
    socket.onAnyOutgoing((event: string, payload: WireError & Conversation & Message) => {
      if (event === 'session:ended') this.#notes.ended(heldOf(this.#identity), this.#shown.id, payload.code)
      else if (event === 'conversation') this.#shown.show(payload)
      else if (event === 'message') this.#shown.told(payload)
      else if (event === 'receipt' || event === 'delivered') this.#lostReceipt ||= !this.#isReady
    })
    this.#identity = identityOf(held, services.now())
    this.#head = setInterval(() => {
      this.#expiry?.check()
      this.#inBackground(this.#shown.tellHead())
    }, services.tuning.headIntervalMs)
    // Without `ready` the device can do nothing; it reconnects and starts again.
    this.#beginning = this.#begin(token, newest).catch(() => void socket.conn.close())
    this.#lastChange = this.#beginning
  }

  /** Throws the reason if the device may not act. */
  requireSession(): HeldSession {
    if (this.#leaving.signal.aborted) throw sessionEnded()
    this.#lockIfOver()
    return requireSession(this.#identity)
  }

  /**
   * Resolves with the session for a send. A message may begin the conversation that the server made current, whichever
   * tab reserved it.
   */
  async sessionFor(conversationId: ConversationId) {
    // Sends before and after `ready` then take the same way, and keep their order ([DL4]).
    await this.#beginning
    const { session } = this.requireSession()
    const isAskedFor = this.#shown.isAskedFor(conversationId)
    const isReserved = isAskedFor || conversationId === this.#shown.id
    return { session: isReserved ? { ...session, conversationId } : session, isAskedFor }
  }

  /** [DL10] Shows the conversation that another of the owner's devices began first, before the message is refused. */
  async showBegun(): Promise<void> {
    const { session } = this.requireSession()
    const { conversations } = this.#services.storage
    // The conversation that this device had chosen may be gone ([PD3]).
    const record = (await conversations.current(session)) ?? (await conversations.newestOpen(session))
    // The context may have ended meanwhile.
    if (record !== null && mayReceive(this.#identity))
      this.#socket.emit('conversation', conversationOf(record))
  }

  /** Object-level authorisation. Resolves with `null` for the device's own conversation without a message yet. */
  async own(conversationId: ConversationId): Promise<ConversationRecord | null> {
    return this.#shown.own(this.requireSession().session, conversationId)
  }

  /** True if the device shows this conversation, which was authorised when it was made current. */
  isCurrent(conversationId: ConversationId): boolean {
    return conversationId === this.#shown.id
  }

  /**
   * Resolves with the conversation that this device's identity trace belongs to, also while it may not act, or `null`.
   * A sign-out that follows at once does not count yet: its beginning is reported before it.
   */
  async heldConversation(): Promise<ConversationId | null> {
    await this.#beginning
    const held = heldOf(this.#identity)
    return held === null ? null : heldConversation(this.#services.storage, held.session, this.#shown.id)
  }

  /** The visitor of the device's session; `null` while it has none. */
  get visitorId(): VisitorId | null {
    return heldOf(this.#identity)?.session.visitorId ?? null
  }

  /** Aborted when the socket is gone. */
  get gone(): AbortSignal {
    return this.#gone.signal
  }

  startConversation(): Promise<Conversation> {
    return this.#choose(async (session) => {
      if (this.#app().openConversations === 'one' && (await this.#shown.hasOpen(session)))
        throw new ChatError('forbidden', 'The app allows one open conversation at a time.')
      return this.#shown.reserve(session)
    })
  }

  showConversation(conversationId: ConversationId): Promise<Conversation> {
    return this.#choose((session) => this.#shown.choose(session, conversationId))
  }

  authenticate(command: SignIn, after: After): Promise<Authenticated> {
    return this.#change(async () => {
      if (this.#identity.status === 'ended') throw sessionEnded()
      const held = heldOf(this.#identity)
      const { verifyMs } = this.#services.tuning
      const app = this.#app()
      const outcome = await this.#services.identity.authenticate({
        ...command,
        app,
        held,
        caller: callerOf(this.#services.addressOf, this.#socket, held?.session.visitorId),
        signal: AbortSignal.any([this.#gone.signal, this.#leaving.signal, AbortSignal.timeout(verifyMs)]),
      })
      if (outcome.kind === 'ended') return this.#endBy(outcome.error, held, after)
      try {
        return await this.#applyOutcome(outcome, after)
      } finally {
        after(() => this.#services.released(outcome.released, app.id))
      }
    })
  }

  /**
   * Called at once, before a sign-out takes its turn: later requests of the device must not count for the user, and
   * pending authentications must not delay it.
   */
  leave(): void {
    this.#leaving.abort()
  }

  signOut(everywhere: boolean, after: After): Promise<null> {
    return this.#change(async () => {
      const ended = await this.#revoke(everywhere)
      this.#notes.signedOut(heldOf(this.#identity), this.#shown.id, everywhere)
      this.#identity = { status: 'ended' }
      this.#stopTimers()
      // Only the other tabs and devices are told; this one gets the answer.
      this.#shown.leave()
      this.#services.broadcaster.endSessions(ended, toWire(sessionEnded()))
      after(() => this.#socket.disconnect(true))
      return null
    })
  }

  /** Rejects if the session could not be revoked: it has not ended, and the device has to ask again. */
  async #revoke(everywhere: boolean): Promise<readonly SessionId[]> {
    const held = heldOf(this.#identity)
    try {
      return held === null ? [] : await this.#services.identity.signOut(held, everywhere)
    } catch (error) {
      this.#leaving = new AbortController()
      throw error
    }
  }

  /** Called when the socket is closed. */
  close(): void {
    const { id } = this.#shown
    this.#gone.abort()
    this.#stopTimers()
    this.#identity = { status: 'ended' }
    if (id !== null) this.#services.presence(id)
  }

  async #begin(token: string | null, wanted: number): Promise<void> {
    const { now } = this.#services
    const held = heldOf(this.#identity)
    const live = mayReceive(this.#identity)
    // Joined before the head is read: a message stored in between is then sent twice rather than never.
    if (held !== null) this.#shown.enter(held.session, live)
    // Without this check, a session revoked between the handshake and joining its room would go on unnoticed.
    if (held !== null && token === null && (await this.#services.identity.reread(held)) === null) {
      this.#identity = { status: 'ended' }
      this.#socket.emit('session:ended', toWire(sessionEnded()))
      this.#socket.disconnect(true)
      return
    }
    const conversation = held !== null && live ? await this.#showCurrent(held.session) : null
    const newest = conversation && (await this.#shown.newest(conversation, wanted, this.#app().id))
    this.#socket.emit('ready', {
      release: RELEASE,
      serverTime: now(),
      identity: toWireIdentity(this.#identity),
      ...(token === null ? {} : { session: { token } }),
      conversation: newest ? { ...conversation, messages: newest } : conversation,
      app: this.#services.appInfo(this.#app()),
    })
    this.#isReady = true
    if (this.#lostReceipt) this.#inBackground(this.#shown.tellAgain())
    if (held?.session.user == null) return
    if (live) this.#watch(held)
    else this.#socket.emit('context:needed', { refresh: true, cause: 'expired' })
    const need = this.#services.pendingNeed(held.session.user.id)
    if (live && need !== null) this.#socket.emit('context:needed', need)
  }

  #endBy(error: ChatError, before: HeldSession | null, after: After): never {
    this.#notes.ended(before, this.#shown.id, toWire(error).code)
    this.#identity = { status: 'ended' }
    this.#stopTimers()
    const ended = before?.session.id
    if (ended !== undefined) after(() => this.#services.broadcaster.endSessions([ended], toWire(error)))
    throw error
  }

  async #applyOutcome(
    outcome: Exclude<AuthenticateOutcome, { kind: 'ended' }>,
    after: After,
  ): Promise<Authenticated> {
    switch (outcome.kind) {
      case 'renewed': {
        const wasLive = isLive(this.#identity)
        const conversation = await this.#identify(outcome.held, !wasLive)
        after(() => {
          if (!wasLive) this.#inBackground(this.#shown.tellHead())
          this.#tellClaims(outcome)
        })
        return this.#authenticated(outcome.held, conversation)
      }
      case 'signed-in': {
        const shown = this.#shown.id
        const conversation = await this.#identify(outcome.held, true)
        const { mergedConversations } = outcome.receipt
        after(() => {
          const { broadcaster, conversations, presence } = this.#services
          // This socket has left that session's room; other tabs with the old secret have not.
          if (outcome.replaced !== null) {
            broadcaster.endSessions([outcome.replaced.id], toWire(sessionEnded()))
          }
          if (shown !== null && shown !== conversation.id) presence(shown)
          this.#inBackground(conversations.tellOwnerChanged(mergedConversations))
          this.#tellClaims(outcome)
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

  #tellClaims({ held, claimsChanged }: Exclude<AuthenticateOutcome, { kind: 'ended' }>): void {
    const { user } = held.session
    if (claimsChanged && user !== null) this.#inBackground(this.#services.claimsChanged(user.id))
  }

  /** `enter`: the socket is not in all rooms of this session, or in others. */
  async #identify(held: HeldSession, enter: boolean): Promise<Conversation> {
    this.#identity = { status: 'identified', held, live: true }
    const { id } = this.#shown
    if (enter) this.#shown.enter(held.session, true)
    this.#watch(held)
    return enter || id === null ? this.#showCurrent(held.session) : this.#shown.read(id)
  }

  #authenticated(held: HeldSession, conversation: Conversation): Authenticated {
    return { serverTime: this.#services.now(), identity: identifiedAs(held), conversation }
  }

  /** Shows nothing if the context ends while the conversation is read. */
  #showCurrent(session: SessionRecord): Promise<Conversation> {
    return this.#shown.showCurrent(session, () => mayReceive(this.#identity))
  }

  /** Once locked, it stays locked until the renewal, even if the clock is set back. */
  #lockIfOver(): void {
    const { now, tuning } = this.#services
    const held = heldOf(this.#identity)
    if (held !== null && isLive(this.#identity) && isOver(held, now() - tuning.contextGraceMs)) this.#lock()
  }

  /** Delivers and accepts nothing until the renewal. */
  #lock(): void {
    const held = heldOf(this.#identity)
    if (held === null) return
    this.#notes.graceOver(held, this.#shown.id)
    this.#identity = { status: 'identified', held, live: false }
    this.#shown.enter(held.session, false)
  }

  #watch(held: HeldSession): void {
    if (this.#stopped) return
    const services = this.#services
    this.#expiry ??= createContextExpiry({
      reread: services.identity.reread,
      now: services.now,
      graceMs: services.tuning.contextGraceMs,
      renewed: (contextExpiresAt) => this.#putOff(contextExpiresAt),
      over: () => this.#socket.emit('context:needed', { refresh: true, cause: 'expired' }),
      graceOver: () => this.#lock(),
      ended: ({ session }) => services.broadcaster.endSessions([session.id], toWire(sessionEnded())),
    })
    this.#expiry.watch(held)
  }

  /** Called if another tab renewed the session. */
  #putOff(contextExpiresAt: number | null): void {
    const held = heldOf(this.#identity)
    if (held !== null) this.#replaceHeld({ ...held, session: { ...held.session, contextExpiresAt } })
  }

  #replaceHeld(held: HeldSession): void {
    const { status } = this.#identity
    if (status === 'anonymous' || status === 'identified') this.#identity = { ...this.#identity, held }
  }

  #choose(pick: (session: SessionRecord) => Promise<Conversation>): Promise<Conversation> {
    return this.#change(async () => {
      const conversation = await pick(this.requireSession().session)
      // The context may have ended meanwhile; then nothing is shown.
      const held = this.requireSession()
      this.#replaceHeld({ ...held, session: { ...held.session, conversationId: conversation.id } })
      this.#shown.show(conversation)
      return conversation
    })
  }

  #change<Value>(work: () => Promise<Value>): Promise<Value> {
    const change = this.#lastChange.then(work, work)
    this.#lastChange = change
    return change
  }

  /** Ignores a failure: the next head or connection makes up for it. */
  #inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      const code = error instanceof ChatError ? error.code : 'internal'
      this.#services.logger.warn({ code }, 'work for a visitor failed')
    })
  }

  #stopTimers(): void {
    this.#stopped = true
    clearInterval(this.#head)
    this.#expiry?.stop()
  }
}
