/** Limits how often something may happen: a burst, then a steady rate. */
export interface Rate {
  /** How many at once. */
  readonly burst: number
  readonly perSecond: number
}

export interface TokenBucket {
  /** 0 when allowed, and taken; else how many milliseconds to wait. */
  take(): number
  /** How long to wait, taking nothing. */
  waitMs(): number
  /** Takes so many even where there are fewer: up to a whole burst is owed. */
  charge(points: number): void
  /** Takes one `take` back. */
  giveBack(): void
}

export function createTokenBucket({ burst, perSecond }: Rate, now: () => number): TokenBucket {
  let tokens = burst
  let at = now()

  function refill(): void {
    const time = now()
    tokens = Math.min(burst, tokens + (Math.max(0, time - at) / 1_000) * perSecond)
    at = time
  }

  function waitMs(): number {
    refill()
    return tokens < 1 ? Math.ceil(((1 - tokens) / perSecond) * 1_000) : 0
  }

  return {
    take() {
      const wait = waitMs()
      if (wait === 0) tokens -= 1
      return wait
    },
    waitMs,
    charge(points) {
      refill()
      tokens = Math.max(-burst, tokens - points)
    },
    giveBack() {
      tokens = Math.min(burst, tokens + 1)
    },
  }
}
