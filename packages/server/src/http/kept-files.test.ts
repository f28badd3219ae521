import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createChatServer } from '../chat-server.ts'
import { KEPT_RELEASES, keepReleases } from './kept-files.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'chat-kept-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const warn = vi.fn()
const keep = () => keepReleases({ root: join(home, 'dist'), folder: join(home, 'data/widget'), warn })

/** Replaces the build, and starts a server on it. */
async function release(name: string) {
  await rm(join(home, 'dist'), { recursive: true, force: true })
  await mkdir(join(home, 'dist/assets'), { recursive: true })
  for (const suffix of ['', '.br'])
    await writeFile(join(home, `dist/assets/engine-${name}.js${suffix}`), name)
}

/** Dates the existing releases back, each a day after the other. */
async function letDaysPass() {
  const folder = join(home, 'data/widget')
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path)
    await utimes(path, mtimeMs / 1_000 - 86_400, mtimeMs / 1_000 - 86_400)
  }
}

const namesIn = async (folders: readonly string[]) =>
  (await Promise.all(folders.map((folder) => readdir(folder)))).map((names) => names.sort())

describe('[HP8] the releases before', () => {
  it('are kept, newest first, up to a number', async () => {
    let kept: readonly string[] = []
    for (const name of ['a', 'b', 'c', 'd']) {
      await release(name)
      kept = await keep()
      await letDaysPass()
    }
    expect(await namesIn(kept)).toEqual([
      ['engine-c.js', 'engine-c.js.br'],
      ['engine-b.js', 'engine-b.js.br'],
    ])
    expect(await readdir(join(home, 'data/widget'))).toHaveLength(KEPT_RELEASES)
    expect(await readFile(join(kept[0] ?? '', 'engine-c.js'), 'utf8')).toBe('c')
  })

  it('are none after a restart of the same one, and are still there after a release is taken back', async () => {
    await release('a')
    expect(await keep()).toEqual([])
    await letDaysPass()
    expect(await keep()).toEqual([])
    await letDaysPass()
    await release('b')
    await keep()
    await letDaysPass()
    await release('a')
    expect(await namesIn(await keep())).toEqual([['engine-b.js', 'engine-b.js.br']])
  })

  it('are done without where the folder cannot be written', async () => {
    await release('a')
    await writeFile(join(home, 'data'), 'a file in the way')
    expect(await keep()).toEqual([])
    expect(warn).toHaveBeenCalledOnce()
  })

  it('are none of a server that was never built', async () => {
    expect(await keep()).toEqual([])
  })
})

it('[HP8] a page that was open during a release goes on loading its files', async () => {
  const shop = { id: 'shop', origins: ['http://localhost'] }
  const options = { apps: [shop], dataDir: join(home, 'data'), widgetDir: join(home, 'dist'), port: 0 }
  const run = async (visit: (ask: (path: string) => Promise<Response>) => Promise<void>) => {
    const server = await createChatServer(options)
    try {
      const address = await server.listen()
      await visit((path) => fetch(address + path, { headers: { 'accept-encoding': 'identity' } }))
    } finally {
      await server.close()
    }
  }
  await release('a')
  await run(async (ask) => expect((await ask('/assets/engine-a.js')).status).toBe(200))
  await release('b')
  await run(async (ask) => {
    const before = await ask('/assets/engine-a.js')
    expect(before.status).toBe(200)
    expect(await before.text()).toBe('a')
    expect(before.headers.get('access-control-allow-origin')).toBe('*')
    expect(before.headers.get('cache-control')).toContain('immutable')
    for (const path of ['/assets/..%2f..%2f..%2fdata%2fchat.db', '/assets/engine-none.js'])
      expect((await ask(path)).status, path).toBe(404)
  })
})
