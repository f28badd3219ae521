/** [ID4] When a context is renewed ahead of its end: at 80 % of its lifetime, at least 5 s ahead, once. */

const AHEAD_MS = 5_000
const LIFETIME_SHARE = 0.8
/** Beyond this, timers overflow; a longer wait is made of several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export interface Renewal {
  /** A context is in force from `since` until `expiresAt`, both by the server's clock; `null`: for good. */
  schedule(expiresAt: number | null, since: number): void
  /** Renews now if the time has come, e.g. after sleep, when timers are late. */
  check(): void
  cancel(): void
}

/** `now` is the server's clock. `renew` is called at most once for each `schedule`. */
export function createRenewal(now: () => number, renew: () => void): Renewal {
  let timer: ReturnType<typeof setTimeout> | undefined
  let dueAt: number | null = null
  const cancel = () => {
    clearTimeout(timer)
    dueAt = null
  }
  const check = () => {
    if (dueAt === null) return
    clearTimeout(timer)
    const left = dueAt - now()
    if (left > 0) {
      timer = setTimeout(check, Math.min(left, LONGEST_TIMER_MS))
      return
    }
    cancel()
    renew()
  }
  return {
    schedule(expiresAt, since) {
      cancel()
      if (expiresAt === null) return
      const lifetime = expiresAt - since
      // Too short to be ahead of: the server will say when it is over.
      if (lifetime <= AHEAD_MS) return
      dueAt = since + Math.min(lifetime * LIFETIME_SHARE, lifetime - AHEAD_MS)
      check()
    },
    check,
    cancel,
  }
}
