/**
 * Runs the identity's state machine: takes the calls of the host, what the server says and what other tabs tell as
 * events, and performs the effects. Who the user is stands in the machine's state and nowhere else.
 */
import { ChatError, type Ready, TRACE_KEPT } from '@chat-widget/protocol'
import { isOnline } from '../browser/browser.ts'
import type { TraceEntry } from '../chat-client-api.ts'
import type { ChatUser, IdentityState } from '../chat-state.ts'
import type { ReplyError } from '../connection/event-maps.ts'
import { createFullJitterPolicy } from '../connection/reconnect-policy.ts'
import { createEmitter } from '../util/emitter.ts'
import { pause } from '../util/pause.ts'
import { randomId } from '../util/random-id.ts'
import { createDeparture, type Departure } from './departure.ts'
import type { IdentityEvents, IdentityOptions, LoadSignIn } from './identity-options.ts'
import { createSignInLoader } from './load-sign-in.ts'
import { step } from './machine.ts'
import { createServerClock } from './server-clock.ts'
import type { SignIn } from './sign-in.ts'
import {
  type Effect,
  type Event,
  identityOf,
  ownerOf,
  START,
  type State,
  secretOf,
  userOf,
  wantedOf,
} from './states.ts'
import type { Transition } from './trace.ts'

/** A client that is closed while somebody leaves waits this long for the server to hear of it. */
const FINISHED_WITHIN_MS = 5_000

const NAME_LENGTH = 8
const ENDED_KEPT = 20

const SETTLED: readonly State['status'][] = ['anonymous', 'identified', 'reauthentication-required']

/**
 * A browser may remember that a file could not be loaded and refuse it without asking again, until the page is loaded
 * anew: then the later tries fail as well, and the host hears of it as early as after a real outage.
 */
const loadChunk: LoadSignIn = () => import('./sign-in.ts')

export class Identity {
  readonly #options: IdentityOptions
  readonly #load: () => void
  #signIn: SignIn | null = null
  readonly #emitter = createEmitter<IdentityEvents>()
  readonly on = this.#emitter.on
  readonly #clock = createServerClock()
  /** Transitions before there was a trace to add them to: without a user, who may be gone by then ([ID12]). */
  #early: readonly Transition[] = []
  readonly #closing = new AbortController()
  #state: State = START
  /** As it was told last. */
  #told: IdentityState = identityOf(START)
  /** Effects that are not performed yet. */
  readonly #effects: Effect[] = []
  #departure: Departure | null = null
  #visit = new AbortController()
  #purged: Promise<unknown> = Promise.resolve()
  /** Names of sessions that have ended here: what is still told of them ends no other one. */
  #ended: ReadonlySet<string> = new Set()
  #isRetired = false

  constructor(options: IdentityOptions) {
    const { tabs } = options
    this.#options = options
    const { load = loadChunk, policy = createFullJitterPolicy() } = options
    const isConnected = () => this.#state.wire !== null
    this.#load = createSignInLoader(load, isConnected, policy, this.#closing.signal, (code) => {
      if (code instanceof ChatError) return this.#dispatch({ type: 'load-failed', error: code })
      this.#signIn = code.createSignIn({
        ...options,
        policy,
        clock: this.#clock,
        dispatch: (event) => this.#dispatch(event),
        state: () => this.#state,
        early: this.#early,
      })
      this.#begin()
    })
    this.#join()
    tabs.on('leave', async (departure) => {
      // Two tabs that leave at once do not wait for each other's end.
      if (this.isLeaving) await this.#purged
      else await this.departed(departure)
      return this.#isClosed ? undefined : ['left', null]
    })
  }

  get state(): IdentityState {
    return this.#told
  }

  /** As the host wants it; the identity follows. */
  get wanted(): ChatUser | null {
    return wantedOf(this.#state)
  }

  /** Whose the messages written now are. */
  get owner(): string {
    return ownerOf(this.wanted)
  }

  /** The server's word on this device; `null` if it is not connected, or is about to be somebody else. */
  get wire(): State['wire'] {
    return this.isLeaving ? null : this.#state.wire
  }

  /** The server's time. */
  get now(): number {
    return this.#clock.now()
  }

  get isLeaving(): boolean {
    return this.#state.status === 'leaving'
  }

  /** While what a visitor left is cleared away, whose session has ended: resolves when that is done. */
  get clearing(): Promise<void> | undefined {
    return this.#departure?.isRevoked ? this.#departure.done : undefined
  }

  /**
   * The stay of the visitor who is there now, from anonymous to signed in. Aborted at the call by which they leave, with
   * the `ChatError` for whatever of theirs is not done yet ([ID12]).
   */
  get visit(): AbortSignal {
    return this.#visit.signal
  }

  /** The secret to reconnect with, where there is an identified session. */
  get session(): string | undefined {
    return secretOf(this.#state)
  }

  /** Grows with each successful authentication. */
  get version(): number {
    return this.#state.version
  }

  /** Empty until the code that signs users in is there. */
  trace(): readonly TraceEntry[] {
    return this.#signIn?.trace.entries() ?? []
  }

  /**
   * Resolves when the identity is settled: signed in, signed out, or waiting for the host. `afresh`: the host was asked
   * for it, so the user who is signed in signs in again.
   */
  follow(user: ChatUser | null, afresh = false): Promise<void> {
    if (this.#isClosed) return Promise.reject(closedError())
    this.#dispatch({ type: 'set', user, afresh })
    return this.settled()
  }

  /** The chat itself signed the visitor in, before a reload or in another tab. */
  recall(user: ChatUser): void {
    this.#dispatch({ type: 'recalled', user })
  }

  /** Resolves after the server revoked the session, of an anonymous visitor too, and local data is gone. */
  async logout(everywhere: boolean): Promise<void> {
    if (this.#isClosed) throw closedError()
    const isOfWhoLeaves = !this.isLeaving || this.wanted === null
    this.#dispatch({ type: 'logout', everywhere })
    const isUser = userOf(this.#state) !== null
    const departure = this.#departure
    await departure?.done
    if (everywhere && isUser && !(isOfWhoLeaves && departure?.askedEverywhere))
      throw new ChatError('identity-changed', 'signed out already; other devices are not')
  }

  /** The owner left in another tab. Resolves when nothing of them is left here ([ID13]). */
  async departed(departure: string): Promise<void> {
    if (this.#ended.has(sessionNameOf(departure))) return
    this.#dispatch({ type: 'left-elsewhere', departure })
    await this.#departure?.done
  }

  /** The server said who this device is. */
  ready({ serverTime, identity }: Pick<Ready, 'serverTime' | 'identity'>): void {
    this.#clock.set(serverTime)
    this.#signIn?.connected(identity)
    this.#dispatch({ type: 'ready', identity, now: this.#clock.now() })
    // What time it is at the server is news to a device that slept.
    this.renewIfDue()
  }

  /** The connection is gone. The provider is not called for it ([ID8]). */
  disconnected(): void {
    this.#signIn?.disconnected()
    this.#dispatch({ type: 'disconnected' })
  }

  /** The server wants a context. */
  contextNeeded(refresh: boolean, cause: 'expired' | 'action' | 'lost'): void {
    this.#dispatch({ type: 'context-needed', refresh, cause, now: this.#clock.now() })
  }

  /** The server ended the session. */
  sessionEnded(error: ReplyError): void {
    this.#dispatch({ type: 'session-ended', error })
  }

  /** Renews now if the time has come; call it before sending, and when the page wakes up. */
  renewIfDue(): void {
    this.#signIn?.renewIfDue()
  }

  /** Resolves when nobody is leaving and the identity waits for nothing but the host. Rejects when it never will be so. */
  settled(): Promise<void> {
    const { connection } = this.#options
    return new Promise((resolve, reject) => {
      const end = (finish: () => void) => {
        off()
        offConnection()
        finish()
      }
      const check = () => {
        const { state } = connection
        if (SETTLED.includes(this.#state.status)) return end(resolve)
        if (this.#isClosed) return end(() => reject(closedError()))
        if (this.isLeaving || state.status !== 'closed' || state.reason === undefined) return
        const { reason } = state
        end(() => reject(new ChatError(reason, `not connected: ${reason}`)))
      }
      const off = this.#emitter.on('step', check)
      const offConnection = connection.on('state', check)
      check()
    })
  }

  /** From now on nobody else is followed. Resolves when a departure under way is over, or after a while. */
  async retire(): Promise<void> {
    this.#isRetired = true
    const { connection } = this.#options
    if (!this.isLeaving || !['connected', 'connecting'].includes(connection.state.status)) return
    const ended = new AbortController()
    const end = () => ended.abort()
    this.#departure?.done.then(end, end)
    await pause(FINISHED_WITHIN_MS, ended.signal)
  }

  close(): void {
    this.#closing.abort()
    this.#visit.abort(closedError())
    this.#emitter.emit('step', undefined)
    this.#signIn?.close()
    this.#emitter.clear()
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  /** The state is the new one at once, also for a call out of a listener; effects are performed in order. */
  #dispatch(event: Event): void {
    if (this.#isClosed) return
    const [state, effects] = step(this.#state, event, this.#signIn?.step ?? null)
    this.#state = state
    this.#effects.push(...effects)
    for (;;) {
      const effect = this.#effects.shift()
      if (effect === undefined) break
      this.#perform(effect)
    }
    this.#emitter.emit('step', undefined)
  }

  #perform(effect: Effect): void {
    const { connection, start, adopted } = this.#options
    switch (effect.type) {
      case 'change': {
        const { from, identity, cause, code, receipt } = effect
        this.#told = identity
        const transition = {
          at: new Date().toISOString(),
          from,
          to: identity.status,
          cause,
          ...(code && { code }),
        }
        if (this.#signIn !== null) this.#signIn.trace.add(transition)
        else this.#early = [...this.#early, transition].slice(-TRACE_KEPT)
        this.#emitter.emit('change', receipt === undefined ? { identity } : { identity, receipt })
        break
      }
      case 'emit':
        this.#emitter.emit(effect.name, effect.detail as never)
        break
      case 'begin':
        this.#begin()
        break
      case 'adopted':
        this.#join()
        adopted()
        start()
        break
      case 'connect':
        start()
        break
      case 'reconnect':
        connection.restart()
        break
      case 'departed':
        this.#join()
        this.#options.departed()
        // With a new handshake: nothing of the old session goes along.
        if (this.#isRunning && !this.isLeaving) connection.restart()
        break
      case 'leave': {
        this.#join()
        // Says which session it ends, so that no other tab takes it for the end of a later one.
        const id = effect.departure ?? `${randomId()} ${this.#sessionName}`
        const purged = this.#purge(effect.owner, id)
        const insists = effect.departure === null
        this.#departure = createDeparture(this.#options, id, insists, purged, this.#closing.signal)
        break
      }
      case 'purge':
        if (this.#departure !== null) void this.#purge(effect.owner, this.#departure.id)
        break
      case 'finish':
        if (this.#departure !== null) void this.#finish(this.#departure, effect.hasSession)
        break
      case 'session-over':
        this.#departure?.sessionOver()
        break
      default:
        this.#signIn?.perform(effect)
    }
  }

  #begin(): void {
    if (this.#signIn !== null) this.#dispatch({ type: 'begin', now: this.#clock.now() })
    // A browser that remembers what it could not load is not asked for it in vain.
    else if (this.#state.wire !== null || isOnline()) this.#load()
  }

  get #isRunning(): boolean {
    return this.#options.connection.state.status !== 'closed'
  }

  /** The end of its secret, which is good for nothing else; empty: not known. */
  get #sessionName(): string {
    const secret = userOf(this.#state) === null ? this.#options.anonymousSecret() : secretOf(this.#state)
    return secret?.slice(-NAME_LENGTH) ?? ''
  }

  #join(): void {
    const user = userOf(this.#state)
    const { tabs, sharesAnonymous } = this.#options
    tabs.join(user !== null || sharesAnonymous ? ownerOf(user) : null)
  }

  /** Gone from the screen at once: the server, and the storage, may take their time. */
  #purge(owner: string, departure: string): Promise<void> {
    this.#visit.abort(new ChatError('identity-changed', 'the visitor has left'))
    this.#visit = new AbortController()
    const purged = this.#options.purge(owner, departure)
    this.#purged = Promise.all([this.#purged, purged])
    return purged
  }

  async #finish(departure: Departure, hasSession: boolean): Promise<void> {
    const ended = [sessionNameOf(departure.id), this.#sessionName]
    await departure.finish(
      hasSession || (userOf(this.#state) === null && this.#isRunning),
      () => this.#state.status === 'leaving' && this.#state.everywhere,
    )
    await this.#purged
    if (this.#isClosed) return departure.end(closedError())
    this.#departure = null
    this.#ended = new Set([...this.#ended, ...ended].filter(Boolean).slice(-ENDED_KEPT))
    this.#dispatch({ type: 'gone', isLast: this.#isRetired })
    departure.end()
  }
}

const sessionNameOf = (departure: string) => departure.split(' ')[1] ?? ''

export const closedError = () => new ChatError('closed', 'the client is closed')
