/**
 * Stands in for `Identity` while nobody has signed in: anonymous visitors do not load the code for those who do.
 * `use()` says `authenticating` at once and loads it; what the server said meanwhile is told to the real one then.
 */
import { ChatError, type Ready } from '@chat-widget/protocol'
import { isOnline } from '../browser/browser.ts'
import type { TraceEntry } from '../chat-client-api.ts'
import type { ChatUser, IdentityState } from '../chat-state.ts'
import type { ReplyError } from '../connection/event-maps.ts'
import { createFullJitterPolicy, type ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { createEmitter } from '../util/emitter.ts'
import { pause } from '../util/pause.ts'
import type { Identity } from './identity.ts'
import type { IdentityEvents, IdentityOptions } from './identity-options.ts'
import { sessionOf } from './signed-in-visitor.ts'

/** Brings the code; rejects when it cannot be loaded. */
export type LoadIdentity = () => Promise<Pick<typeof import('./identity.ts'), 'Identity'>>

export interface LazyIdentityOptions extends IdentityOptions {
  /** Default: the chunk beside this file. */
  readonly load?: LoadIdentity | undefined
}

type ServerWord = Pick<Ready, 'serverTime' | 'identity'>

const ANONYMOUS: IdentityState = { status: 'anonymous' }
const LOAD_TRIES = 3

/**
 * A browser may remember that a file could not be loaded and refuse it without asking again, until the page is loaded
 * anew: then the later tries fail as well, and the host hears of it as early as after a real outage.
 */
const loadChunk: LoadIdentity = () => import('./identity.ts')

export class LazyIdentity {
  readonly #options: IdentityOptions
  readonly #load: LoadIdentity
  readonly #policy: ReconnectPolicy
  readonly #emitter = createEmitter<IdentityEvents>()
  readonly #closing = new AbortController()
  #code: Awaited<ReturnType<LoadIdentity>> | null = null
  /** The real one, from the first user on, for good. What is below is of the time before. */
  #identity: Identity | null = null
  #state: IdentityState = ANONYMOUS
  #user: ChatUser | null = null
  #isLoading = false
  /** What the server said on the connection that is open. */
  #told: ServerWord | null = null

  constructor(options: LazyIdentityOptions) {
    this.#options = options
    this.#load = options.load ?? loadChunk
    this.#policy = options.policy ?? createFullJitterPolicy()
  }

  on<Name extends keyof IdentityEvents>(
    name: Name,
    listener: (detail: IdentityEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener)
  }

  get state(): IdentityState {
    return this.#identity?.state ?? this.#state
  }

  get user(): ChatUser | null {
    return this.#identity === null ? this.#user : this.#identity.user
  }

  get session(): string | undefined {
    return this.#identity === null ? sessionOf(this.#user) : this.#identity.session
  }

  get version(): number {
    return this.#identity?.version ?? 0
  }

  /** Empty until the code is there. */
  trace(): readonly TraceEntry[] {
    return this.#identity?.trace() ?? []
  }

  use(user: ChatUser, afresh = false): void {
    if (this.#identity !== null) {
      this.#identity.use(user, afresh)
      return
    }
    this.#user = user
    this.#become({ status: 'authenticating', userIdentifier: user.userIdentifier })
    if (this.#code !== null) this.#handOver()
    // A browser that remembers what it could not load is not asked for it in vain.
    else if (isOnline()) void this.#bring()
  }

  ready(ready: ServerWord): void {
    if (this.#identity === null) {
      this.#told = ready
      if (this.#state.status === 'authenticating') void this.#bring()
      return
    }
    this.#identity.ready(ready)
    // What time it is at the server is news to a device that slept.
    this.#identity.renewIfDue()
  }

  disconnected(): void {
    this.#told = null
    this.#identity?.disconnected()
  }

  /** Whoever is signing in for the first time is asked for a context anyway. */
  contextNeeded(refresh: boolean, cause: string): void {
    this.#identity?.contextNeeded(refresh, cause)
  }

  sessionEnded(error: ReplyError): void {
    this.#identity?.sessionEnded(error)
  }

  renewIfDue(): void {
    this.#identity?.renewIfDue()
  }

  async signingOut(): Promise<boolean> {
    if (this.#identity !== null) return this.#identity.signingOut()
    const user = this.#user
    if (user !== null) this.#become({ status: 'signing-out', userIdentifier: user.userIdentifier })
    return sessionOf(user) !== undefined
  }

  forget(): void {
    this.#user = null
    if (this.#identity === null) this.#become({ status: 'anonymous' })
    else this.#identity.forget()
  }

  close(): void {
    this.#closing.abort()
    this.#user = null
    this.#identity?.close()
    this.#emitter.clear()
  }

  /** [ID14] Without a connection a failure tells nothing, and nobody could be signed in: the next one tries again. */
  async #bring(): Promise<void> {
    const { signal } = this.#closing
    if (this.#isLoading) return
    this.#isLoading = true
    for (let tries = 1; !signal.aborted; tries += 1) {
      try {
        this.#code = await this.#load()
      } catch (cause) {
        if (this.#told !== null && tries < LOAD_TRIES) {
          await pause(this.#policy.nextDelayMs(tries), signal)
          continue
        }
        this.#isLoading = false
        return this.#told === null ? undefined : this.#fail(cause)
      }
      this.#isLoading = false
      return this.#handOver()
    }
  }

  /** Nobody to hand over while signing out, or after: the next user gets the code at once. */
  #handOver(): void {
    const user = this.#user
    if (this.#code === null || user === null || this.#state.status !== 'authenticating') return
    const identity = new this.#code.Identity(this.#options)
    const told = this.#told
    // A session that is there already is all the server has to confirm; without, the host is asked at once.
    const isThere = sessionOf(user) !== undefined
    if (told !== null && !isThere) identity.ready(told)
    identity.use(user)
    // Not before: that somebody is signing in was told already.
    identity.on('change', (change) => this.#emitter.emit('change', change))
    identity.on('authenticated', (value) => this.#emitter.emit('authenticated', value))
    identity.on('signed-in', () => this.#emitter.emit('signed-in', undefined))
    identity.on('failed', (error) => this.#emitter.emit('failed', error))
    this.#identity = identity
    // Nothing of this user is to be left here when they have signed out ([ID12]).
    this.#user = null
    this.#state = ANONYMOUS
    // What the server has confirmed meanwhile was not.
    if (told !== null && isThere) identity.ready(told)
  }

  /** [ID14] Without the code there is no user, and no anonymous visitor either. */
  #fail(cause: unknown): void {
    if (this.#user === null || this.#state.status !== 'authenticating') return
    const { userIdentifier } = this.#user
    this.#become({ status: 'reauthentication-required', userIdentifier, code: 'load-failed' })
    const message = 'signing in could not be loaded'
    this.#emitter.emit('failed', new ChatError('load-failed', message, { cause }))
  }

  #become(identity: IdentityState): void {
    if (JSON.stringify(identity) === JSON.stringify(this.#state)) return
    this.#state = identity
    this.#emitter.emit('change', { identity })
  }
}
