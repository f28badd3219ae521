/** One Socket.IO connection that is kept up: connects, reconnects by a policy, sends requests, hands events out. */
import { type ErrorCode, FATAL_CONNECT_CODES, type WireError } from '@chat-widget/protocol'
import { Manager } from 'socket.io-client'
import { Decoder, Encoder } from 'socket.io-parser'
import { isOnline } from '../browser/browser.ts'
import type { ConnectionState } from '../chat-state.ts'
import { createEmitter } from '../util/emitter.ts'
import type { Details, Reply, ReplyError, RequestOf, ValueOf } from './event-maps.ts'
import { watchPage } from './page-signals.ts'
import { createFullJitterPolicy, type ReconnectPolicy } from './reconnect-policy.ts'
import { serverAddress } from './server-address.ts'
import type { OtherTabs, ServerSocket } from './server-socket.ts'
import { createTransportChoice, type LoadPolling, type TransportChoice } from './transports.ts'

export interface ConnectionOptions {
  /** The server's origin, and the path below which it answers. */
  readonly server: string
  /** Socket.IO's namespace, e.g. `/visitor`. */
  readonly namespace: string
  /** Asked before each attempt; sent in the first packet. */
  readonly handshake: () => object | Promise<object>
  /** Read for each attempt, and sent in its address: a server that does not know a name there ignores it. No secrets. */
  readonly query?: () => Record<string, number>
  /** What the server tells once after each connection, before anything else. Default `ready`. */
  readonly readyEvent?: string
  /** Default: full jitter, 500 ms doubling up to 8 s. */
  readonly policy?: ReconnectPolicy
  /** How long a request waits for its answer. Default 10 000. */
  readonly ackTimeoutMs?: number
  /** How long an attempt may take to reach the server; twice as long until `readyEvent`. Default 10 000. */
  readonly connectTimeoutMs?: number
  /** Brings long polling where WebSocket fails. Default: the chunk beside this file. */
  readonly loadPolling?: LoadPolling
  /** The other tabs of the visitor, which share one socket. Default: there are none. */
  readonly tabs?: OtherTabs
}

export interface ConnectionEvents {
  /** `connected` is told before the event that caused it, `readyEvent`, is handed out. */
  state: ConnectionState
  /** The server refused the handshake, or this page cannot speak to it. After a fatal code the connection is closed. */
  refused: ReplyError
  /** The server could not be reached by any transport; how many attempts in a row. */
  unreachable: number
}

/** A connection shorter than this was no success: its loss counts as one more failed attempt. */
const STABLE_AFTER_MS = 5_000
/** The wall clock went on by this much more than the page's own, which stands still in sleep: the device slept. */
const SLEPT_MS = 5_000

/** `In` and `Out` are Socket.IO event maps; `In` has the `readyEvent`. */
export class Connection<In, Out> {
  readonly #options: ConnectionOptions
  readonly #address: string
  readonly #policy: ReconnectPolicy
  readonly #transports: TransportChoice
  readonly #own = createEmitter<ConnectionEvents>()
  readonly on = this.#own.on
  readonly #incoming = createEmitter<Details<In>>()
  /** Subscribes to an event of the server. */
  readonly onEvent = this.#incoming.on
  readonly #unwatch: () => void
  #state: ConnectionState = { status: 'closed' }
  #running = false
  /** In the back/forward cache, or on the way there. */
  #frozen = false
  #socket: ServerSocket | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #attempts = 0
  #unreached = 0
  #connectedAt = 0
  /** How far apart wall clock and page clock were when it last began to connect. */
  #apart = 0
  /** Counts what supersedes an asynchronous step: a drop, a stop, a new attempt. */
  #epoch = 0

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#policy = options.policy ?? createFullJitterPolicy()
    this.#address = serverAddress(options.server)
    this.#transports = createTransportChoice(options.loadPolling)
    this.#unwatch = watchPage({
      wake: () => this.#wake(),
      offline: () => this.#goOffline(),
      hide: () => this.#freeze(),
      resume: () => this.#resume(),
    })
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Connects and keeps connected until `stop()`. While it runs, connects anew only if the device slept meanwhile. */
  start(): void {
    if (!this.#running || this.#hasSlept()) this.restart()
  }

  /** Connects anew at once, with a new handshake. */
  restart(): void {
    this.#running = true
    this.#attempts = 0
    if (isJsonIntact()) this.#attempt()
    else
      this.#refused({
        code: 'json-patched',
        message: 'a script changes JSON.stringify',
      })
  }

  stop(reason?: ErrorCode): void {
    this.#running = false
    this.#unreached = 0
    this.#drop()
    this.#set(reason === undefined ? { status: 'closed' } : { status: 'closed', reason })
  }

  /** Stops for good. Idempotent. */
  close(): void {
    this.#unwatch()
    this.stop()
    this.#own.clear()
    this.#incoming.clear()
  }

  /** Sends a request; answers after at most `ackTimeoutMs`. Never rejects. */
  async request<Name extends keyof Out & string>(
    name: Name,
    payload: RequestOf<Out, Name>,
  ): Promise<Reply<ValueOf<Out, Name>>> {
    const doubt = this.#options.tabs?.confirm()
    if (doubt !== undefined) await doubt
    const socket = this.#socket
    if (socket === undefined || this.#state.status !== 'connected') return unanswered('not connected')
    return new Promise((resolve) => {
      const answer = (error: Error | null, reply?: unknown) =>
        resolve(
          error === null && reply !== undefined
            ? (reply as Reply<ValueOf<Out, Name>>)
            : unanswered(error?.message ?? 'no answer'),
        )
      socket.timeout(this.#options.ackTimeoutMs ?? 10_000).emit(name, payload, answer)
    })
  }

  /** Sends what needs no answer and may be lost. */
  notify<Name extends keyof Out & string>(name: Name, payload: RequestOf<Out, Name>): void {
    if (this.#state.status === 'connected') this.#socket?.emit(name, payload)
  }

  #attempt(): void {
    this.#drop()
    this.#apart = clocksApart()
    if (!this.#mayTry()) return
    this.#set(
      this.#attempts === 0 ? { status: 'connecting' } : { status: 'reconnecting', attempt: this.#attempts },
    )
    const epoch = this.#epoch
    const { tabs, connectTimeoutMs = 10_000 } = this.#options
    this.#timer = setTimeout(() => this.#schedule(), 2 * connectTimeoutMs)
    void Promise.resolve(tabs?.find()).then((through) => {
      if (epoch === this.#epoch) this.#open(through ?? this.#createSocket(connectTimeoutMs))
      else through?.disconnect()
    })
  }

  #createSocket(timeout: number): ServerSocket {
    const { namespace, handshake, query } = this.#options
    // The library takes the origin of an address alone.
    const path = this.#address.replace(/^(\w+:\/\/)?[^/]*/, '')
    const manager = new Manager(this.#address, {
      path: `${path}/socket.io`,
      query: query?.() ?? {},
      autoConnect: false,
      reconnection: false,
      timeout,
      // The default one is a namespace, of which the build makes an object by a loop that fails on a page where something
      // else than a function was added to Object.prototype: see published-libraries.mjs.
      parser: { Encoder, Decoder },
      transports: this.#transports.list(),
      tryAllTransports: true,
      upgrade: false,
    })
    const socket = manager.socket(namespace, {
      auth: (send) =>
        void Promise.resolve()
          .then(handshake)
          .then(send, () => this.#lost(socket)),
    })
    return socket
  }

  #open(socket: ServerSocket): void {
    this.#socket = socket
    socket.on('disconnect', () => this.#lost(socket))
    socket.on('connect_error', (error: Error & { data?: unknown }) => {
      if (isWireError(error.data)) this.#refused(error.data)
      else this.#lost(socket, error)
    })
    socket.onAny((name, detail) => {
      if (name === 'wait') return this.#refused(detail as WireError)
      if (name === (this.#options.readyEvent ?? 'ready')) this.#ready()
      this.tell(name as keyof In, detail as Details<In>[keyof In])
    })
    socket.connect()
  }

  /** Hands an event out, as if the server had told it. */
  tell<Name extends keyof In>(name: Name, detail: Details<In>[Name]): void {
    this.#incoming.emit(name, detail)
    this.#options.tabs?.told(name as string, detail)
  }

  #ready(): void {
    clearTimeout(this.#timer)
    this.#connectedAt = Date.now()
    this.#set({ status: 'connected' })
  }

  #refused(error: ReplyError): void {
    const fatal = FATAL_CONNECT_CODES.has(error.code)
    this.#settle()
    if (fatal) this.stop(error.code)
    else this.#schedule(error.retryAfterMs)
    this.#own.emit('refused', error)
  }

  /** `error`: no transport reached the server. */
  #lost(socket: ServerSocket, error?: Error): void {
    if (socket !== this.#socket) return
    const wasConnected = this.#settle()
    this.#schedule()
    if (wasConnected || error === undefined) return
    const epoch = this.#epoch
    void this.#transports.failed(error.message === 'timeout').then((isOutOfReach) => {
      if (!isOutOfReach || epoch !== this.#epoch) return
      this.#unreached += 1
      this.#own.emit('unreachable', this.#unreached)
    })
  }

  /** Counts tries anew after a connection that was stable. Returns true if there was a connection. */
  #settle(): boolean {
    if (this.#state.status !== 'connected') return false
    if (Date.now() - this.#connectedAt >= STABLE_AFTER_MS) this.#attempts = this.#unreached = 0
    return true
  }

  #schedule(atLeastMs = 0): void {
    this.#drop()
    if (!this.#mayTry()) return
    this.#attempts += 1
    this.#set({ status: 'reconnecting', attempt: this.#attempts })
    // Jitter on top: those who are told the same time must not come back in the same moment.
    const delay = atLeastMs + this.#policy.nextDelayMs(this.#attempts)
    this.#timer = setTimeout(() => this.#attempt(), delay)
  }

  /** False while stopped, in the cache, or without a network, which is then the state. */
  #mayTry(): boolean {
    if (!this.#running || this.#frozen) return false
    if (isOnline()) return true
    this.#set({ status: 'offline' })
    return false
  }

  /** Lets go of socket and timer; unanswered requests come back as `server-unreachable`. */
  #drop(): void {
    this.#epoch += 1
    clearTimeout(this.#timer)
    this.#timer = undefined
    const socket = this.#socket
    this.#socket = undefined
    if (socket === undefined) return
    socket.off()
    socket.offAny()
    // Requests held back by a dead connection would otherwise be answered only when their time is over.
    socket.sendBuffer = []
    socket.disconnect()
  }

  #wake(): void {
    // An attempt under way is left alone; one that waits for its time is made now.
    if (this.#running && (this.#hasSlept() || this.#socket === undefined)) this.#attempt()
  }

  /** Then the server may have let go unheard, and what time it is there is not known. */
  #hasSlept(): boolean {
    return clocksApart() - this.#apart > SLEPT_MS
  }

  #goOffline(): void {
    if (!this.#running) return
    this.#drop()
    this.#set({ status: 'offline' })
  }

  #freeze(): void {
    this.#frozen = true
    // Always news, whatever was being tried: a lock held for an attempt must not go into the cache.
    this.#attempts = 0
    this.#drop()
    if (this.#running) this.#set({ status: 'reconnecting', attempt: this.#attempts })
  }

  #resume(): void {
    this.#frozen = false
    this.#attempts = 0
    this.#attempt()
  }

  #set(state: ConnectionState): void {
    const before = this.#state
    if (JSON.stringify(before) === JSON.stringify(state)) return
    this.#state = state
    this.#own.emit('state', state)
  }
}

/** An old prototype.js, for one, gives arrays a `toJSON` that makes strings of them, and no message is one any more. */
const isJsonIntact = () => JSON.stringify(['', { a: [1] }]) === '["",{"a":[1]}]'

const clocksApart = () => Date.now() - performance.now()

const unanswered = (message: string): Reply<never> => ({
  ok: false,
  error: { code: 'server-unreachable', message },
})

const isWireError = (value: unknown): value is WireError =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string'
