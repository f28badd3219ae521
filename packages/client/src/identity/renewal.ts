/** [ID4] Renews a context ahead of its end: at 80 % of its lifetime, at least 5 s ahead, once. */

const AHEAD_MS = 5_000
const LIFETIME_SHARE = 0.8
/** Longest timer: beyond this it overflows, so a longer wait consists of several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export interface Renewal {
  /** A context is valid from `since` until `expiresAt`, both by the server's clock; `null`: for good. */
  schedule(expiresAt: number | null, since: number): void
  /** Renews now if it is due, e.g. after sleep, when timers are late. */
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
      // Too short to be renewed ahead: the server will report its end.
      if (lifetime <= AHEAD_MS) return
      dueAt = since + Math.min(lifetime * LIFETIME_SHARE, lifetime - AHEAD_MS)
      check()
    },
    check,
    cancel,
  }
}
