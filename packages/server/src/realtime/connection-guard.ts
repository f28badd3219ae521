/**
 * Bounds the packets that one connection may send and the bytes that may wait to be sent to it ([DL9]). Works below
 * Socket.IO, so that excess packets are not even parsed: over a limit a connection gets a few refusals, then is not
 * read for a while, then is cut.
 */
import type { Socket as NetSocket } from 'node:net'
import type { WireError } from '@chat-widget/protocol'
import type { Socket } from 'socket.io'
import { createTokenBucket } from '../limits/token-bucket.ts'
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

export interface GuardOptions {
  readonly connection: Connection
  readonly tuning: Pick<
    Tuning,
    'packetRate' | 'answeredOverLimit' | 'holdMs' | 'holdsBeforeCut' | 'bufferBytes' | 'stalledMs'
  >
  readonly now: () => number
  /** Adds the connection's socket to the reading turns, for as long as it is open. */
  readonly join: (socket: NetSocket) => ReadingTurn
  /** Called when it is cut for what it sent. Resolves with the milliseconds that its address has to wait. */
  readonly chargeCut: () => Promise<number>
}

/** Time for a cut connection to read why. */
const LAST_WORDS_MS = 1_000
/** Time of keeping to the limits after which earlier excess is forgotten. Milliseconds. */
const FORGIVEN_MS = 60_000
/** Spreads pauses, so that connections paused at the same moment do not resume at the same moment. */
const spread = (ms: number) => ms * (0.5 + Math.random())

export function guardConnection({ connection, tuning, now, join, chargeCut }: GuardOptions): ConnectionGuard {
  const packets = createTokenBucket(tuning.packetRate, now)
  const tellers = new Set<(error: WireError) => void>()
  let state: 'reading' | 'held' | 'cut' = 'reading'
  /** Requests sent although the device was told to wait. */
  let strikes = 0
  let waitUntil = 0
  let holds = 0
  let heldAt = 0
  let timer: NodeJS.Timeout | undefined
  /** Bytes given to engine.io and not yet to the transport. */
  let queuedBytes = 0
  let flushedAt = performance.now()

  const beneath = (): WebSocketBeneath | null =>
    connection.transport.name === 'websocket'
      ? (connection.transport as unknown as { readonly socket: WebSocketBeneath }).socket
      : null

  let turn: ReadingTurn | null = null
  const joinWebSocket = () => {
    const socket = beneath()
    if (socket === null) return
    turn = join(socket._socket)
    // Answered below engine.io, which gets no event for them.
    socket.on('ping', onPacket)
    socket.on('pong', onPacket)
  }
  joinWebSocket()
  connection.once('upgrade', joinWebSocket)

  function onPacket(): void {
    turn?.count()
    if (state !== 'reading') return
    const retryAfterMs = packets.take()
    if (retryAfterMs > 0) hold(retryAfterMs)
  }

  function hold(retryAfterMs: number): void {
    if (state !== 'reading') return
    const time = performance.now()
    holds = time - heldAt > FORGIVEN_MS ? 1 : holds + 1
    heldAt = time
    // Long polling cannot be paused: each poll is a request of its own.
    if (turn === null || holds > tuning.holdsBeforeCut) {
      cut(retryAfterMs)
      return
    }
    state = 'held'
    turn.pause()
    timer = setTimeout(() => {
      if (state !== 'held') return
      state = 'reading'
      // The next early request gets no answer.
      strikes = tuning.answeredOverLimit
      turn?.resume()
    }, spread(tuning.holdMs))
  }

  function cut(retryAfterMs: number): void {
    if (state === 'cut') return
    state = 'cut'
    clearTimeout(timer)
    turn?.end()
    // Not longer: the address's limit may be counted elsewhere.
    timer = setTimeout(end, LAST_WORDS_MS)
    chargeCut().then((waitMs) => {
      const wait = Math.max(retryAfterMs, waitMs)
      const message = 'Too much was sent; connect again later.'
      for (const tell of tellers) tell({ code: 'rate-limited', message, retryAfterMs: wait })
      connection.close()
    }, end)
  }

  /** Cuts at once, dropping whatever waits to be sent: a peer that reads nothing would not read the end either. */
  function end(): void {
    state = 'cut'
    clearTimeout(timer)
    const socket = beneath()
    turn?.end()
    connection.close(true)
    socket?.terminate()
  }

  function mayWait(bytes: number): void {
    queuedBytes += bytes
    const socket = beneath()
    const isStalled =
      socket !== null && !connection.transport.writable && performance.now() - flushedAt > tuning.stalledMs
    if (isStalled || queuedBytes + (socket?.bufferedAmount ?? 0) > tuning.bufferBytes) end()
  }

  // Socket.IO's own listener, which parses its input, is already there.
  const parsers = connection.listeners('data') as ((data: unknown) => void)[]
  connection.removeAllListeners('data')
  connection.on('packet', onPacket)
  connection.on('data', (data: unknown) => {
    if (state === 'reading') for (const parse of parsers) parse(data)
  })
  connection.on('packetCreate', ({ data }: { readonly data?: string | Buffer }) =>
    mayWait(data === undefined ? 0 : Buffer.byteLength(data)),
  )
  connection.on('flush', () => {
    queuedBytes = 0
    flushedAt = performance.now()
  })
  connection.once('close', () => {
    if (state !== 'cut') clearTimeout(timer)
    // It would wait for the peer's close frame.
    if (state !== 'cut' && turn?.isUnread === true) timer = setTimeout(end, LAST_WORDS_MS)
    tellers.clear()
  })

  return {
    overLimit(retryAfterMs) {
      if (state !== 'reading') return false
      const time = now()
      // A device that waits as told may be refused any number of times.
      strikes = time < waitUntil ? strikes + 1 : 0
      waitUntil = Math.max(waitUntil, time + retryAfterMs)
      if (strikes <= tuning.answeredOverLimit) return true
      hold(retryAfterMs)
      return false
    },
    onCut(tell) {
      tellers.add(tell)
    },
  }
}
