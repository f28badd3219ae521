/** `pnpm test` counts what it ran, and reports each test that passed only when repeated. */
import { describe, expect, it } from 'vitest'
import {
  byFile,
  failuresOf,
  passedAgain,
  patternOf,
  type Report,
  skippedOf,
  verdictOf,
} from '../../scripts/test-report.mjs'

/** Per file: the status of each test, by its title; a file without tests could not be loaded. */
function reportOf(files: Readonly<Record<string, Readonly<Record<string, string>>>>): Report {
  const testResults = Object.entries(files).map(([name, tests]) => {
    const assertionResults = Object.entries(tests).map(([title, status]) => ({
      ancestorTitles: ['a thing'],
      title,
      fullName: `a thing ${title}`,
      status,
    }))
    const isBroken = assertionResults.every(({ status }) => status === 'skipped')
    const hasFailed = isBroken || assertionResults.some(({ status }) => status === 'failed')
    return { name: `/root/${name}`, status: hasFailed ? 'failed' : 'passed', assertionResults }
  })
  const all = testResults.flatMap((file) => file.assertionResults)
  return { numPassedTests: all.filter(({ status }) => status === 'passed').length, testResults }
}

const failing = (titles: readonly string[]) =>
  reportOf({ 'a.test.ts': { steady: 'passed', ...Object.fromEntries(titles.map((one) => [one, 'failed'])) } })

const verdict = (report: Report, given: Partial<Parameters<typeof verdictOf>[0]> = {}) =>
  verdictOf({
    report,
    code: 0,
    unhandled: 0,
    failures: failuresOf(report, '/root'),
    unsteady: [],
    skipped: [],
    ...given,
  })

describe('a run', () => {
  it('counts what passed and what failed', () => {
    expect(verdict(failing([]))).toEqual({ passed: 1, failed: 0, notes: [] })
    expect(verdict(failing(['one', 'two']), { code: 1 })).toEqual({ passed: 1, failed: 2, notes: [] })
  })

  it('counts a file that did not get to its tests as one failure', () => {
    const report = reportOf({
      'a.test.ts': {},
      'b.test.ts': { waits: 'skipped' },
      'c.test.ts': { is: 'passed' },
    })
    expect(failuresOf(report, '/root').map(({ file, test }) => `${file} › ${test}`)).toEqual([
      'a.test.ts › its set-up',
      'b.test.ts › its set-up',
    ])
    expect(verdict(report, { code: 1 })).toMatchObject({ passed: 1, failed: 2 })
    expect(skippedOf(report, '/root')).toEqual([])
  })

  it('fails with an error outside of any test', () => {
    expect(verdict(failing([]), { code: 1 })).toEqual({ passed: 1, failed: 1, notes: [] })
  })

  it('fails where a test was left out, and names it', () => {
    const report = reportOf({ 'a.test.ts': { is: 'passed', later: 'skipped' } })
    expect(verdict(report, { skipped: skippedOf(report, '/root') })).toEqual({
      passed: 1,
      failed: 1,
      notes: ['skipped: a.test.ts › a thing › later'],
    })
  })
})

describe('a failure that is run again, alone', () => {
  it('is asked for by its file and its exact name', () => {
    const failures = failuresOf(
      reportOf({ 'a.test.ts': { '[DL1] (a) is $5?': 'failed', 'is b': 'failed' }, 'b.test.ts': {} }),
      '/root',
    )
    const [a, b] = [...byFile(failures).values()]
    expect('a thing [DL1] (a) is $5?').toMatch(new RegExp(patternOf(a ?? []) ?? 'none'))
    expect('a thing is b').toMatch(new RegExp(patternOf(a ?? []) ?? 'none'))
    expect('a thing is c').not.toMatch(new RegExp(patternOf(a ?? []) ?? 'none'))
    expect(patternOf(b ?? [])).toBeNull()
  })

  it('is unsteady only if it ran and passed', () => {
    const [one] = failuresOf(failing(['one']), '/root')
    const again = (tests: Record<string, string>) => passedAgain(one!, reportOf({ 'a.test.ts': tests }))
    expect(again({ one: 'passed', two: 'failed' })).toBe(true)
    expect(again({ one: 'failed' })).toBe(false)
    expect(again({ one: 'skipped', two: 'passed' })).toBe(false)
    expect(again({})).toBe(false)
    expect(passedAgain(one!, null)).toBe(false)
  })

  it('passes the run, which names it', () => {
    const report = failing(['one', 'two'])
    const unsteady = failuresOf(report, '/root')
    expect(verdict(report, { code: 1, unsteady })).toEqual({
      passed: 3,
      failed: 0,
      notes: ['unsteady: a.test.ts › a thing › one', 'unsteady: a.test.ts › a thing › two'],
    })
    expect(verdict(report, { code: 1, unsteady: unsteady.slice(1) })).toMatchObject({ passed: 2, failed: 1 })
  })

  it('forgives no error outside of any test, whatever was unsteady beside it', () => {
    const report = failing(['one'])
    const unsteady = failuresOf(report, '/root')
    expect(verdict(report, { code: 1, unhandled: 2, unsteady })).toMatchObject({ failed: 2 })
    expect(verdict(reportOf({}), { code: 1, unhandled: 1 })).toMatchObject({ failed: 1 })
  })

  it('fails the run where more than three were unsteady, and names each', () => {
    const report = failing(['one', 'two', 'three', 'four'])
    const { passed, failed, notes } = verdict(report, { code: 1, unsteady: failuresOf(report, '/root') })
    expect([passed, failed]).toEqual([1, 4])
    expect(notes.filter((note) => note.startsWith('unsteady: '))).toHaveLength(4)
  })
})
