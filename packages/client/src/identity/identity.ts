/**
 * Who the visitor is, kept true: signs in, renews before and after expiry, and says so when it cannot.
 * Told of connections and of the server's wishes by methods; sends through a port; knows nothing of messages.
 */
import {
  type Authenticated,
  ChatError,
  type ErrorCode,
  type IdentityReceipt,
  LIMITS,
  type Ready,
} from '@chat-widget/protocol'
import type { TraceEntry } from '../chat-client-api.ts'
import type { ChatUser, IdentityState, RequestContext } from '../chat-state.ts'
import type { Reply, ReplyError } from '../connection/event-maps.ts'
import { createFullJitterPolicy } from '../connection/reconnect-policy.ts'
import { createEmitter } from '../util/emitter.ts'
import type { IdentityEvents, IdentityOptions } from './identity-options.ts'
import { createRenewal } from './renewal.ts'
import { createServerClock } from './server-clock.ts'
import { createSessionSharing, type SharedSession } from './session-sharing.ts'
import { type FlowOutcome, type FlowPorts, runFlow } from './sign-in-flow.ts'
import { isSessionOf, methodOf, sessionOf } from './signed-in-visitor.ts'
import { createTrace } from './trace.ts'

export class Identity {
  readonly #options: IdentityOptions
  readonly #ports: FlowPorts
  readonly #sharing
  readonly #emitter = createEmitter<IdentityEvents>()
  readonly #clock = createServerClock()
  readonly #trace
  readonly #renewal = createRenewal(
    () => this.#clock.now(),
    () => this.#renewAhead(),
  )
  #state: IdentityState = { status: 'anonymous' }
  #user: ChatUser | null = null
  /** The secret of the identified session: in memory only. */
  #session: string | undefined
  /** When the session was authenticated last, in whichever tab, by the server's clock. */
  #authenticatedAt = 0
  /** Another tab's session, which the server has yet to confirm here. */
  #isBorrowed = false
  /** Whether the host has set the user, and they are not identified yet. */
  #isSigningIn = false
  /** Whether the open connection is the session's. */
  #isAttached = false
  #context: RequestContext | null = null
  #expiresAt: number | null = null
  /** The context that was renewed ahead of its end: not to be renewed so again. */
  #renewed: RequestContext | null = null
  /** Whether the host was asked for the context in force ahead of its end, and had no other. */
  #isSpent = false
  /** The end for which the renewal was last scheduled; undefined: none yet. */
  #scheduledFor: number | null | undefined
  /** The sign-in or renewal under way. Aborting it drops whatever it still brings ([ID5]). */
  #flow: AbortController | null = null
  #request: Promise<Reply<Authenticated>> | null = null
  #online = false
  #wake = () => {}
  #version = 0

  constructor(options: IdentityOptions) {
    this.#options = options
    this.#trace = createTrace(options.request)
    this.#sharing = createSessionSharing(options.tabs, {
      held: () => this.#shareable(),
      heard: (shared) => this.#heard(shared),
      failed: (error) => {
        if (this.#flow !== null) this.#fail(error)
      },
    })
    this.#ports = {
      user: () => this.#user,
      providerTimeoutMs: options.providerTimeoutMs,
      policy: options.policy ?? createFullJitterPolicy(),
      isOnline: () => this.#online,
      whenOnline: (signal) => this.#whenOnline(signal),
      authenticate: (user, context) => this.#authenticate(user, context),
      hasSession: () => this.#session !== undefined,
      inTurn: this.#sharing.inTurn,
      askOthers: this.#sharing.ask,
    }
  }

  on<Name extends keyof IdentityEvents>(
    name: Name,
    listener: (detail: IdentityEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener)
  }

  get state(): IdentityState {
    return this.#state
  }

  get user(): ChatUser | null {
    return this.#user
  }

  /** The secret to reconnect with, where there is an identified session. */
  get session(): string | undefined {
    return this.#session
  }

  /** Grows with each successful authentication. */
  get version(): number {
    return this.#version
  }

  trace(): readonly TraceEntry[] {
    return this.#trace.entries()
  }

  /**
   * Signs a user in, or takes the new provider of the user who is signed in. Another user must be signed out first.
   * `afresh`: the host was asked to sign them in, so the one who is signed in is asked for a context again.
   */
  use(user: ChatUser, afresh = false): void {
    const before = this.#user
    const { status } = this.#state
    const isKnown = before !== null && status !== 'reauthentication-required'
    const isAskedAgain = isKnown && afresh && !this.#isSigningIn
    this.#user = user
    this.#session ??= sessionOf(user)
    if (isKnown && !isAskedAgain) return
    // A renewal under way is no sign-in: the server would let nothing go that waits for one.
    this.#stop()
    this.#isSigningIn = true
    // The same function was asked before and may hold what is stale; a new one is asked afresh.
    const isSame = before?.requestContextProvider === user.requestContextProvider
    const needsRefresh = isSame && this.#context !== null
    this.#context = null
    if (!isAskedAgain)
      this.#become({ status: 'authenticating', userIdentifier: user.userIdentifier }, 'user-set')
    // A session that is there already is for the server to confirm, not for anybody to be asked for.
    if (this.#online && sessionOf(user) !== undefined) this.#options.reconnect()
    else if (isAskedAgain || this.#online) this.#start(needsRefresh, 'user-set')
  }

  /** The server said who this device is. */
  ready({ serverTime, identity }: Pick<Ready, 'serverTime' | 'identity'>): void {
    this.#clock.set(serverTime)
    this.#online = true
    this.#isAttached = identity.status === 'identified'
    if (this.#isAttached) this.#isBorrowed = false
    this.#wake()
    const user = this.#user
    this.#trace.ready(identity, user)
    if (user === null || this.#flow !== null || this.#isStuck()) return
    if (identity.status !== 'identified') {
      this.#start(false, 'connected')
    } else if (!isSessionOf(identity, user)) {
      this.#fail(new ChatError('context-mismatch', 'the session is for another user'))
    } else if (identity.expiresAt !== null && identity.expiresAt <= this.#clock.now()) {
      this.#start(true, 'expired')
    } else {
      this.#identified(identity.expiresAt, 'connected')
    }
  }

  /** The connection is gone. What is under way waits for the next `ready`; the provider is not called for it ([ID8]). */
  disconnected(): void {
    this.#online = false
    this.#isAttached = false
    this.#trace.disconnected()
  }

  /** The server wants a context. */
  contextNeeded(refresh: boolean, cause: string): void {
    if (this.#user === null || this.#flow !== null || this.#isStuck()) return
    this.#start(refresh, cause)
  }

  /** The server ended the session: nothing is tried again without the host ([ID14]). */
  sessionEnded(error: ReplyError): void {
    if (this.#user === null || this.#state.status === 'signing-out') return
    this.#session = undefined
    this.#context = null
    if (this.#isBorrowed) {
      // Over before it came here: this tab's own host has not been asked yet.
      this.#isBorrowed = false
      return
    }
    this.#fail(new ChatError(error.code, error.message))
  }

  /** Renews now if the time has come; call it before sending, and when the page wakes up. */
  renewIfDue(): void {
    this.#renewal.check()
  }

  /** Resolves with whether the server still holds a session for the user, which is then to be revoked. */
  async signingOut(): Promise<boolean> {
    const user = this.#user
    if (user === null) return false
    this.#stop()
    this.#become({ status: 'signing-out', userIdentifier: user.userIdentifier }, 'sign-out')
    // A sign-in on its way may yet succeed, and would leave a session behind that nobody revokes.
    const reply = await this.#request
    if (reply?.ok) this.#session = reply.value.session?.token ?? this.#session
    return this.#session !== undefined
  }

  /** Anonymous again: nothing of the user is left. */
  forget(): void {
    this.#stop()
    this.#user = null
    this.#session = undefined
    this.#authenticatedAt = 0
    this.#isBorrowed = false
    this.#isSigningIn = false
    this.#context = null
    this.#expiresAt = null
    this.#renewed = null
    this.#isSpent = false
    this.#scheduledFor = undefined
    if (this.#state.status !== 'anonymous') this.#become({ status: 'anonymous' }, 'signed-out')
  }

  close(): void {
    this.#stop()
    this.#trace.disconnected()
    this.#emitter.clear()
  }

  /** While signing out or waiting for the host, the server's wishes change nothing. */
  #isStuck(): boolean {
    return this.#state.status === 'signing-out' || this.#state.status === 'reauthentication-required'
  }

  #renewAhead(): void {
    this.#renewed = this.#context
    this.contextNeeded(true, 'ahead-of-expiry')
  }

  #start(needsRefresh: boolean, cause: string): void {
    const user = this.#user
    if (user === null) return
    const flow = new AbortController()
    this.#flow = flow
    this.#renewal.cancel()
    const isExpired =
      this.#context !== null && this.#expiresAt !== null && this.#expiresAt <= this.#clock.now()
    const status = this.#state.status === 'identified' ? 'refreshing' : this.#state.status
    if (status === 'refreshing' || status === 'authenticating') {
      this.#become({ status, userIdentifier: user.userIdentifier }, cause)
    }
    void runFlow(this.#ports, flow.signal, needsRefresh || isExpired, this.#context).then((outcome) => {
      if (!flow.signal.aborted) this.#settle(user, outcome)
    })
  }

  #settle(user: ChatUser, outcome: FlowOutcome): void {
    switch (outcome.kind) {
      case 'authenticated':
        this.#succeed(user, outcome.context, outcome.value)
        break
      case 'failed':
        this.#sharing.fail(outcome.error)
        this.#fail(outcome.error)
        break
      case 'aborted':
        break
      default:
        outcome satisfies never
    }
  }

  async #authenticate(user: ChatUser, context: RequestContext): Promise<Reply<Authenticated>> {
    const { userIdentifier } = user
    const { authenticate, mergePolicy } = this.#options
    const request = authenticate({
      userIdentifier,
      mergePolicy,
      context: context as Record<string, unknown>,
      ...(this.#isSigningIn ? {} : { renewal: true }),
    })
    this.#request = request
    const reply = await request
    if (this.#request === request) this.#request = null
    return reply
  }

  #succeed(user: ChatUser, context: RequestContext, value: Authenticated): void {
    if (!isSessionOf(value.identity, user)) {
      this.#fail(new ChatError('context-mismatch', 'the context is for another user'))
      return
    }
    this.#flow = null
    this.#version += 1
    this.#clock.set(value.serverTime)
    this.#session = value.session?.token ?? this.#session
    this.#authenticatedAt = value.serverTime
    this.#isBorrowed = false
    this.#isAttached = true
    // A provider that keeps answering with the token in hand is not asked again before the server asks.
    this.#isSpent = JSON.stringify(context) === JSON.stringify(this.#renewed)
    this.#scheduledFor = undefined
    this.#context = context
    this.#emitter.emit('authenticated', value)
    this.#identified(value.identity.expiresAt, 'authenticated', value.receipt)
    const shareable = this.#shareable()
    if (shareable !== null) this.#sharing.tell(shareable)
  }

  #shareable(): SharedSession | null {
    const { status } = this.#state
    const session = this.#session
    if (session === undefined || (status !== 'identified' && status !== 'refreshing')) return null
    return {
      session,
      expiresAt: this.#expiresAt,
      authenticatedAt: this.#authenticatedAt,
      isRenewable: !this.#isSpent,
    }
  }

  /** Another tab got a session for the same user, or renewed the one they share. */
  #heard({ session, expiresAt, authenticatedAt, isRenewable }: SharedSession): void {
    const user = this.#user
    if (user === null || this.#state.status === 'signing-out' || authenticatedAt <= this.#authenticatedAt)
      return
    // Past the grace the server has locked this tab's connection, whatever became of the session.
    const isLocked = this.#expiresAt !== null && this.#expiresAt + LIMITS.contextGraceMs <= this.#clock.now()
    const goesOn = this.#isAttached && session === this.#session && !isLocked
    this.#stop()
    // What this tab's host was asked for has come about in another tab.
    if (this.#state.status === 'reauthentication-required') this.#isSigningIn = true
    this.#isBorrowed = session !== this.#session
    this.#session = session
    this.#authenticatedAt = authenticatedAt
    this.#isSpent = !isRenewable
    this.#context = null
    this.#version += 1
    if (goesOn) {
      this.#identified(expiresAt, 'shared')
      return
    }
    this.#expiresAt = expiresAt
    this.#become({ status: 'authenticating', userIdentifier: user.userIdentifier }, 'shared')
    this.#options.reconnect()
  }

  #identified(expiresAt: number | null, cause: string, receipt?: IdentityReceipt): void {
    const user = this.#user
    if (user === null) return
    const { userIdentifier } = user
    const method = methodOf(user)
    this.#expiresAt = expiresAt
    const state = { status: 'identified', userIdentifier, expiresAt } as const
    this.#become(method === undefined ? state : { ...state, method }, cause, undefined, receipt)
    if (this.#isSigningIn) {
      this.#isSigningIn = false
      this.#emitter.emit('signed-in', undefined)
    }
    // What only the person can renew is not renewed ahead.
    if (this.#isSpent || this.#scheduledFor === expiresAt || method !== undefined) return
    this.#scheduledFor = expiresAt
    this.#renewal.schedule(expiresAt, this.#authenticatedAt)
  }

  #fail(error: ChatError): void {
    this.#stop()
    const user = this.#user
    if (user === null) return
    this.#become(
      { status: 'reauthentication-required', userIdentifier: user.userIdentifier, code: error.code },
      'failed',
      error.code,
    )
    this.#emitter.emit('failed', error)
  }

  #stop(): void {
    this.#flow?.abort()
    this.#flow = null
    this.#renewal.cancel()
    this.#scheduledFor = undefined
  }

  async #whenOnline(signal: AbortSignal): Promise<void> {
    if (this.#online || signal.aborted) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      signal.addEventListener('abort', () => resolve())
    })
  }

  #become(state: IdentityState, cause: string, code?: ErrorCode, receipt?: IdentityReceipt): void {
    const before = this.#state
    if (receipt === undefined && JSON.stringify(before) === JSON.stringify(state)) return
    this.#state = state
    this.#trace.add(before.status, state.status, cause, code)
    this.#emitter.emit('change', receipt === undefined ? { identity: state } : { identity: state, receipt })
  }
}
