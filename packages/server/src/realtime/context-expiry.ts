/** Notices that a connected device's context has ended ([ID10]). */
import type { HeldSession } from '../identity/identity-service.ts'
import type { SessionRecord } from '../storage/storage.ts'

export interface ContextExpiryOptions {
  /** The session as it is now; `null` when it ended. */
  readonly reread: (held: HeldSession) => Promise<SessionRecord | null>
  readonly now: () => number
  readonly graceMs: number
  /** Called if another tab renewed the session meanwhile; its new end is watched. */
  readonly renewed: (contextExpiresAt: number | null) => void
  readonly over: () => void
  readonly graceOver: () => void
  /** Called if the session itself ended, which this device could not be told. */
  readonly ended: (held: HeldSession) => void
}

/** Longest delay of a timer: for longer ones Node fires at once. */
const LONGEST_MS = 2 ** 31 - 1

export type ContextExpiry = ReturnType<typeof createContextExpiry>

export function createContextExpiry(options: ContextExpiryOptions) {
  const { reread, now, graceMs, renewed, over, graceOver, ended } = options
  let timer: NodeJS.Timeout | undefined
  /** The moment that the timer waits for, and the call that is due then. */
  let next: { readonly moment: number; readonly call: () => void } | null = null
  /** The watched session; another object after each `watch`, so that an older look-up notices that it is outdated. */
  let watched: HeldSession | null = null
  let stopped = false

  function at(moment: number, call: () => void): void {
    const left = moment - now()
    next = { moment, call }
    timer = setTimeout(
      left > LONGEST_MS ? () => at(moment, call) : come,
      Math.min(Math.max(left, 0), LONGEST_MS),
    )
  }

  /** Stops waiting. */
  function clear(): void {
    clearTimeout(timer)
    next = null
  }

  function come(): void {
    const call = next?.call
    clear()
    call?.()
  }

  function watch(held: HeldSession): void {
    clear()
    watched = stopped ? null : { ...held }
    const own = watched
    const expiresAt = own?.session.contextExpiresAt ?? null
    if (own !== null && expiresAt !== null) at(expiresAt, () => void end(own, expiresAt))
  }

  /** Reads the session again: true if it is unchanged, and `expiresAt` still its end. */
  async function stillEnds(own: HeldSession, expiresAt: number): Promise<boolean> {
    // A session that cannot be read counts as ended.
    const session = await reread(own).catch(() => own.session)
    if (own !== watched) return false
    if (session === null) {
      ended(own)
      return false
    }
    const { contextExpiresAt } = session
    if (contextExpiresAt !== null && contextExpiresAt <= expiresAt) return true
    renewed(contextExpiresAt)
    watch({ ...own, session: { ...own.session, contextExpiresAt } })
    return false
  }

  async function end(own: HeldSession, expiresAt: number): Promise<void> {
    if (!(await stillEnds(own, expiresAt))) return
    over()
    at(expiresAt + graceMs, () => void endGrace(own, expiresAt))
  }

  async function endGrace(own: HeldSession, expiresAt: number): Promise<void> {
    if (await stillEnds(own, expiresAt)) graceOver()
  }

  return {
    /** Watches this session's end instead of an earlier one's. */
    watch,
    /** Compares with the clock: timers are late on a machine that was suspended or whose clock was set ahead. */
    check(): void {
      if (next !== null && next.moment <= now()) come()
    },
    /** Stops for good. */
    stop(): void {
      stopped = true
      watched = null
      clear()
    },
  }
}
