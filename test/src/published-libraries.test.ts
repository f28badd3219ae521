/** Libraries in our builds: their text as installed, and of their exports those that the build has chosen. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build, type Plugin } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { asPublished, chosenExports } from '../../scripts/published-libraries.mjs'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'published-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const MANAGER = 'socket.io-client/build/esm/manager.js'

/** Builds a page that imports a stand-in of the library, of which `exports` are engine.io-client's. */
async function bundle(exports: readonly string[], ...plugins: Plugin[]): Promise<string> {
  const library = (name: string, names: readonly string[]) => ({
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, type: 'module', main: 'index.js' }),
    [`node_modules/${name}/index.js`]: names.map((one) => `export const ${one} = '${one} of it'\n`).join(''),
  })
  const files: Readonly<Record<string, string>> = {
    ...library('engine.io-client', exports),
    ...library('socket.io-parser', ['Encoder', 'Decoder', 'isPacketValid']),
    [`node_modules/${MANAGER}`]: `import { Socket as Engine, installTimerFunctions, nextTick } from 'engine.io-client'
import * as parser from 'socket.io-parser'
export const used = [Engine, installTimerFunctions, nextTick, parser]\n`,
    'main.js': `import { used } from './node_modules/${MANAGER}'\nconsole.log(used)\n`,
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const result = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [chosenExports(), ...plugins, asPublished()],
    build: { write: false, minify: false, rolldownOptions: { input: join(root, 'main.js') } },
  })
  if (!('output' in result)) throw new Error('not built')
  return result.output.map((file) => (file.type === 'chunk' ? file.code : '')).join('')
}

const LAST = ['Socket', 'SocketWithoutUpgrade', 'installTimerFunctions', 'nextTick']

it('have their chosen exports in a bundle, and no others', async () => {
  const code = await bundle(LAST)
  expect(code).toContain('SocketWithoutUpgrade of it')
  for (const name of ['Socket', 'Encoder', 'isPacketValid']) expect(code).not.toContain(`'${name} of it'`)
})

it('stop the build with a sentence where a version has no such export', async () => {
  await expect(bundle(LAST.filter((name) => name !== 'SocketWithoutUpgrade'))).rejects.toThrow(
    'engine.io-client has no export SocketWithoutUpgrade',
  )
})

it.each<[how: string, plugin: Plugin]>([
  ['its text', { name: 'rewriting', transform: (code, id) => (id.endsWith(MANAGER) ? `${code};` : null) }],
  ['its file', { name: 'replacing', load: (id) => (id.endsWith(MANAGER) ? 'export const used = []' : null) }],
])('stop the build where a plugin changes %s', async (_how, plugin) => {
  await expect(bundle(LAST, plugin)).rejects.toThrow(`${MANAGER} is not as published`)
})
