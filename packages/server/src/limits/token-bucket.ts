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

/** A class, not closures: a process keeps several for each connection and address. */
export class TokenBucket {
  readonly #rate: Rate
  readonly #now: () => number
  #tokens: number
  #at: number

  constructor(rate: Rate, now: () => number) {
    this.#rate = rate
    this.#now = now
    this.#tokens = rate.burst
    this.#at = now()
  }

  /** Takes one and returns 0 if allowed; else returns the milliseconds to wait. */
  take(): number {
    const wait = this.waitMs()
    if (wait === 0) this.#tokens -= 1
    return wait
  }

  /** Milliseconds to wait; takes nothing. */
  waitMs(): number {
    this.#refill()
    return this.#tokens < 1 ? Math.ceil(((1 - this.#tokens) / this.#rate.perSecond) * 1_000) : 0
  }

  /** Takes this many even if there are fewer: debts go up to a whole burst. */
  charge(points: number): void {
    this.#refill()
    this.#tokens = Math.max(-this.#rate.burst, this.#tokens - points)
  }

  /** Takes one `take` back. */
  giveBack(): void {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + 1)
  }

  #refill(): void {
    const { burst, perSecond } = this.#rate
    const time = this.#now()
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, time - this.#at) / 1_000) * perSecond)
    this.#at = time
  }
}

export const createTokenBucket = (rate: Rate, now: () => number): TokenBucket => new TokenBucket(rate, now)
