/** `pnpm cluster`: builds outdated parts, and starts the shop with its chat on three servers behind nginx. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { ROOT } from './run.mjs'

const built = await build()
if (built !== 0) process.exit(built)
await import(pathToFileURL(join(ROOT, 'apps/demo/dist/cluster-main.js')).href)
