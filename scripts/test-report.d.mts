/** One failed or skipped test. `fullName` as Vitest has it; `null` for a file that did not get as far as its tests. */
export interface Failure {
  readonly file: string
  readonly test: string
  readonly fullName: string | null
}

/** The part of Vitest's JSON report that is read. */
export interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly fullName: string
      readonly status: string
    }[]
  }[]
}

export interface Verdict {
  readonly passed: number
  readonly failed: number
  readonly notes: readonly string[]
}

export const UNSTEADY_AT_MOST: number
export function failuresOf(report: Report, root: string): Failure[]
export function skippedOf(report: Report, root: string): Failure[]
export function byFile(failures: readonly Failure[]): Map<string, Failure[]>
export function patternOf(failures: readonly Failure[]): string | null
export function passedAgain(failure: Failure, report: Report | null): boolean
export function verdictOf(run: {
  readonly report: Report
  readonly code: number
  readonly unhandled: number
  readonly failures: readonly Failure[]
  readonly unsteady: readonly Failure[]
  readonly skipped: readonly Failure[]
}): Verdict
