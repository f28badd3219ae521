/** `pnpm demo`: builds outdated parts and starts the shop, the chat server and the console. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { ROOT } from './run.mjs'

const built = await build()
if (built !== 0) process.exit(built)
await import(pathToFileURL(join(ROOT, 'apps/demo/dist/main.js')).href)
