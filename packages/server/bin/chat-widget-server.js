#!/usr/bin/env node
import { tuneGarbageCollection } from '../dist/garbage-collection.js'

// Said here, as an older Node stops at something that names neither the version nor the cause.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`chat-widget-server: needs Node.js 20.19 or later; this is ${process.versions.node}\n`)
  process.exit(1)
}

tuneGarbageCollection()
const { main } = await import('../dist/command/main.js')
process.exit(await main(process.argv.slice(2)))
