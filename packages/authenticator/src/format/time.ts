/** Times for people, in the locale of the strings. */
import type { Strings } from '../strings/strings.ts'

const MINUTE_MS = 60_000

/** E.g. `25 Nov 2026`. */
export function formatDay(iso: string, { locale }: Strings): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(iso))
}

/** E.g. `Nov 25, 2026, 4:40 PM`. */
export function formatMoment(time: number | string, { locale }: Strings): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time))
}

/** E.g. `now`, `3 minutes ago`. */
export function formatAge(at: number, now: number, { locale }: Strings): string {
  const minutes = Math.trunc((at - now) / MINUTE_MS)
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  return minutes === 0 ? format.format(0, 'second') : format.format(minutes, 'minute')
}

/** Time left, e.g. `14:05`; at least `0:00`. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
