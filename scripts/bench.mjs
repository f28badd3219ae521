/** `pnpm bench [NAME]`: builds outdated parts, measures, and fails if a bound is broken. */
import { join } from 'node:path'
import { build } from './build.mjs'
import { ROOT, run } from './run.mjs'

const built = await build()
if (built !== 0) process.exit(built)
process.exit(await run(process.execPath, [join(ROOT, 'bench/dist/main.js'), ...process.argv.slice(2)]))
