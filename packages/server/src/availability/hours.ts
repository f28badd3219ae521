/** Opening hours of an app, by the clock of its time zone ([WH2]). */
import { addDays, type CalendarDate, createZone } from './time-zone.ts'

/** `hours` in an app's configuration. */
export interface HoursConfig {
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string
  /** From days, e.g. `mon-fri` or `sat`, to times, e.g. `09:00-17:00`. Default: always open. */
  readonly open?: Readonly<Record<string, string | readonly string[]>>
  /** Days without opening hours, e.g. `2026-12-25`. */
  readonly closed?: readonly string[]
}

export interface OpeningState {
  readonly isOpen: boolean
  /** Next time at which `isOpen` may change; `null`: never. */
  readonly changesAt: number | null
}

/** Minutes of a day; `to` may be beyond its end. */
interface Hours {
  readonly from: number
  readonly to: number
}

const DAYS: readonly string[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const DAY_MINUTES = 24 * 60
/** Days in which the next opening hours are looked for. */
const SEARCHED_DAYS = 400

/** Days of the week that a key names, 0 for Sunday; `null` for a malformed key. */
export function daysOf(key: string): readonly number[] | null {
  const [first = -1, last = first, ...rest] = key.split('-').map((name) => DAYS.indexOf(name))
  if (rest.length > 0 || first < 0 || last < 0) return null
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7)
}

/** Reads e.g. `09:00-17:00`, or `22:00-02:00`, which ends on the next day. `null`: malformed. */
export function readHours(text: string): Hours | null {
  const [, hour, minute, toHour, toMinute] = /^(\d\d):([0-5]\d)-(\d\d):([0-5]\d)$/.exec(text) ?? []
  const from = Number(hour) * 60 + Number(minute)
  const to = Number(toHour) * 60 + Number(toMinute)
  if (!(from < DAY_MINUTES && to <= DAY_MINUTES) || from === to) return null
  return { from, to: to > from ? to : to + DAY_MINUTES }
}

/** `config` must be valid. Returns the state at a time, in milliseconds since the epoch. */
export function createHours({ timeZone, open, closed = [] }: HoursConfig): (now: number) => OpeningState {
  const zone = createZone(timeZone)
  const week = DAYS.map((_, day) =>
    Object.entries(open ?? { 'sun-sat': '00:00-24:00' }).flatMap(([key, times]) =>
      daysOf(key)?.includes(day) ? [times].flat().flatMap((text) => readHours(text) ?? []) : [],
    ),
  )
  const isAlwaysOpen = open === undefined && closed.length === 0

  const spansOf = (date: CalendarDate) => {
    const { year, month, day } = date
    const name = new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
    const hours = closed.includes(name) ? [] : (week[new Date(`${name}T00:00:00Z`).getUTCDay()] ?? [])
    return hours.map(({ from, to }) => ({ from: zone.instant(date, from), to: zone.instant(date, to) }))
  }

  function stateAt(now: number): OpeningState {
    if (isAlwaysOpen) return { isOpen: true, changesAt: null }
    const today = zone.dateOf(now)
    let next: number | null = null
    // Hours of the day before may go on past midnight.
    for (let offset = -1; offset < SEARCHED_DAYS && (next === null || offset < 2); offset += 1)
      for (const { from, to } of spansOf(addDays(today, offset))) {
        if (from <= now && now < to) return { isOpen: true, changesAt: to }
        if (from > now) next = Math.min(next ?? from, from)
      }
    return { isOpen: false, changesAt: next }
  }

  // Each message asks.
  let known: { readonly from: number; readonly state: OpeningState } | null = null
  return (now) => {
    const isKnown =
      known !== null && known.from <= now && (known.state.changesAt === null || now < known.state.changesAt)
    if (!isKnown || known === null) known = { from: now, state: stateAt(now) }
    return known.state
  }
}
