/** Reads Vitest's JSON reports: failed tests, and the verdict after those were run once more. */
import { relative } from 'node:path'

/** With more unsteady tests than this a run fails: then the suite, or the machine, is not to be trusted. */
export const UNSTEADY_AT_MOST = 3

const SET_UP = 'its set-up'

const nameOf = (file, root) => relative(root, file.name)

const namesOf = (file, root, status) =>
  file.assertionResults
    .filter((test) => test.status === status)
    .map((test) => ({
      file: nameOf(file, root),
      test: [...test.ancestorTitles, test.title].join(' › '),
      fullName: test.fullName,
    }))

/** Failures, test by test. A file that failed without one, e.g. in a hook, is a failure of its own. */
export function failuresOf(report, root) {
  return report.testResults.flatMap((file) => {
    const failed = namesOf(file, root, 'failed')
    if (failed.length > 0 || file.status !== 'failed') return failed
    return [{ file: nameOf(file, root), test: SET_UP, fullName: null }]
  })
}

/** Tests left out by `skip` or `todo`; those that a failed file did not reach are in `failuresOf`. */
export const skippedOf = (report, root) =>
  report.testResults
    .filter((file) => file.status !== 'failed')
    .flatMap((file) => ['skipped', 'pending', 'todo'].flatMap((status) => namesOf(file, root, status)))

/** Failures by file, to run those tests once more. */
export function byFile(failures) {
  const files = new Map()
  for (const failure of failures) files.set(failure.file, [...(files.get(failure.file) ?? []), failure])
  return files
}

/** For `--testNamePattern`; `null`: the whole file. */
export const patternOf = (failures) =>
  failures.some(({ fullName }) => fullName === null)
    ? null
    : failures.map(({ fullName }) => fullName.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('|')

/** True if the repeated run shows that the failure was unsteady: it ran, and nothing in it failed. */
export function passedAgain(failure, report) {
  const file = report?.testResults[0]
  if (file === undefined) return false
  if (failure.fullName === null) return file.status === 'passed'
  const again = file.assertionResults.filter(({ fullName }) => fullName === failure.fullName)
  return again.length > 0 && again.every(({ status }) => status === 'passed')
}

/**
 * @param ran `code`: Vitest's exit code. `unhandled`: errors outside of any test, which cannot be repeated and are
 * never forgiven. `unsteady`: the failures that passed when run alone. An exit code without any of them is a failure.
 */
export function verdictOf({ report, code, unhandled, failures, unsteady, skipped }) {
  const notes = [
    ...skipped.map(({ file, test }) => `skipped: ${file} › ${test}`),
    ...unsteady.map(({ file, test }) => `unsteady: ${file} › ${test}`),
  ]
  const tooMany = unsteady.length > UNSTEADY_AT_MOST
  if (tooMany) notes.unshift(`More than ${UNSTEADY_AT_MOST} unsteady tests: the run has failed.`)
  if (unhandled > 0) notes.push(`Errors outside of any test: ${unhandled}.`)
  const outside = unhandled > 0 ? unhandled : code !== 0 && failures.length === 0 ? 1 : 0
  const forgiven = tooMany ? [] : unsteady
  return {
    passed: report.numPassedTests + forgiven.filter(({ fullName }) => fullName !== null).length,
    failed: failures.length - forgiven.length + skipped.length + outside,
    notes,
  }
}
