/** `chat-widget-server api-key`: a new key for an app's REST interface. */
import { createHash, randomBytes } from 'node:crypto'
import { ConfigurationError } from '../config/configuration-error.ts'
import { printLine, type Terminal } from './terminal.ts'

const KEY_BYTES = 32

/** The key is shown once; the configuration holds only its hash. */
export function apiKeyCommand(argv: readonly string[], terminal: Terminal): number {
  const [surplus] = argv
  if (surplus !== undefined) throw new ConfigurationError(surplus, 'unknown argument')
  const key = randomBytes(KEY_BYTES).toString('base64url')
  const hash = createHash('sha256').update(key).digest('hex')
  printLine(terminal.stdout, `key:     ${key}`)
  printLine(terminal.stdout, `apiKeys: "sha256:${hash}"`)
  return 0
}
