/** One login inside the chat: the person to ask, the wait for their answer, and the outcome. */
import type {
  AskedPersonOutcome,
  AuthenticationRequestId,
  BuiltInMethod,
  ErrorCode,
} from '@chat-widget/protocol'
import { randomBytes } from '../browser/browser.ts'
import type { ReplyError } from '../connection/event-maps.ts'
import { whenConnectedOrClosed } from '../connection/when-connected.ts'
import type { BuiltInLoginPorts } from './built-in-login-ports.ts'
import { isApproved, type KeptRequest, REQUEST_KEY, visitorOf } from './kept-request.ts'

export type BuiltInLoginState =
  /** Checks for a pending request from before a reload. */
  | { readonly status: 'loading' }
  /** No request yet. `problem`: why the last try failed. */
  | { readonly status: 'idle'; readonly problem: BuiltInLoginProblem | null }
  | { readonly status: 'asking'; readonly method: BuiltInMethod; readonly address: string }
  | {
      readonly status: 'waiting'
      readonly method: BuiltInMethod
      readonly address: string
      readonly bindingCode: string
      /** Milliseconds since the epoch, by this device's clock. */
      readonly expiresAt: number
      readonly resendAt: number
      /** Reason why the person could not be asked again. */
      readonly problem: BuiltInLoginProblem | null
    }
  /** Approved; the identity reports the outcome. */
  | { readonly status: 'signing-in' }
  /**
   * Ended without a sign-in. `locked`: too many wrong codes. `canceled`: by the visitor, or replaced by another
   * request.
   */
  | { readonly status: 'ended'; readonly outcome: BuiltInLoginOutcome }

export type BuiltInLoginOutcome = 'denied' | 'expired' | 'canceled' | 'locked'

export interface BuiltInLoginProblem {
  /** `bad-request`: an invalid address. `rate-limited`: too many; `retryAt` is the time to try again. */
  readonly code: ErrorCode
  /** Milliseconds since the epoch, by this device's clock. */
  readonly retryAt: number | null
}

export interface BuiltInLogin {
  readonly state: BuiltInLoginState
  /** Returns the unsubscribe. */
  on(name: 'change', listener: (state: BuiltInLoginState) => void): () => void
  /** Asks, or reports in `idle` why it could not. Offline it waits for the connection. */
  ask(method: BuiltInMethod, address: string): Promise<void>
  /** Asks the same person once more: makes a new code, and voids the one before. */
  resend(): Promise<void>
  /** Cancels the request. */
  cancel(): void
  /** Clears timers and listeners; a pending request goes on, for the next login. Idempotent. */
  close(): void
}

export function createBuiltInLogin(ports: BuiltInLoginPorts): BuiltInLogin {
  const { storage, connection, identity } = ports
  const request: typeof connection.request = (name, payload) => connection.request(name, payload)
  /** [ID12] An approval that comes after the present visitor signed out signs nobody in. */
  const { visit } = identity
  const listeners = new Set<(state: BuiltInLoginState) => void>()
  let state: BuiltInLoginState = { status: 'loading' }
  let kept: KeptRequest | null = null
  let expiry: ReturnType<typeof setTimeout> | undefined
  let isClosed = false
  /** The person is asked anew, which cancels the earlier request. */
  let isAskingAnew = false

  const isOver = () => isClosed || state.status === 'ended'

  function setState(next: BuiltInLoginState): void {
    if (isOver()) return
    state = next
    for (const listener of [...listeners]) listener(state)
  }

  function wait(now: KeptRequest, problem: BuiltInLoginProblem | null = null): void {
    kept = now
    const { method, address, bindingCode, expiresAt, resendAt } = now
    clearTimeout(expiry)
    // By a timer, as offline there is no event.
    expiry = setTimeout(() => end('expired'), Math.max(0, expiresAt - Date.now()))
    setState({ status: 'waiting', method, address, bindingCode, expiresAt, resendAt, problem })
  }

  function end(outcome: BuiltInLoginOutcome): void {
    clearTimeout(expiry)
    const over = kept
    kept = null
    if (over !== null) void forget(over)
    setState({ status: 'ended', outcome })
  }

  async function keep(request: KeptRequest): Promise<void> {
    if (!visit.aborted) await storage.update(REQUEST_KEY, () => request)
  }

  /**
   * Deletes only its own request: another tab may have stored one since. In one transaction, as the next login reads
   * it.
   */
  const forget = ({ id }: KeptRequest): Promise<void> =>
    storage.update<KeptRequest | undefined>(REQUEST_KEY, (stored) => (stored?.id === id ? undefined : stored))

  async function handleOutcome({ requestId, status, isLocked, subject }: AskedPersonOutcome): Promise<void> {
    if (isClosed || kept?.id !== requestId) return
    switch (status) {
      case 'pending':
        return
      case 'approved': {
        if (subject === null) return end('expired')
        const approval = { ...kept, userIdentifier: subject }
        clearTimeout(expiry)
        setState({ status: 'signing-in' })
        // Stored before it is claimed: other tabs, and this one after a crash, read from it who is signed in.
        await keep(approval)
        // A user who is signed in was asked to sign in again.
        if (!visit.aborted) identity.follow(visitorOf(approval), true).catch(() => {})
        return
      }
      case 'denied':
      case 'expired':
        return end(status)
      case 'canceled':
        if (isAskingAnew) return
        return end(isLocked ? 'locked' : 'canceled')
      // [AR6] Visitors are never told of these.
      case 'unauthorized':
      case 'errored':
        return end('expired')
      default:
        status satisfies never
    }
  }

  async function follow(): Promise<void> {
    const mine = kept
    if (mine === null || state.status !== 'waiting') return
    const reply = await request('authentication-request:follow', ownOf(mine))
    if (reply.ok) return handleOutcome(reply.value)
    if (reply.error.code === 'not-found' && kept?.id === mine.id) end('expired')
    // Any other error may pass: retried with the next connection.
  }

  async function load(): Promise<void> {
    const stored = await storage.get<KeptRequest>(REQUEST_KEY)
    if (isClosed || state.status !== 'loading') return
    if (stored === undefined) return setState({ status: 'idle', problem: null })
    if (isApproved(stored)) return setState({ status: 'signing-in' })
    wait(stored)
    if (connection.state.status === 'connected') await follow()
  }

  async function ask(method: BuiltInMethod, address: string): Promise<void> {
    for (;;) {
      const { status } = await whenConnectedOrClosed(connection)
      if (isOver()) return
      if (status === 'closed') return refuse({ code: 'server-unreachable', message: '' })
      const session = newSecret()
      if (session === undefined) return refuse({ code: 'unavailable', message: 'no source of random bits' })
      const reply = await request('authentication-request:create', { method, address })
      // A request whose answer was lost is replaced by the next one.
      if (!reply.ok && reply.error.code === 'server-unreachable') continue
      if (!reply.ok) return refuse(reply.error)
      const { requestId, secret, bindingCode, expiresInMs, resendInMs } = reply.value
      const at = Date.now()
      const made: KeptRequest = {
        ...{ id: requestId, secret, session, method, address, bindingCode },
        expiresAt: at + expiresInMs,
        resendAt: at + resendInMs,
      }
      await keep(made)
      // Cancelled meanwhile: nobody is to answer it any more.
      if (isClosed || state.status === 'ended')
        return void request('authentication-request:cancel', ownOf(made))
      return wait(made)
    }
  }

  function refuse({ code, retryAfterMs }: ReplyError): void {
    const problem = { code, retryAt: retryAfterMs === undefined ? null : Date.now() + retryAfterMs }
    if (kept === null) setState({ status: 'idle', problem })
    else wait(kept, problem)
  }

  const off = [
    connection.onEvent('authentication-request', (outcome) => void handleOutcome(outcome)),
    connection.on('state', ({ status }) => {
      if (status === 'connected') void follow()
    }),
  ]
  void load()

  return {
    get state() {
      return state
    },
    on(_name, listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async ask(method, address) {
      if (state.status !== 'idle') return
      setState({ status: 'asking', method, address })
      await ask(method, address)
    },
    async resend() {
      if (kept === null || state.status !== 'waiting') return
      const { method, address } = kept
      isAskingAnew = true
      await ask(method, address).finally(() => {
        isAskingAnew = false
      })
    },
    cancel() {
      if (state.status === 'signing-in') return
      // Best effort: a request that cannot be cancelled expires.
      if (kept !== null) void request('authentication-request:cancel', ownOf(kept))
      end('canceled')
    },
    close() {
      isClosed = true
      clearTimeout(expiry)
      for (const unsubscribe of off) unsubscribe()
      listeners.clear()
    },
  }
}

const ownOf = ({ id, secret }: KeptRequest) => ({ requestId: id as AuthenticationRequestId, secret })

/** 256 random bits in base64url; `undefined` if the browser has no source of them. */
function newSecret(): string | undefined {
  const bytes = randomBytes(32)
  if (bytes === undefined) return undefined
  const base64 = btoa(String.fromCharCode(...bytes))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
