/** Result of a measurement: figures to read, and ratios with bounds. */

export interface Figure {
  readonly what: string
  readonly value: string
}

export interface Bounded {
  readonly what: string
  /** Without a unit of time: machines differ, ratios within one run much less. */
  readonly value: number
  /** Largest value allowed. */
  readonly bound: number
  readonly unit?: string
}

export interface Report {
  readonly title: string
  readonly figures: readonly Figure[]
  readonly bounded: readonly Bounded[]
}

/** A measurement, run by `pnpm bench NAME`. */
export interface Measurement {
  readonly name: string
  run(): Promise<Report>
}

/** One sentence per broken bound. `NaN` was not measured, and breaks its bound. */
export const brokenBounds = ({ bounded }: Report): readonly string[] =>
  bounded
    .filter(({ value, bound }) => !(value <= bound))
    .map((entry) => `${entry.what} is ${shown(entry)}, more than ${entry.bound}`)

export function table(report: Report): string {
  const rows = [
    ...report.figures.map(({ what, value }) => [what, value] as const),
    ...report.bounded.map((entry) => [entry.what, `${shown(entry)} (bound ${entry.bound})`] as const),
  ]
  const width = Math.max(...rows.map(([what]) => what.length))
  return [report.title, ...rows.map(([what, value]) => `  ${what.padEnd(width)}  ${value}`), ''].join('\n')
}

const shown = ({ value, unit }: Bounded): string =>
  `${Number(value.toPrecision(3))}${unit === undefined ? '' : ` ${unit}`}`
