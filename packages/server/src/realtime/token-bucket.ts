/** Limits how often something may happen: a burst, then a steady rate. */
export interface Rate {
  /** How many at once. */
  readonly burst: number
  readonly perSecond: number
}

export interface TokenBucket {
  /** 0 when allowed, and taken; else how many milliseconds to wait. */
  take(): number
  /** Takes one `take` back. */
  giveBack(): void
}

export function createTokenBucket({ burst, perSecond }: Rate, now: () => number): TokenBucket {
  let tokens = burst
  let at = now()
  return {
    take() {
      const time = now()
      tokens = Math.min(burst, tokens + (Math.max(0, time - at) / 1_000) * perSecond)
      at = time
      if (tokens < 1) return Math.ceil(((1 - tokens) / perSecond) * 1_000)
      tokens -= 1
      return 0
    },
    giveBack() {
      tokens = Math.min(burst, tokens + 1)
    },
  }
}
