/** Vitest's reporter of errors outside of any test: its JSON report does not have them. */
import { writeFileSync } from 'node:fs'

export default class UnhandledErrors {
  onTestRunEnd(_modules, errors) {
    writeFileSync(process.env.CHAT_UNHANDLED_ERRORS, String(errors.length))
  }
}
