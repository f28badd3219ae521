/**
 * cockatiel's circuit breaker for calls of the server's own: opens at one failure, rests, then lets one call probe. Its own
 * pause goes by the wall clock, and one that is set back by an hour would keep it open for that long.
 */
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  type Policy,
} from 'cockatiel'

/** `failures`: default all errors. */
export function createRestingBreaker({
  restMs,
  failures = handleAll,
}: {
  readonly restMs: number
  readonly failures?: Policy
}) {
  const breaker = circuitBreaker(failures, {
    // No pause of its own: it would go by the wall clock.
    halfOpenAfter: Number.NEGATIVE_INFINITY,
    breaker: new ConsecutiveBreaker(1),
  })
  let restsUntil = 0
  breaker.onBreak(() => {
    restsUntil = performance.now() + restMs
  })
  return {
    onBreak: breaker.onBreak,
    /** Settles as the call does. Rejects with `BrokenCircuitError` without calling, while it rests. */
    async execute<Value>(call: () => Promise<Value>): Promise<Value> {
      if (breaker.state === CircuitState.Open && performance.now() < restsUntil)
        throw new BrokenCircuitError()
      return breaker.execute(call)
    },
  }
}
