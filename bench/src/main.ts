/** `pnpm bench [NAME]`: runs the measurements, prints their tables, and exits with 1 if a bound is broken. */
import { waitingCallers } from './authentication-requests/waiting-callers.ts'
import { comingBack } from './coming-back/coming-back.ts'
import { composer } from './composer/composer.ts'
import { delivery } from './delivery/delivery.ts'
import { faults } from './faults/faults.ts'
import { brokenBounds, type Measurement, table } from './measurement.ts'
import { messageList } from './message-list/message-list.ts'
import { overload } from './overload/overload.ts'
import { peers } from './peers/peers.ts'

const MEASUREMENTS: readonly Measurement[] = [
  ...[waitingCallers, delivery, comingBack, faults, overload],
  ...[messageList, composer, peers],
]

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !MEASUREMENTS.some((measurement) => measurement.name === name))
  if (unknown.length > 0) {
    const known = MEASUREMENTS.map(({ name }) => name).join(', ')
    process.stderr.write(`there is no measurement ${unknown.join(', ')}; there is ${known}\n`)
    return 2
  }
  const broken: string[] = []
  for (const measurement of MEASUREMENTS) {
    if (names.length > 0 && !names.includes(measurement.name)) continue
    const report = await measurement.run()
    process.stdout.write(table(report))
    broken.push(...brokenBounds(report))
  }
  for (const problem of broken) process.stderr.write(`FAILED ${problem}\n`)
  return broken.length === 0 ? 0 : 1
}

// An exit ends the servers that a measurement started; a signal alone would leave them.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`FAILED ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
