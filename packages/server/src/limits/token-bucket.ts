/** A token bucket: allows a burst, then a steady rate. */
export interface Rate {
  /** Number at once. */
  readonly burst: number
  readonly perSecond: number
}

export interface HourlyRate {
  /** Number at once. */
  readonly burst: number
  readonly perHour: number
}

export const byHour = ({ burst, perHour }: HourlyRate): Rate => ({ burst, perSecond: perHour / 3_600 })

/** A rate whose excess requests wait. */
export interface Pace extends Rate {
  /** Most waiting requests; further ones are refused. */
  readonly mostWaiting: number
}

export interface TokenBucket {
  /** Takes one and returns 0 if allowed; else returns the milliseconds to wait. */
  take(): number
  /** Milliseconds to wait; takes nothing. */
  waitMs(): number
  /** Takes this many even if there are fewer: debts go up to a whole burst. */
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
