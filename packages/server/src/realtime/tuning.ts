/** Durations and rates of the realtime part, in one place so that tests can shorten them. */
import { LIMITS } from '@chat-widget/protocol'
import type { Rate } from './token-bucket.ts'

export interface Tuning {
  readonly headIntervalMs: number
  readonly contextGraceMs: number
  /** How long verifying a context may take at all; longer than any verifier's own limit. */
  readonly verifyMs: number
  /** How long an action waits for a device to bring a context. */
  readonly contextWaitMs: number
  /** Largest wait before the bot's second and third try; full jitter below that. */
  readonly botBackoffMs: readonly [number, number]
  readonly botTimeoutMs: number
  /** How long the bot's queue of a conversation rests when the server itself could not store. */
  readonly botRestMs: number
  readonly visitorRate: Rate
  readonly sendRate: Rate
  readonly authenticateRate: Rate
  /** Calls, of up to 20 transitions each: enough for all that a device keeps. */
  readonly traceRate: Rate
  /** Whom to ask, following and canceling; how many people may be asked is limited apart ([AR7]). */
  readonly chatLoginRate: Rate
  readonly agentRate: Rate
  readonly authenticatorRate: Rate
  /** Enrolling, joining, recovering, proving, changing the key. */
  readonly deviceProofRate: Rate
}

export const DEFAULT_TUNING: Tuning = {
  headIntervalMs: LIMITS.headIntervalMs,
  contextGraceMs: LIMITS.contextGraceMs,
  verifyMs: 20_000,
  contextWaitMs: 35_000,
  botBackoffMs: [500, 2_000],
  botTimeoutMs: 10_000,
  botRestMs: 5_000,
  visitorRate: { burst: 120, perSecond: 30 },
  sendRate: { burst: 60, perSecond: 10 },
  authenticateRate: { burst: 10, perSecond: 0.5 },
  traceRate: { burst: 20, perSecond: 0.5 },
  chatLoginRate: { burst: 20, perSecond: 0.5 },
  agentRate: { burst: 60, perSecond: 20 },
  authenticatorRate: { burst: 60, perSecond: 5 },
  deviceProofRate: { burst: 10, perSecond: 0.2 },
}
