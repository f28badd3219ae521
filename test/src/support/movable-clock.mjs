/** Loaded into a server's process before its own code: moves its clock by the number in a file. Timers stay real. */
import { readFileSync } from 'node:fs'

const RealDate = Date
const file = process.env.MOVABLE_CLOCK_FILE ?? ''
const now = () => RealDate.now() + Number(readFileSync(file, 'utf8'))

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now())
    else super(...args)
  }

  static now() {
    return now()
  }
}
