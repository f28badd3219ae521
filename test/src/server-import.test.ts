/** Imports every entry of every public package in a plain Node process, as a page that is rendered on a server does. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

interface Manifest {
  readonly private?: boolean
  /** An entry without `default` has types alone. */
  readonly exports: Readonly<Record<string, string | { readonly default?: string }>>
}

const PACKAGES = new URL('../../packages/', import.meta.url)

/** The built files that the entries of public packages name. */
const entries = readdirSync(PACKAGES).flatMap((folder) => {
  const manifest: Manifest = JSON.parse(readFileSync(new URL(`${folder}/package.json`, PACKAGES), 'utf8'))
  if (manifest.private) return []
  return Object.values(manifest.exports)
    .flatMap((entry) => (typeof entry === 'string' ? [] : (entry.default ?? [])))
    .filter((file) => !file.endsWith('.css'))
    .map((file) => new URL(`${folder}/${file}`, PACKAGES).href)
})

const SCRIPT = `
const before = new Set(Reflect.ownKeys(globalThis).map(String))
// Marks by which libraries find their other copies, and Node's own fetch; they change nothing of the page's.
const marks = ['__zod_globalConfig', '__zod_globalRegistry', 'Symbol(srvx.nativeRequest)', 'Symbol(undici.globalDispatcher.1)']
for (const entry of ${JSON.stringify(entries)}) await import(entry)
console.log(JSON.stringify(Reflect.ownKeys(globalThis).map(String).filter((key) => !before.has(key) && !marks.includes(key))))
`

it('may be imported on a server: nothing is thrown, said, left running or made global', async () => {
  expect(entries.some((entry) => entry.endsWith('/widget/lib/index.js'))).toBe(true)
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', SCRIPT])
  expect(await run).toEqual({ stdout: '[]\n', stderr: '' })
})
