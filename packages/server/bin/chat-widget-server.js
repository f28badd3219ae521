#!/usr/bin/env node
import { tuneGarbageCollection } from '../dist/garbage-collection.js'

tuneGarbageCollection()
const { main } = await import('../dist/command/main.js')
process.exit(await main(process.argv.slice(2)))
