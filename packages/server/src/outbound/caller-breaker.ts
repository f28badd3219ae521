/**
 * Pauses calls to a server that keeps failing. Calls are made on behalf of a caller, who may be the reason for the
 * failure: a single caller is paused alone, and only failures of several open the circuit for all. cockatiel's circuit
 * breaker, which the server has for calls of its own, knows no callers and probes by one call: somebody who is always first
 * and fails would keep all others out ([ID9]).
 */

export interface CallerBreakerOptions {
  /** Failures of one visitor in a row after which this visitor's calls pause. */
  readonly failures: number
  /** Networks with failures in a row, without a success in between, after which all calls pause. */
  readonly networks: number
  /** Length of a pause. Milliseconds. */
  readonly openMs: number
  /** True if an error shows that the other side is in trouble; any other error says nothing about it. */
  readonly isFailure: (error: unknown) => boolean
  /** Milliseconds, by a clock that is never set back. Default: since the process began. */
  readonly now?: () => number
}

export interface Caller {
  readonly visitor: string
  /** Many visitors may share a network, and one visitor has only a few. */
  readonly network: string
}

export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError'
  constructor() {
    super('Not called: the last calls failed.')
  }
}

/** Visitors whose failures are counted; beyond it the oldest are forgotten. */
const VISITORS = 1_000

type State =
  | { readonly status: 'closed'; readonly failed: ReadonlySet<string> }
  | { readonly status: 'open'; readonly until: number }
  /**
   * Probes, one a network, as many as would open the circuit; `null` while one runs, else the time at which it may try
   * again.
   */
  | { readonly status: 'probing'; readonly probes: Map<string, number | null> }

const CLOSED: State = { status: 'closed', failed: new Set() }

export function createCallerBreaker(options: CallerBreakerOptions) {
  const { networks, openMs, isFailure, now = () => performance.now() } = options
  const visitors = createVisitorRests({ ...options, now })
  let state: State = CLOSED

  function begin(network: string): void {
    if (state.status === 'open' && now() >= state.until) state = { status: 'probing', probes: new Map() }
    switch (state.status) {
      case 'closed':
        return
      case 'open':
        throw new CircuitOpenError()
      case 'probing': {
        const { probes } = state
        const until = probes.get(network)
        const mayProbe = until === undefined ? probes.size < networks : until !== null && now() >= until
        if (!mayProbe) throw new CircuitOpenError()
        probes.set(network, null)
        return
      }
      default:
        state satisfies never
    }
  }

  function fail(network: string): void {
    if (state.status === 'closed') {
      const failed = new Set(state.failed).add(network)
      state =
        failed.size < networks ? { status: 'closed', failed } : { status: 'open', until: now() + openMs }
    } else if (state.status === 'probing' && state.probes.has(network)) {
      state.probes.set(network, now() + openMs)
      const failed = [...state.probes.values()].filter((until) => until !== null)
      if (failed.length === networks) state = { status: 'open', until: now() + openMs }
    }
    // Ignores a call from before the circuit opened.
  }

  return {
    /** Settles as the call does. While the circuit is open, rejects with `CircuitOpenError` without calling. */
    async run<Value>({ visitor, network }: Caller, call: () => Promise<Value>): Promise<Value> {
      visitors.check(visitor)
      begin(network)
      try {
        const value = await call()
        visitors.pass(visitor)
        if (state.status !== 'open') state = CLOSED
        return value
      } catch (error) {
        if (isFailure(error)) {
          visitors.fail(visitor)
          fail(network)
        }
        // A probe that was aborted proved nothing: another may take its place.
        else if (state.status === 'probing' && state.probes.get(network) === null)
          state.probes.delete(network)
        throw error
      }
    },
  }
}

function createVisitorRests({
  failures,
  openMs,
  now,
}: CallerBreakerOptions & { readonly now: () => number }) {
  const failed = new Map<string, { readonly times: number; readonly until: number }>()
  return {
    check(visitor: string): void {
      if (now() < (failed.get(visitor)?.until ?? 0)) throw new CircuitOpenError()
    },
    pass: (visitor: string) => void failed.delete(visitor),
    fail(visitor: string): void {
      const times = (failed.get(visitor)?.times ?? 0) + 1
      failed.delete(visitor)
      failed.set(visitor, { times, until: times < failures ? 0 : now() + openMs })
      const [oldest] = failed.keys()
      if (failed.size > VISITORS && oldest !== undefined) failed.delete(oldest)
    },
  }
}
