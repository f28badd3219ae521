/** `pnpm test`: finds or installs the tests' programs, builds, runs every project, and prints the result. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { ensureParts } from './parts.mjs'
import { ROOT, run, tool } from './run.mjs'
import { byFile, failuresOf, passedAgain, patternOf, skippedOf, verdictOf } from './test-report.mjs'

/** With more failures the run has failed in any case; repeating them would only take time. */
const REPEATED_AT_MOST = 20

const missing = ensureParts()
if (missing.length > 0) {
  const names = missing.map((part) => part.name).join(' and ')
  const packages = missing.map((part) => part.package).join(' ')
  process.stderr.write(`${names} could not be found or installed; the tests that need it cannot run.\n`)
  process.stderr.write(`Install it (on Debian: apt-get install ${packages}) and run this again.\n`)
  process.stdout.write(`0 passed, ${missing.length} failed\n`)
  process.exit(1)
}

const built = await build()
if (built !== 0) {
  process.stdout.write('0 passed, 1 failed\n')
  process.exit(built)
}

/** Resolves with the exit code and Vitest's own report, `null` if it wrote none. */
async function vitest(name, args) {
  const file = join(ROOT, 'node_modules', '.cache', name)
  mkdirSync(join(file, '..'), { recursive: true })
  const errors = `${file}.errors`
  for (const old of [file, errors]) rmSync(old, { force: true })
  const reporters = [
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    `--reporter=${join(ROOT, 'scripts/unhandled-errors.mjs')}`,
  ]
  const code = await run(tool('vitest'), ['run', ...reporters, ...args], {
    env: { CHAT_UNHANDLED_ERRORS: errors },
  })
  try {
    return {
      code,
      report: JSON.parse(readFileSync(file, 'utf8')),
      unhandled: Number(readFileSync(errors, 'utf8')),
    }
  } catch {
    return { code, report: null, unhandled: 0 }
  }
}

const given = process.argv.slice(2)
// A repeated test plays the same interleavings: other ones would hide a failure that a random run found.
process.env.INTERLEAVINGS_SEED ??= String(Date.now() % 2 ** 31)
const { code, report, unhandled } = await vitest('test-report.json', given)
if (report === null) {
  process.stdout.write('0 passed, 1 failed\n')
  process.exit(1)
}

/** Repeats the failed tests of each file alone; resolves with the failures that passed then. */
async function repeat(failures) {
  const unsteady = []
  for (const [file, failed] of byFile(failures)) {
    const pattern = patternOf(failed)
    const again = await vitest('test-report-again.json', [
      join(ROOT, file),
      ...(pattern === null ? [] : [`--testNamePattern=${pattern}`]),
    ])
    if (again.unhandled === 0)
      unsteady.push(...failed.filter((failure) => passedAgain(failure, again.report)))
  }
  return unsteady
}

const failures = failuresOf(report, ROOT)
const unsteady = failures.length > REPEATED_AT_MOST ? [] : await repeat(failures)
const isFiltered = given.some((arg) => arg.startsWith('-t') || arg.startsWith('--testNamePattern'))
const skipped = process.env.CI === 'true' && !isFiltered ? skippedOf(report, ROOT) : []
const { passed, failed, notes } = verdictOf({ report, code, unhandled, failures, unsteady, skipped })
for (const note of notes) process.stdout.write(`${note}\n`)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed > 0 ? 1 : 0)
