/** `pnpm test`: finds or installs what the tests need, builds, runs every project, and says how it went. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { ensureParts } from './parts.mjs'
import { ROOT, run, tool } from './run.mjs'

const REPORT = join(ROOT, 'node_modules', '.cache', 'test-report.json')

const missing = ensureParts()
if (missing.length > 0) {
  const names = missing.join(' and ')
  process.stderr.write(`${names} could not be found or installed; the tests that need it cannot run.\n`)
  process.stderr.write('Install it (on Debian: apt-get install chromium postgresql) and run this again.\n')
  process.stdout.write(`0 passed, ${missing.length} failed\n`)
  process.exit(1)
}

const built = await build()
if (built !== 0) {
  process.stdout.write('0 passed, 1 failed\n')
  process.exit(built)
}

mkdirSync(join(REPORT, '..'), { recursive: true })
rmSync(REPORT, { force: true })
const code = await run(tool('vitest'), [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${REPORT}`,
  ...process.argv.slice(2),
])

/** A file that could not even be loaded counts as one failure; it has no tests to count. */
function count() {
  try {
    const report = JSON.parse(readFileSync(REPORT, 'utf8'))
    const broken = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    )
    return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
  } catch {
    return { passed: 0, failed: 1 }
  }
}

const { passed, failed } = count()
const failures = code !== 0 && failed === 0 ? 1 : failed
process.stdout.write(`${passed} passed, ${failures} failed\n`)
process.exit(failures > 0 ? 1 : code)
