/** Durations and rates of the realtime part, in one place so that tests can shorten them. */
import { LIMITS } from '@chat-widget/protocol'
import type { AddressLimitsConfig } from '../config/config.ts'
import type { Pace, Rate } from '../limits/token-bucket.ts'

export interface Tuning {
  readonly headIntervalMs: number
  /** Interval at which consoles' sessions and roles are read again: another process may have ended or changed them. */
  readonly consoleCheckMs: number
  readonly contextGraceMs: number
  /** Interval of a node's signs of life to other nodes. */
  readonly nodeBeatMs: number
  /** Time for which an agent whose console was closed still counts as present. Milliseconds. */
  readonly agentGraceMs: number
  /** Limit of a context's verification; longer than any verifier's own limit. */
  readonly verifyMs: number
  /** Limit of an action's wait for a device to bring a context. */
  readonly contextWaitMs: number
  /** Largest wait before the bot's second and third try; full jitter below that. */
  readonly botBackoffMs: readonly [number, number]
  readonly botTimeoutMs: number
  /** Pause of the bot's queue of a conversation after the server itself could not store. */
  readonly botRestMs: number
  readonly webhookTimeoutMs: number
  /** Largest wait before a webhook's second try; it doubles up to the second number. */
  readonly webhookBackoffMs: readonly [number, number]
  /** Time after an event from which a failed delivery is given up. */
  readonly webhookPatienceMs: number
  readonly visitorRate: Rate
  readonly sendRate: Rate
  /** Lists and histories of one connection: beyond it they wait for their answers. */
  readonly readingPace: Pace
  readonly authenticateRate: Rate
  /** Announced files; a day's number and bytes are limited apart. */
  readonly uploadRate: Rate
  /** Calls, of up to 20 transitions each: enough for all that a device stores. */
  readonly traceRate: Rate
  /** Asking a person, following and canceling; the number of people asked is limited apart ([AR7]). */
  readonly chatLoginRate: Rate
  readonly agentRate: Rate
  readonly authenticatorRate: Rate
  /** Enrolling, joining, recovering, proving, changing the key. */
  readonly deviceProofRate: Rate
  /** All packets of a connection, also unknown events: above the sum of its events' limits. */
  readonly packetRate: Rate
  /** Early requests, despite being told to wait, that are answered before the connection is no longer read. */
  readonly answeredOverLimit: number
  /** Time for which it is not read then. Milliseconds. */
  readonly holdMs: number
  /** Number of such pauses before the connection is cut. */
  readonly holdsBeforeCut: number
  /** Bytes that may wait to be sent to one connection. */
  readonly bufferBytes: number
  /** Time for which waiting bytes may make no progress. Milliseconds. */
  readonly stalledMs: number
  /** Connections of one address at once; of IPv6, a /64 is one. */
  readonly addressSockets: number
  /** Connections opened by an address. */
  readonly addressConnectionRate: Rate
  /** Connections that one counts as if it was cut for what it sent. */
  readonly addressCutPoints: number
  /** New anonymous visitors of an address. */
  readonly addressSessionRate: Rate
  /** Requests of an address, beyond those of `sessionRequestRate`. */
  readonly addressRequestRate: Rate
  /** Parsed packets of an address, of any kind; further ones wait unread. */
  readonly addressReadRate: Rate
  /** Requests of one visitor that are answered however much others at the same address send. */
  readonly sessionRequestRate: Rate
}

export const DEFAULT_TUNING: Tuning = {
  nodeBeatMs: 2_500,
  headIntervalMs: LIMITS.headIntervalMs,
  consoleCheckMs: 5_000,
  contextGraceMs: LIMITS.contextGraceMs,
  agentGraceMs: 30_000,
  verifyMs: 20_000,
  contextWaitMs: 35_000,
  botBackoffMs: [500, 2_000],
  botTimeoutMs: 10_000,
  botRestMs: 5_000,
  webhookTimeoutMs: 10_000,
  webhookBackoffMs: [1_000, 15 * 60_000],
  webhookPatienceMs: 24 * 3_600_000,
  visitorRate: { burst: 120, perSecond: 30 },
  sendRate: { burst: 60, perSecond: 10 },
  readingPace: { burst: 5, perSecond: 10, mostWaiting: 10 },
  uploadRate: { burst: 30, perSecond: 1 },
  authenticateRate: { burst: 10, perSecond: 0.5 },
  traceRate: { burst: 20, perSecond: 0.5 },
  chatLoginRate: { burst: 20, perSecond: 0.5 },
  agentRate: { burst: 60, perSecond: 20 },
  authenticatorRate: { burst: 60, perSecond: 5 },
  deviceProofRate: { burst: 10, perSecond: 0.2 },
  packetRate: { burst: 400, perSecond: 60 },
  answeredOverLimit: 3,
  holdMs: 1_000,
  holdsBeforeCut: 2,
  bufferBytes: 2 * 1024 * 1024,
  stalledMs: 20_000,
  addressSockets: 1_000,
  addressConnectionRate: { burst: 1_000, perSecond: 50 },
  addressCutPoints: 50,
  addressSessionRate: { burst: 600, perSecond: 10 },
  addressRequestRate: { burst: 400, perSecond: 100 },
  addressReadRate: { burst: 200, perSecond: 2_000 },
  sessionRequestRate: { burst: 5, perSecond: 1 },
}

/** The configuration's limits of addresses, as bursts and rates. */
export function tuningOf(limits: AddressLimitsConfig = {}): Partial<Tuning> {
  const { socketsPerAddress, newVisitorsPerMinute, requestsPerSecond } = limits
  return {
    ...(socketsPerAddress === undefined
      ? {}
      : {
          addressSockets: socketsPerAddress,
          addressConnectionRate: { burst: socketsPerAddress, perSecond: socketsPerAddress / 20 },
        }),
    ...(newVisitorsPerMinute === undefined
      ? {}
      : { addressSessionRate: { burst: newVisitorsPerMinute, perSecond: newVisitorsPerMinute / 60 } }),
    ...(requestsPerSecond === undefined
      ? {}
      : {
          addressRequestRate: { burst: 4 * requestsPerSecond, perSecond: requestsPerSecond },
          addressReadRate: { burst: 2 * requestsPerSecond, perSecond: 20 * requestsPerSecond },
        }),
  }
}
