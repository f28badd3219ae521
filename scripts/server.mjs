/** `pnpm server …`: builds what is stale and runs `chat-widget-server` with the arguments given. */
import { join } from 'node:path'
import { build } from './build.mjs'
import { ROOT, run } from './run.mjs'

const built = await build()
if (built !== 0) process.exit(built)
process.exit(
  await run(process.execPath, [
    join(ROOT, 'packages/server/bin/chat-widget-server.js'),
    // `pnpm server -- --port 0` and `pnpm server --port 0` mean the same.
    ...process.argv.slice(2).filter((argument, index) => !(index === 0 && argument === '--')),
  ]),
)
