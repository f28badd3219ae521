/** Limits of all connections of one address together ([DL9]); of IPv6 a /64 is one address. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type AppId, ChatError } from '@chat-widget/protocol'
import { type NodeCounters, noCounters } from '../limits/node-counters.ts'
import { createRateLimit, type RateLimit } from '../limits/rate-limits.ts'
import { createTurns, type Turns } from '../limits/turns.ts'
import { networkOf } from '../network/client-address.ts'
import type { Connection } from './connection-guard.ts'
import { createReadingTurns, type ReadingTurn } from './reading-turns.ts'
import type { Tuning } from './tuning.ts'

/** Kinds of work with limits of their own. Waiting for a verifier, or for a person's address, delays nothing else. */
export type WorkKind = 'handshake' | 'identity' | 'message' | 'reading' | 'other'

interface Turn {
  readonly kind: WorkKind
  readonly app: AppId
  readonly request: IncomingMessage
}

/** Messages are stored in groups; a group of eight takes twice as long as one message, one of 64 eight times. */
const AT_ONCE: Readonly<Record<WorkKind, number>> = {
  handshake: 2,
  identity: 16,
  message: 8,
  reading: 2,
  other: 8,
}
/** Number of packets without an answer that take as long. */
const COST: Readonly<Record<WorkKind, number>> = {
  handshake: 5,
  identity: 80,
  message: 8,
  reading: 10,
  other: 2,
}
/** Further cost of any request, also of a refused one: it is parsed and answered. */
const ANSWERING_COST = 3
/** Further cost of each entry in a history or list. */
const ENTRY_COST = { message: 0.2, conversation: 1 }
/** Cost of a connection, opened or refused: HTTP and WebSocket, before the handshake. */
const OPENING_COST = 10
const REFUSING_COST = 8
const MOST_WAITING = 1_000

/** Refusals that an address is told of; further ones are dropped before there is a connection to tell it on. */
const TOLD = { burst: 100, perSecond: 5 }
/** Time after which an address with too many connections may try again. */
const FULL_RETRY_MS = 10_000

export type AddressLimits = ReturnType<typeof createAddressLimits>

export function createAddressLimits(
  tuning: Tuning,
  addressOf: (request: IncomingMessage) => string,
  counters: NodeCounters = noCounters,
) {
  const open = new Map<string, number>()
  const connections = createRateLimit(tuning.addressConnectionRate)
  const sessions = createRateLimit(tuning.addressSessionRate)
  const requests = createRateLimit(tuning.addressRequestRate)
  const ofVisitor = createRateLimit(tuning.sessionRequestRate)
  const told = createRateLimit(TOLD)
  const reading = createReadingTurns(tuning.addressReadRate)
  const turns = Object.fromEntries(
    Object.entries(AT_ONCE).map(([kind, atOnce]) => [
      kind,
      createTurns({ atOnce, mostWaiting: MOST_WAITING }),
    ]),
  ) as Readonly<Record<WorkKind, Turns>>
  /** Cached: a connection is counted many times, and finding its address costs more than finding a counter. */
  const keys = new WeakMap<IncomingMessage, string>()
  const isFull = (address: string) => (open.get(address) ?? 0) > tuning.addressSockets

  function key(request: IncomingMessage): string {
    const known = keys.get(request)
    if (known !== undefined) return known
    const address = networkOf(addressOf(request))
    keys.set(request, address)
    return address
  }

  async function take(limit: RateLimit, address: string, elsewhere: () => Promise<number>): Promise<void> {
    const retryAfterMs = (await limit.take(address)) || (await elsewhere())
    if (retryAfterMs > 0) throw tooMany(spread(retryAfterMs))
  }

  return {
    /** The address that counts as one. */
    key,
    /** True if a connection should be opened, if only to tell the device that it has to wait. */
    async mayOpen(request: IncomingMessage): Promise<boolean> {
      const address = key(request)
      const isOver = isFull(address) || (await connections.waitMs(address)) > 0
      const mayOpen = !isOver || (await told.take(address)) === 0
      // A refused connection waits as well: it comes back later.
      await reading.opening(address, mayOpen ? OPENING_COST : REFUSING_COST)
      return mayOpen
    },
    /** Counts a connection for as long as it is open. */
    opened(connection: Connection): void {
      const address = key(connection.request)
      open.set(address, (open.get(address) ?? 0) + 1)
      connection.on('close', () => {
        const left = (open.get(address) ?? 1) - 1
        if (left > 0) open.set(address, left)
        else open.delete(address)
      })
    },
    /** Counts a handshake. Rejects with `rate-limited`. */
    async admit(request: IncomingMessage): Promise<void> {
      const address = key(request)
      if (isFull(address)) throw tooMany(FULL_RETRY_MS)
      const { addressConnectionRate: rate } = tuning
      await take(connections, address, () => counters.take('connections', address, rate))
    },
    /** Counts a new anonymous visitor. Rejects with `rate-limited`. */
    newSession(request: IncomingMessage): Promise<void> {
      const [address, { addressSessionRate: rate }] = [key(request), tuning]
      return take(sessions, address, () => counters.take('new-visitors', address, rate))
    },
    /** Counts a visitor's request. Resolves with 0 if allowed; else with the milliseconds to wait. */
    async request(visitor: string, request: IncomingMessage): Promise<number> {
      const address = key(request)
      reading.charge(address, ANSWERING_COST)
      return (await ofVisitor.take(visitor)) === 0 ? 0 : requests.take(address)
    },
    // By app too: if one app's verifier hangs, the customers of another behind the same address are not delayed.
    /**
     * Runs work of this address, at most so much of a kind at a time that others have room. Rejects with
     * `rate-limited`.
     */
    inTurn<Value>({ kind, app, request }: Turn, work: () => Promise<Value> | Value): Promise<Value> {
      const address = key(request)
      reading.charge(address, COST[kind])
      return turns[kind].run(`${app} ${address}`, work)
    },
    /** Charges for the entries of a history or list. */
    chargeEntries(kind: keyof typeof ENTRY_COST, count: number, request: IncomingMessage): void {
      reading.charge(key(request), ENTRY_COST[kind] * count)
    },
    /** Reads a connection's socket in turn with the others of its address. */
    join: (socket: Socket, request: IncomingMessage): ReadingTurn => reading.join(socket, key(request)),
    /**
     * Called when a connection is cut for what it sent. Resolves with the milliseconds that the address has to wait.
     */
    async chargeCut(request: IncomingMessage): Promise<number> {
      const address = key(request)
      await connections.charge(address, tuning.addressCutPoints)
      return spread(await connections.waitMs(address))
    },
  }
}

/** Spreads delays, so that devices told at the same moment do not come back at the same moment. */
const spread = (ms: number) => Math.ceil(ms * (1 + Math.random()))

const tooMany = (retryAfterMs: number) =>
  new ChatError('rate-limited', 'Too much comes from this address.', { retryAfterMs })
