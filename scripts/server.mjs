/** `pnpm server …`: builds outdated parts and runs `chat-widget-server` with the given arguments, in this process. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { ROOT } from './run.mjs'

const built = await build()
if (built !== 0) process.exit(built)

const command = join(ROOT, 'packages/server/bin/chat-widget-server.js')
// `pnpm server -- --port 0` and `pnpm server --port 0` mean the same.
const [first, ...rest] = process.argv.slice(2)
process.argv = [
  process.execPath,
  command,
  ...(first === undefined || first === '--' ? rest : [first, ...rest]),
]
await import(pathToFileURL(command).href)
