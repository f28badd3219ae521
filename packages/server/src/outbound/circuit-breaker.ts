/** Leaves a server that keeps failing alone for a while, then tries it with a single call. */

export interface CircuitBreakerOptions {
  /** So many failures in a row open it. */
  readonly failures: number
  /** How long it stays open before one call probes. Milliseconds. */
  readonly openMs: number
  /** Whether an error says that the other side is in trouble; any other error says nothing about it. */
  readonly isFailure: (error: unknown) => boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface CircuitBreaker {
  /** Settles as the call does. While the circuit is open: rejects with `CircuitOpenError`, and nothing is called. */
  run<Value>(call: () => Promise<Value>): Promise<Value>
}

export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError'
  constructor() {
    super('Not called: the last calls failed.')
  }
}

type State =
  | { readonly status: 'closed'; readonly failed: number }
  | { readonly status: 'open'; readonly until: number }
  | { readonly status: 'probing' }

export function createCircuitBreaker({
  failures,
  openMs,
  isFailure,
  now,
}: CircuitBreakerOptions): CircuitBreaker {
  let state: State = { status: 'closed', failed: 0 }

  function fail(isProbe: boolean): void {
    // A call from before the circuit opened has nothing to add.
    if (!isProbe && state.status !== 'closed') return
    const failed = state.status === 'closed' ? state.failed + 1 : failures
    state = failed < failures ? { status: 'closed', failed } : { status: 'open', until: now() + openMs }
  }

  function pass(isProbe: boolean): void {
    if (isProbe || state.status === 'closed') state = { status: 'closed', failed: 0 }
  }

  /** Says whether this call is the probe. */
  function begin(): boolean {
    switch (state.status) {
      case 'closed':
        return false
      case 'open':
        if (now() < state.until) throw new CircuitOpenError()
        state = { status: 'probing' }
        return true
      case 'probing':
        throw new CircuitOpenError()
      default:
        return state satisfies never
    }
  }

  return {
    async run(call) {
      const isProbe = begin()
      try {
        const value = await call()
        pass(isProbe)
        return value
      } catch (error) {
        if (isFailure(error)) fail(isProbe)
        // A probe that was given up proved nothing: the next call probes.
        else if (isProbe) state = { status: 'open', until: now() }
        throw error
      }
    },
  }
}
