/** `pnpm demo`: builds outdated parts and starts the shop, the chat server and the console; with the gallery. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { buildGallery } from './gallery.mjs'
import { ROOT } from './run.mjs'

const built = await build()
if (built !== 0) process.exit(built)
await buildGallery()
await import(pathToFileURL(join(ROOT, 'apps/demo/dist/main.js')).href)
