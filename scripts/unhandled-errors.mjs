/** Vitest reporter of errors outside of any test, which its JSON report lacks. */
import { writeFileSync } from 'node:fs'

export default class UnhandledErrors {
  onTestRunEnd(_modules, errors) {
    writeFileSync(process.env.CHAT_UNHANDLED_ERRORS, String(errors.length))
  }
}
