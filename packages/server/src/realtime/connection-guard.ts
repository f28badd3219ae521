/**
 * Bounds what one connection may send and what may wait to be sent to it ([DL9]). It stands below Socket.IO, so that what
 * is too much is not even parsed: over a limit a connection is answered a few times, then not read for a while, then cut.
 */
import type { Socket as NetSocket } from 'node:net'
import type { WireError } from '@chat-widget/protocol'
import type { Socket } from 'socket.io'
import { createTokenBucket } from '../limits/token-bucket.ts'
import type { ReadingTurn } from './reading-turns.ts'
import type { Tuning } from './tuning.ts'

export interface ConnectionGuard {
  /** A request was refused for so long. False: it is one of too many and gets no answer. */
  overLimit(retryAfterMs: number): boolean
  /** Called once before the connection is cut, with what its devices are told. */
  onCut(tell: (error: WireError) => void): void
}

/** engine.io's socket. */
export type Connection = Socket['conn']

/** The WebSocket that engine.io's transport holds, and the network's beneath it. */
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
  /** Takes the connection's socket, for as long as it is open. */
  readonly join: (socket: NetSocket) => ReadingTurn
  /** It is cut for what it sent. Resolves with how long its address has to wait. */
  readonly punish: () => Promise<number>
}

/** Time for a cut connection to read why. */
const LAST_WORDS_MS = 1_000
/** A connection that kept to its limits for so long begins anew. */
const FORGIVEN_MS = 60_000
/** So that connections that were left unread in the same moment are not all read again in the same moment. */
const spread = (ms: number) => ms * (0.5 + Math.random())

export function guardConnection({ connection, tuning, now, join, punish }: GuardOptions): ConnectionGuard {
  const packets = createTokenBucket(tuning.packetRate, now)
  const tellers = new Set<(error: WireError) => void>()
  let state: 'reading' | 'held' | 'cut' = 'reading'
  /** Requests refused although the device was told to wait. */
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
    // Answered below engine.io, which is not told of them.
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
    // Long polling cannot be left unread: each poll is a request of its own.
    if (turn === null || holds > tuning.holdsBeforeCut) {
      cut(retryAfterMs)
      return
    }
    state = 'held'
    turn.pause()
    timer = setTimeout(() => {
      if (state !== 'held') return
      state = 'reading'
      // The next one that comes too early is answered no more.
      strikes = tuning.answeredOverLimit
      turn?.resume()
    }, spread(tuning.holdMs))
  }

  function cut(retryAfterMs: number): void {
    if (state === 'cut') return
    state = 'cut'
    clearTimeout(timer)
    turn?.end()
    // No longer than this: the address's count may be somewhere else.
    timer = setTimeout(end, LAST_WORDS_MS)
    punish().then((waitMs) => {
      const wait = Math.max(retryAfterMs, waitMs)
      const message = 'Too much was sent; connect again later.'
      for (const tell of tellers) tell({ code: 'rate-limited', message, retryAfterMs: wait })
      connection.close()
    }, end)
  }

  /** At once, and with all that waits to be sent: a peer that reads nothing would not read the end either. */
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

  // Socket.IO's own listener is there already: it parses what it is given.
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
    // It would wait for an answer to its farewell.
    if (state !== 'cut' && turn?.isUnread === true) timer = setTimeout(end, LAST_WORDS_MS)
    tellers.clear()
  })

  return {
    overLimit(retryAfterMs) {
      if (state !== 'reading') return false
      const time = now()
      // A device that waits as told may be refused again and again.
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
