/** Removes compiled files whose source is gone, or that the compiler no longer writes: they would be published. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { filesUnder } from './compress.mjs'

/** A file of the compiler's, without its ending. */
const COMPILED = /^(.+?)(\.d\.ts|\.js|\.js\.map)$/

/** @param {string} outputs folder of compiled files, beside `src/` */
export async function removeStale(outputs) {
  const hasSource = (path) => {
    const [, name] = COMPILED.exec(relative(outputs, path)) ?? []
    const source = name && join(dirname(outputs), 'src', name)
    return source && ['.ts', '.tsx', '.js'].some((ending) => existsSync(source + ending))
  }
  for (const path of await filesUnder(outputs))
    if (!path.endsWith('.tsbuildinfo') && !hasSource(path)) await rm(path)
}
