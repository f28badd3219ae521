/** Times for people: short and relative in the list, clock and day in the log. Takes ISO 8601, returns local time. */
import { locale, words } from '../words/words.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** E.g. `now`, `5m`, `3h`, `Tue`, `12 Mar`, `12 Mar 2024`. */
export function shortAge(iso: string, now: Date): string {
  const date = new Date(iso)
  const age = now.getTime() - date.getTime()
  if (age < MINUTE_MS) {
    return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(0, 'second')
  }
  if (age < HOUR_MS) {
    return narrow(Math.floor(age / MINUTE_MS), 'minute')
  }
  if (age < DAY_MS) {
    return narrow(Math.floor(age / HOUR_MS), 'hour')
  }
  if (age < 6 * DAY_MS) {
    return date.toLocaleDateString(locale(), { weekday: 'short' })
  }
  return date.toLocaleDateString(locale(), {
    day: 'numeric',
    month: 'short',
    ...(date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
  })
}

const narrow = (value: number, unit: 'minute' | 'hour') =>
  new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'narrow' }).format(value)

/** Full date and time, for tooltips. */
export function fullTime(iso: string): string {
  return new Date(iso).toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'short' })
}

export function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString(locale(), { hour: 'numeric', minute: '2-digit' })
}

/** To the second, for entries whose order within a minute matters. */
export function clockTimeExact(iso: string): string {
  return new Date(iso).toLocaleTimeString(locale(), {
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  })
}

/** Equal for two times exactly if they are on the same local day. */
export function dayKey(iso: string): string {
  return new Date(iso).toDateString()
}

/** `Today`, `Yesterday`, or the weekday and date. */
export function dayLabel(iso: string, now: Date): string {
  const date = new Date(iso)
  const yesterday = new Date(now)
  yesterday.setDate(now.getDate() - 1)
  if (date.toDateString() === now.toDateString()) {
    return words().log.today
  }
  if (date.toDateString() === yesterday.toDateString()) {
    return words().log.yesterday
  }
  return date.toLocaleDateString(locale(), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
  })
}
