/**
 * Bounds the packets that one connection may send and the bytes that may wait to be sent to it ([DL9]). Works below
 * Socket.IO, so that excess packets are not even parsed: over a limit a connection gets a few refusals, then is not
 * read for a while, then is cut.
 */
import type { IncomingMessage } from 'node:http'
import type { Socket as NetSocket } from 'node:net'
import type { WireError } from '@chat-widget/protocol'
import type { Socket } from 'socket.io'
import { createTokenBucket, type TokenBucket } from '../limits/token-bucket.ts'
import type { ReadingTurn } from './reading-turns.ts'
import type { Tuning } from './tuning.ts'

export interface ConnectionGuard {
  /** Counts a request that was refused for this long. Returns false if there were too many: it gets no answer. */
  overLimit(retryAfterMs: number): boolean
  /** Called once before the connection is cut, with the error for its devices. */
  onCut(tell: (error: WireError) => void): void
}

/** engine.io's socket. */
export type Connection = Socket['conn']

/** The WebSocket of engine.io's transport, and its network socket. */
interface WebSocketBeneath {
  readonly bufferedAmount: number
  readonly _socket: NetSocket
  on(event: 'ping' | 'pong', listener: () => void): void
  terminate(): void
}

/** The same for all connections. */
export interface GuardOptions {
  readonly tuning: Pick<
    Tuning,
    'packetRate' | 'answeredOverLimit' | 'holdMs' | 'holdsBeforeCut' | 'bufferBytes' | 'stalledMs'
  >
  readonly now: () => number
  /** Adds the connection's socket to the reading turns, for as long as it is open. */
  readonly join: (socket: NetSocket, request: IncomingMessage) => ReadingTurn
  /** Called when it is cut for what it sent. Resolves with the milliseconds that its address has to wait. */
  readonly chargeCut: (request: IncomingMessage) => Promise<number>
}

/** Time for a cut connection to read why. */
const LAST_WORDS_MS = 1_000
/** Time of keeping to the limits after which earlier excess is forgotten. Milliseconds. */
const FORGIVEN_MS = 60_000
/** Spreads pauses, so that connections paused at the same moment do not resume at the same moment. */
const spread = (ms: number) => ms * (0.5 + Math.random())

export function guardConnection(connection: Connection, options: GuardOptions): void {
  guards.set(connection, new GuardedConnection(connection, options))
}

const guards = new WeakMap<Connection, GuardedConnection>()

function ofConnection(connection: Connection): GuardedConnection {
  const guard = guards.get(connection)
  if (guard === undefined) throw new Error('a connection has no guard')
  return guard
}

function onUpgrade(this: Connection): void {
  ofConnection(this).joinWebSocket()
}

function onPacket(this: Connection): void {
  ofConnection(this).count()
}

function onData(this: Connection, data: unknown): void {
  ofConnection(this).take(data)
}

function onPacketCreate(this: Connection, { data }: { readonly data?: string | Buffer }): void {
  ofConnection(this).mayWait(data === undefined ? 0 : Buffer.byteLength(data))
}

function onFlush(this: Connection): void {
  ofConnection(this).flushed()
}

function onClose(this: Connection): void {
  ofConnection(this).closed()
}

/** Guard of a socket's connection. */
export const guardOf = ({ conn }: { readonly conn: Connection }): ConnectionGuard => ofConnection(conn)

/**
 * A class, and listeners that are the same functions for all connections: closures of each were a part of the memory of an
 * idle one.
 */
class GuardedConnection implements ConnectionGuard {
  readonly #connection: Connection
  readonly #options: GuardOptions
  readonly #packets: TokenBucket
  /** Socket.IO's own listeners, which parse the input. */
  readonly #parsers: readonly ((data: unknown) => void)[]
  #tellers: readonly ((error: WireError) => void)[] = []
  #state: 'reading' | 'held' | 'cut' = 'reading'
  /** Requests sent although the device was told to wait. */
  #strikes = 0
  #waitUntil = 0
  #holds = 0
  #heldAt = 0
  #timer: NodeJS.Timeout | undefined
  /** Bytes given to engine.io and not yet to the transport. */
  #queuedBytes = 0
  #flushedAt = performance.now()
  #turn: ReadingTurn | null = null

  constructor(connection: Connection, options: GuardOptions) {
    this.#connection = connection
    this.#options = options
    const { tuning, now } = options
    this.#packets = createTokenBucket(tuning.packetRate, now)
    this.joinWebSocket()
    if (this.#turn === null) connection.once('upgrade', onUpgrade)
    // Socket.IO's own listener is already there.
    this.#parsers = connection.listeners('data') as ((data: unknown) => void)[]
    connection.removeAllListeners('data')
    connection.on('packet', onPacket)
    connection.on('data', onData)
    connection.on('packetCreate', onPacketCreate)
    connection.on('flush', onFlush)
    connection.on('close', onClose)
  }

  overLimit(retryAfterMs: number): boolean {
    if (this.#state !== 'reading') return false
    const { tuning, now } = this.#options
    const time = now()
    // A device that waits as told may be refused any number of times.
    this.#strikes = time < this.#waitUntil ? this.#strikes + 1 : 0
    this.#waitUntil = Math.max(this.#waitUntil, time + retryAfterMs)
    if (this.#strikes <= tuning.answeredOverLimit) return true
    this.#hold(retryAfterMs)
    return false
  }

  onCut(tell: (error: WireError) => void): void {
    // `concat` leaves no spare room in the list.
    this.#tellers = this.#tellers.concat(tell)
  }

  #beneath(): WebSocketBeneath | null {
    const { transport } = this.#connection
    return transport.name === 'websocket'
      ? (transport as unknown as { readonly socket: WebSocketBeneath }).socket
      : null
  }

  joinWebSocket(): void {
    const socket = this.#beneath()
    if (socket === null) return
    this.#turn = this.#options.join(socket._socket, this.#connection.request)
    // Answered below engine.io, which gets no event for them.
    const count = () => this.count()
    socket.on('ping', count)
    socket.on('pong', count)
  }

  take(data: unknown): void {
    if (this.#state === 'reading') for (const parse of this.#parsers) parse(data)
  }

  count(): void {
    this.#turn?.count()
    if (this.#state !== 'reading') return
    const retryAfterMs = this.#packets.take()
    if (retryAfterMs > 0) this.#hold(retryAfterMs)
  }

  #hold(retryAfterMs: number): void {
    if (this.#state !== 'reading') return
    const { holdMs, holdsBeforeCut, answeredOverLimit } = this.#options.tuning
    const time = performance.now()
    this.#holds = time - this.#heldAt > FORGIVEN_MS ? 1 : this.#holds + 1
    this.#heldAt = time
    // Long polling cannot be paused: each poll is a request of its own.
    if (this.#turn === null || this.#holds > holdsBeforeCut) {
      this.#cut(retryAfterMs)
      return
    }
    this.#state = 'held'
    this.#turn.pause()
    this.#timer = setTimeout(() => {
      if (this.#state !== 'held') return
      this.#state = 'reading'
      // The next early request gets no answer.
      this.#strikes = answeredOverLimit
      this.#turn?.resume()
    }, spread(holdMs))
  }

  #cut(retryAfterMs: number): void {
    if (this.#state === 'cut') return
    const { chargeCut } = this.#options
    const end = () => this.#end()
    this.#state = 'cut'
    clearTimeout(this.#timer)
    this.#turn?.end()
    // Not longer: the address's limit may be counted elsewhere.
    this.#timer = setTimeout(end, LAST_WORDS_MS)
    chargeCut(this.#connection.request).then((waitMs) => {
      const wait = Math.max(retryAfterMs, waitMs)
      const message = 'Too much was sent; connect again later.'
      for (const tell of this.#tellers) tell({ code: 'rate-limited', message, retryAfterMs: wait })
      this.#connection.close()
    }, end)
  }

  /** Cuts at once, dropping whatever waits to be sent: a peer that reads nothing would not read the end either. */
  #end(): void {
    this.#state = 'cut'
    clearTimeout(this.#timer)
    const socket = this.#beneath()
    this.#turn?.end()
    this.#connection.close(true)
    socket?.terminate()
  }

  mayWait(bytes: number): void {
    this.#queuedBytes += bytes
    const { tuning } = this.#options
    const socket = this.#beneath()
    const isStalled =
      socket !== null &&
      !this.#connection.transport.writable &&
      performance.now() - this.#flushedAt > tuning.stalledMs
    if (isStalled || this.#queuedBytes + (socket?.bufferedAmount ?? 0) > tuning.bufferBytes) this.#end()
  }

  flushed(): void {
    this.#queuedBytes = 0
    this.#flushedAt = performance.now()
  }

  closed(): void {
    if (this.#state !== 'cut') {
      clearTimeout(this.#timer)
      // It would wait for the peer's close frame.
      if (this.#turn?.isUnread === true) this.#timer = setTimeout(() => this.#end(), LAST_WORDS_MS)
    }
    this.#tellers = []
  }
}
