/** One timer for all requests of a server: it fires at the earliest end. */
import type { AuthenticationRequestId } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type {
  AuthenticationRequestStorage,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'

export interface RequestExpiryOptions {
  readonly requests: Pick<AuthenticationRequestStorage, 'due' | 'expire' | 'nextExpiry'>
  readonly now: () => number
  readonly onEnded: (request: StoredRequest) => void
  readonly logger: Logger
}

/** Longest sleep while something is pending: setting the system clock changes how far away the end is. */
const LONGEST_SLEEP_MS = 30_000
/** Pause after the database failed. */
const REST_MS = 2_000

export type RequestExpiry = ReturnType<typeof createRequestExpiry>

export function createRequestExpiry({ requests, now, onEnded, logger }: RequestExpiryOptions) {
  let timer: NodeJS.Timeout | undefined
  let ringsAt = Number.POSITIVE_INFINITY
  let ringing: Promise<void> = Promise.resolve()
  let isClosed = false

  function schedule(at: number): void {
    if (isClosed || at >= ringsAt) return
    clearTimeout(timer)
    ringsAt = at
    timer = setTimeout(ring, Math.min(LONGEST_SLEEP_MS, Math.max(0, at - now())))
  }

  function ring(): void {
    ringsAt = Number.POSITIVE_INFINITY
    ringing = ringing.then(look)
  }

  async function end(id: AuthenticationRequestId): Promise<void> {
    const ended = await requests.expire(id, now())
    if (ended !== null) onEnded(ended)
  }

  async function look(): Promise<void> {
    try {
      for (const id of await requests.due(now())) await end(id)
      const next = await requests.nextExpiry()
      if (next !== null) schedule(next)
    } catch (error) {
      logger.error({ err: error }, 'authentication requests could not be expired; it is tried again')
      schedule(now() + REST_MS)
    }
  }

  return {
    /** Reads the earliest end, and sets the timer. */
    start: ring,
    /** Sets the timer no later than this time, at which a request ends. */
    expect: schedule,
    /** Ends this request now, if it is past its end. */
    end,
    /** Idempotent; resolves when no work is under way. */
    async close() {
      isClosed = true
      clearTimeout(timer)
      await ringing
    },
  }
}
