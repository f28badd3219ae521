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

  return {
    /** The socket must already have its parser's listener. */
    join(socket: Socket, address: string): ReadingTurn {
      const parsers = socket.listeners('data') as ((chunk: Buffer) => void)[]
      socket.removeAllListeners('data')
      /** Bytes read from the network, not parsed yet: at most one read. */
      let waiting: Buffer | null = null
      let state: 'open' | 'paused' | 'over' = 'open'
      let packets = 0
      let countedFrom = performance.now()

      function parseSlice(): number {
        if (waiting === null) return 0
        const before = packets
        const slice = waiting.subarray(0, SLICE_BYTES)
        waiting = waiting.length > SLICE_BYTES ? waiting.subarray(SLICE_BYTES) : null
        for (const parse of parsers) parse.call(socket, slice)
        // Part of a packet is work as well.
        return Math.max(1, packets - before)
      }

      const turn: Turn = {
        kind() {
          const time = performance.now()
          if (time - countedFrom > LIGHT.ms) {
            countedFrom = time
            packets = 0
          }
          return packets <= LIGHT.packets ? 'light' : 'heavy'
        },
        take() {
          const cost = parseSlice()
          goOnReading()
          return cost
        },
      }

      function goOnReading(): void {
        if (state !== 'open') return
        if (waiting === null) socket.resume()
        else enqueue(address, turn)
      }

      function end(): void {
        state = 'over'
        waiting = null
        leave(address, turn)
      }

      socket.on('data', (chunk: Buffer) => {
        if (state === 'over') return
        waiting = waiting === null ? chunk : Buffer.concat([waiting, chunk])
        while (waiting !== null && state === 'open') {
          if (!isFree(address)) {
            socket.pause()
            enqueue(address, turn)
            return
          }
          bucketOf(address).charge(parseSlice())
        }
      })
      // Runs before the parser's own listener, after which the parser accepts nothing.
      socket.prependOnceListener('close', end)
      return {
        count() {
          packets += 1
        },
        pause() {
          if (state !== 'open') return
          state = 'paused'
          leave(address, turn)
          socket.pause()
        },
        resume() {
          if (state !== 'paused') return
          state = 'open'
          goOnReading()
        },
        end() {
          end()
          socket.pause()
        },
        get isUnread() {
          return state !== 'open' || waiting !== null
        },
      }
    },
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
    charge: (address: string, packets: number): void => bucketOf(address).charge(packets),
  }
}
