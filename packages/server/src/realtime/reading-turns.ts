/**
 * Makes the connections of an address take turns ([DL9]): their packets are parsed at a bounded rate, however many
 * connections there are, and the rest waits unread. Connections that sent little lately come first. Works below
 * WebSocket and Socket.IO, so that unparsed packets cost nobody anything, and a burst of many connections is spread.
 */
import type { Socket } from 'node:net'
import { ChatError } from '@chat-widget/protocol'
import { createBuckets } from '../limits/rate-limits.ts'
import type { Rate, TokenBucket } from '../limits/token-bucket.ts'

export interface ReadingTurn {
  /** Counts one more packet. */
  count(): void
  /** Stops reading it until `resume`. */
  pause(): void
  resume(): void
  /** Stops reading it for good, and drops unparsed bytes. */
  end(): void
  /** True if bytes are unread, so that the peer's close frame would not be read. */
  readonly isUnread: boolean
}

/** Bytes parsed at a time; the others wait for the next turn. */
const SLICE_BYTES = 1_024
/**
 * Interval at which waiting connections get turns, and the longest time for them. Milliseconds. A long interval, so that the
 * messages of an address are stored as one group and the database is free in between.
 */
const PAUSE_MS = 25
const LONGEST_MS = 4
/** A connection comes first while it sends at most this many packets in this time. */
const LIGHT = { packets: 20, ms: 10_000 }
/** Connections of an address that may wait to be opened. */
const MOST_OPENING = 2_000
const RETRY_MS = 5_000

type Kind = 'light' | 'heavy' | 'opening'

interface Turn {
  kind(): Kind
  /** Returns its cost, in packets. */
  take(): number
}

/** Waiting turns of one address, each kind in its order of arrival. */
interface Line {
  readonly bucket: TokenBucket
  readonly turns: Readonly<Record<Kind, Set<Turn>>>
  /** The kind that had the last turn when no light one waited. */
  last: Exclude<Kind, 'light'>
  timer: NodeJS.Timeout | undefined
}

export function createReadingTurns(rate: Rate) {
  const buckets = createBuckets()
  const bucketOf = (address: string) => buckets(address, rate)
  /** Only addresses with something waiting. */
  const lines = new Map<string, Line>()

  function enqueue(address: string, turn: Turn): void {
    let line = lines.get(address)
    if (line === undefined) {
      const turns = { light: new Set<Turn>(), heavy: new Set<Turn>(), opening: new Set<Turn>() }
      line = { bucket: bucketOf(address), turns, last: 'opening', timer: undefined }
      lines.set(address, line)
    }
    line.turns[turn.kind()].add(turn)
    line.timer ??= setTimeout(goOn, PAUSE_MS, address, line).unref()
  }

  function goOn(address: string, line: Line): void {
    const until = performance.now() + LONGEST_MS
    while (line.bucket.waitMs() === 0 && performance.now() < until) {
      const turn = next(line)
      if (turn === undefined) {
        lines.delete(address)
        return
      }
      line.bucket.charge(turn.take())
    }
    line.timer = setTimeout(goOn, Math.max(PAUSE_MS, line.bucket.waitMs()), address, line).unref()
  }

  function next(line: Line): Turn | undefined {
    const { light, heavy, opening } = line.turns
    let queue = light
    if (light.size === 0) {
      if (heavy.size > 0 && opening.size > 0) line.last = line.last === 'heavy' ? 'opening' : 'heavy'
      else line.last = heavy.size > 0 ? 'heavy' : 'opening'
      queue = line.turns[line.last]
    }
    const [turn] = queue
    if (turn !== undefined) queue.delete(turn)
    return turn
  }

  function leave(address: string, turn: Turn): void {
    for (const turns of Object.values(lines.get(address)?.turns ?? {})) turns.delete(turn)
  }

  const isFree = (address: string) => !lines.has(address) && bucketOf(address).waitMs() === 0
  const charge = (address: string, packets: number) => bucketOf(address).charge(packets)
  const lineUp: LineUp = { isFree, charge, enqueue, leave }

  return {
    /** The socket must already have its parser's listener. */
    join: (socket: Socket, address: string): ReadingTurn => new ReadSocket(socket, address, lineUp),
    /** Resolves when a connection may be opened, at a cost in packets. Rejects if too many wait. */
    opening(address: string, packets: number): Promise<void> {
      if (isFree(address)) {
        bucketOf(address).charge(packets)
        return Promise.resolve()
      }
      if ((lines.get(address)?.turns.opening.size ?? 0) >= MOST_OPENING)
        return Promise.reject(
          new ChatError('rate-limited', 'Too much comes from this address.', { retryAfterMs: RETRY_MS }),
        )
      return new Promise((resolve) => {
        enqueue(address, {
          kind: () => 'opening',
          take() {
            resolve()
            return packets
          },
        })
      })
    },
    /** Charges the address for other work, at a cost in packets. */
    charge,
  }
}

/** The lines of all addresses. */
interface LineUp {
  /** True if nothing of the address waits and more may be parsed at once. */
  isFree(address: string): boolean
  charge(address: string, packets: number): void
  enqueue(address: string, turn: Turn): void
  leave(address: string, turn: Turn): void
}

/** A class, not closures: there is one for each connection. */
class ReadSocket implements ReadingTurn, Turn {
  readonly #socket: Socket
  readonly #address: string
  readonly #lines: LineUp
  readonly #parsers: readonly ((chunk: Buffer) => void)[]
  /** Bytes read from the network, not parsed yet: at most one read. */
  #waiting: Buffer | null = null
  #state: 'open' | 'paused' | 'over' = 'open'
  #packets = 0
  #countedFrom = performance.now()

  constructor(socket: Socket, address: string, lines: LineUp) {
    this.#socket = socket
    this.#address = address
    this.#lines = lines
    this.#parsers = socket.listeners('data') as ((chunk: Buffer) => void)[]
    // Not all at once, which makes Node keep the socket's listeners in a larger table.
    for (const parser of this.#parsers) socket.removeListener('data', parser)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    // Runs before the parser's own listener, after which the parser accepts nothing.
    socket.prependListener('close', () => this.#end())
  }

  kind(): Kind {
    const time = performance.now()
    if (time - this.#countedFrom > LIGHT.ms) {
      this.#countedFrom = time
      this.#packets = 0
    }
    return this.#packets <= LIGHT.packets ? 'light' : 'heavy'
  }

  take(): number {
    const cost = this.#parseSlice()
    this.#goOnReading()
    return cost
  }

  count(): void {
    this.#packets += 1
  }

  pause(): void {
    if (this.#state !== 'open') return
    this.#state = 'paused'
    this.#lines.leave(this.#address, this)
    this.#socket.pause()
  }

  resume(): void {
    if (this.#state !== 'paused') return
    this.#state = 'open'
    this.#goOnReading()
  }

  end(): void {
    this.#end()
    this.#socket.pause()
  }

  get isUnread(): boolean {
    return this.#state !== 'open' || this.#waiting !== null
  }

  #read(chunk: Buffer): void {
    if (this.#state === 'over') return
    this.#waiting = this.#waiting === null ? chunk : Buffer.concat([this.#waiting, chunk])
    while (this.#waiting !== null && this.#state === 'open') {
      if (!this.#lines.isFree(this.#address)) {
        this.#socket.pause()
        this.#lines.enqueue(this.#address, this)
        return
      }
      this.#lines.charge(this.#address, this.#parseSlice())
    }
  }

  #parseSlice(): number {
    const waiting = this.#waiting
    if (waiting === null) return 0
    const before = this.#packets
    this.#waiting = waiting.length > SLICE_BYTES ? waiting.subarray(SLICE_BYTES) : null
    for (const parse of this.#parsers) parse.call(this.#socket, waiting.subarray(0, SLICE_BYTES))
    // Part of a packet is work as well.
    return Math.max(1, this.#packets - before)
  }

  #goOnReading(): void {
    if (this.#state !== 'open') return
    if (this.#waiting === null) this.#socket.resume()
    else this.#lines.enqueue(this.#address, this)
  }

  #end(): void {
    this.#state = 'over'
    this.#waiting = null
    this.#lines.leave(this.#address, this)
  }
}
