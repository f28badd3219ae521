/**
 * @internal [ID15] The life of each tap on a login button, stored for the tab so that it survives a redirect to a login
 * page. The widget's copy comes with the button, or when an earlier page has stored one.
 */
import type { ConversationId, LoginRequestId, MessageId } from '@chat-widget/protocol'
import type { LoginReason, LoginRequest } from './chat-state.ts'
import type { ChatStorage } from './storage/chat-storage.ts'
import { createEmitter } from './util/emitter.ts'
import { randomId } from './util/random-id.ts'

const KEY = 'logins'
/**
 * Time after the end of a code, so that it is reported as that, and not as a login that took too long. Milliseconds.
 */
const AFTER_CODE_MS = 60_000

interface StoredLogin extends LoginRequest {
  /** Milliseconds since the epoch, by this device's clock. */
  readonly timesOutAt: number
}

export interface LoginRequestsEvents {
  change: undefined
}

export interface LoginPorts {
  readonly belongings: {
    /** A login button is tapped, which brought the code. */
    useLogins(Requests: typeof LoginRequests): LoginRequests
  }
}

export class LoginRequests {
  readonly #storage: ChatStorage
  readonly #timeoutMs: number
  readonly #emitter = createEmitter<LoginRequestsEvents>()
  readonly on = this.#emitter.on
  /** The newest login of each card. */
  #logins: readonly StoredLogin[] = []
  #listed: { readonly of: readonly StoredLogin[]; readonly list: readonly LoginRequest[] } = {
    of: [],
    list: [],
  }
  /** Logins that ended before `load()` read them; `null` from then on. */
  #early: [which: Which, state: LoginRequest['state']][] | null = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(storage: ChatStorage, timeoutMs = 15 * 60_000) {
    this.#storage = storage
    this.#timeoutMs = timeoutMs
  }

  /** The same object until one changes. */
  list(): readonly LoginRequest[] {
    if (this.#listed.of !== this.#logins)
      this.#listed = { of: this.#logins, list: this.#logins.map(({ timesOutAt: _, ...login }) => login) }
    return this.#listed.list
  }

  /** True if the host has yet to answer one. */
  get isOpen(): boolean {
    return this.#logins.some(isOpen)
  }

  /** Loads logins from before the page was left. */
  async load(): Promise<void> {
    const stored = (await this.#storage.get<readonly StoredLogin[]>(KEY).catch(() => {})) ?? []
    const isNewer = (login: StoredLogin) => this.#logins.some((one) => one.messageId === login.messageId)
    const early = this.#early ?? []
    this.#early = null
    let earlier = stored.filter((login) => !isNewer(login))
    // Requests of this page are newer, and have been ended at once.
    for (const [which, state] of early) earlier = ended(earlier, which, state)
    this.#logins = [...earlier, ...this.#logins]
    if (early.length > 0) return this.#change(this.#logins)
    this.#expire()
    this.#emitter.emit('change', undefined)
  }

  /** If the card has a request that is `requested`, returns that one with `isNew: false`. */
  request(request: {
    readonly reason: LoginReason
    readonly messageId: MessageId | null
    readonly conversationId: ConversationId | null
  }): { readonly login: LoginRequest; readonly isNew: boolean } {
    const running = this.list().find((login) => login.messageId === request.messageId && isOpen(login))
    if (running !== undefined) return { login: running, isNew: false }
    const login: LoginRequest = { requestId: randomId(), ...request, state: { status: 'requested' } }
    const others = this.#logins.filter((one) => one.messageId !== request.messageId)
    this.#change([...others, { ...login, timesOutAt: Date.now() + this.#timeoutMs }])
    return { login, isNew: true }
  }

  /** The chat itself signs the visitor in; taken again, its time starts again. */
  take(requestId: LoginRequestId): void {
    const taken = { isBuiltIn: true as const, timesOutAt: Date.now() + this.#timeoutMs + AFTER_CODE_MS }
    this.#change(
      this.#logins.map((login) => (login.requestId === requestId ? { ...login, ...taken } : login)),
    )
  }

  cancel(requestId: LoginRequestId): void {
    this.#end((login) => login.requestId === requestId, { status: 'canceled' })
  }

  fail(requestId: LoginRequestId, reason: string): void {
    this.#end((login) => login.requestId === requestId, { status: 'failed', reason })
  }

  /** The visitor is identified: their logins have succeeded. */
  signedIn(): void {
    // The outcome of an earlier "Sign in again" does not matter when the next one is due.
    this.#logins = this.#logins.filter(
      ({ messageId, state }) => messageId !== null || state.status === 'requested',
    )
    this.#end(() => true, { status: 'signed-in' })
  }

  /** Nobody could be signed in, neither by a tap nor otherwise. */
  failed(): void {
    this.#end(() => true, { status: 'failed', reason: '' })
  }

  async purge(): Promise<void> {
    clearTimeout(this.#timer)
    this.#logins = []
    this.#emitter.emit('change', undefined)
    await this.#storage.update(KEY, () => undefined)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#emitter.clear()
  }

  #end(which: Which, state: LoginRequest['state']): void {
    this.#early?.push([which, state])
    if (this.#logins.some((login) => isOpen(login) && which(login)))
      this.#change(ended(this.#logins, which, state))
  }

  #change(logins: readonly StoredLogin[]): void {
    this.#logins = logins
    // A full store keeps nobody from signing in.
    this.#storage.update(KEY, () => logins).catch(() => {})
    this.#expire()
    this.#emitter.emit('change', undefined)
  }

  #expire(): void {
    clearTimeout(this.#timer)
    const open = this.#logins.filter(isOpen)
    if (this.#closed || open.length === 0) return
    const now = Date.now()
    if (open.some((login) => login.timesOutAt <= now)) {
      this.#end((login) => login.timesOutAt <= now, { status: 'timed-out' })
      return
    }
    const next = Math.min(...open.map((login) => login.timesOutAt))
    this.#timer = setTimeout(() => this.#expire(), Math.min(next - now, 2 ** 31 - 1))
  }
}

type Which = (login: StoredLogin) => boolean

const isOpen = ({ state }: LoginRequest) => state.status === 'requested'

const ended = (logins: readonly StoredLogin[], which: Which, state: LoginRequest['state']) =>
  logins.map((login) => (isOpen(login) && which(login) ? { ...login, state } : login))
