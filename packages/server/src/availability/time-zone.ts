/** Times of day of a time zone, as instants: by `Intl`, whose rules are those of the time zone database. */

export interface CalendarDate {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
}

const DAY_MS = 24 * 60 * 60 * 1000

const formatOf = (timeZone: string) =>
  new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })

/** True for an IANA name; offsets like `+02:00` know no daylight saving time. */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && formatOf(name) !== undefined
  } catch {
    return false
  }
}

export function addDays({ year, month, day }: CalendarDate, days: number): CalendarDate {
  const date = new Date(Date.UTC(year, month - 1, day + days))
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

export function createZone(timeZone: string) {
  const format = formatOf(timeZone)

  /** The zone's clock at an instant, as if it were UTC. */
  function wallOf(instant: number): number {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
    const [year, month, day] = [part('year'), part('month'), part('day')]
    return Date.UTC(year, month - 1, day, part('hour'), part('minute'), part('second'))
  }

  /** Whole seconds, as the parts have no fractions. */
  const offsetAt = (instant: number) => {
    const second = Math.floor(instant / 1000) * 1000
    return wallOf(second) - second
  }

  return {
    dateOf(instant: number): CalendarDate {
      const date = new Date(wallOf(instant))
      return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
    },
    /**
     * The instant of a time of day, in minutes. Of a time that comes twice it is the first; one that is left out counts
     * by the offset before, which is as much later.
     */
    instant({ year, month, day }: CalendarDate, minutes: number): number {
      const wall = Date.UTC(year, month - 1, day, 0, minutes)
      const [first, second] = [wall - offsetAt(wall - DAY_MS), wall - offsetAt(wall + DAY_MS)]
      const exact = [first, second].filter((instant) => instant + offsetAt(instant) === wall)
      return exact.length === 0 ? first : Math.min(...exact)
    },
  }
}
