/** `pnpm demo`: builds what is stale and starts the shop, the chat server and the console. */
import { join } from 'node:path'
import { build } from './build.mjs'
import { ROOT, run } from './run.mjs'

const built = await build()
if (built !== 0) process.exit(built)
process.exit(await run(process.execPath, [join(ROOT, 'apps/demo/dist/main.js'), ...process.argv.slice(2)]))
