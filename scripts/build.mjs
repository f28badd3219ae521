/** Builds all that runs: JavaScript of server and demo, browser files of widget, console, authenticator. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeEmoji } from './emoji.mjs'
import { ROOT, run, TYPES, tool } from './run.mjs'
import { writeSizes } from './sizes.mjs'
import { removeStale } from './stale-outputs.mjs'
import { writeWords } from './words.mjs'

const STAMP = join(ROOT, 'node_modules', '.cache', 'chat-widget-build')
const OUTPUTS = [
  'packages/protocol/dist/index.js',
  'packages/protocol/types/index.d.ts',
  'packages/client/dist/index.js',
  'packages/authentication-requests/dist/index.js',
  'packages/server/dist/index.js',
  'packages/server/dist/command/main.js',
  'packages/widget/dist/chat-widget.js',
  'packages/widget/lib/index.js',
  'packages/react/dist/index.js',
  'packages/widget/data/custom-elements.json',
  'packages/console/dist/index.html',
  'packages/authenticator/dist/index.html',
  'apps/demo/dist/main.js',
  'bench/dist/main.js',
]
/** Folders that hold compiled files alone until the next steps of the build. */
const COMPILED = [
  'protocol/dist',
  'client/dist',
  'authentication-requests/dist',
  'server/dist',
  'widget/lib',
  'react/dist',
]
const INPUTS = ['packages', 'apps', 'bench', 'scripts', 'words', 'pnpm-lock.yaml', 'tsconfig.base.json']
const SKIPPED = new Set(['node_modules', 'dist', 'dist-types', 'lib', 'data', '.data'])

/** A digest of name, size and time of every source file: cheap, and changed by every edit and checkout. */
async function fingerprint() {
  const hash = createHash('sha256')
  const visit = async (path) => {
    const info = await stat(path)
    if (info.isFile()) {
      if (!path.endsWith('.test.ts')) hash.update(`${relative(ROOT, path)} ${info.size} ${info.mtimeMs}\n`)
      return
    }
    const entries = await readdir(path)
    for (const entry of entries.sort()) if (!SKIPPED.has(entry)) await visit(join(path, entry))
  }
  for (const input of INPUTS) await visit(join(ROOT, input))
  return hash.digest('hex')
}

async function isFresh(current) {
  if (!OUTPUTS.every((path) => existsSync(join(ROOT, path)))) return false
  return (await readFile(STAMP, 'utf8').catch(() => '')) === current
}

/** Builds unless nothing changed since the last build. Resolves with the exit code. */
export async function build({ force = false } = {}) {
  writeWords()
  writeEmoji()
  const current = await fingerprint()
  if (!force && (await isFresh(current))) return 0
  process.stderr.write('building …\n')
  const types = await run(
    tool('tsc'),
    [
      ...TYPES,
      'packages/server',
      'packages/client',
      'packages/authentication-requests',
      'packages/react',
      'packages/console',
      'packages/authenticator',
      'apps/demo',
      'bench',
    ],
    { quiet: true },
  )
  if (types !== 0) return types
  for (const folder of COMPILED) await removeStale(join(ROOT, 'packages', folder))
  const { writeProtocolTypes } = await import('./protocol-types.mjs')
  await writeProtocolTypes()
  const { writeElementData } = await import('./element-data.mjs')
  const { buildWidget } = await import('./build-widget.mjs')
  const { buildServer } = await import('./build-server.mjs')
  const { buildConsole } = await import('./build-console.mjs')
  const { buildAuthenticator } = await import('./build-authenticator.mjs')
  await buildServer()
  await writeElementData()
  await buildWidget()
  await buildConsole()
  await buildAuthenticator()
  await writeSizes()
  await mkdir(join(STAMP, '..'), { recursive: true })
  await writeFile(STAMP, await fingerprint())
  return 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exit(await build({ force: process.argv.includes('--force') }))
