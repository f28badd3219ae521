import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createChatServer } from '../chat-server.ts'
import { findReleases, KEPT_RELEASES } from './kept-files.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'chat-kept-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const warn = vi.fn()
async function keep() {
  const releases = await findReleases({ root: join(home, 'dist'), folder: join(home, 'data/widget'), warn })
  await releases.keep()
  return releases.before
}

/** Replaces the build, and starts a server on it. */
async function release(name: string) {
  await rm(join(home, 'dist'), { recursive: true, force: true })
  await mkdir(join(home, 'dist/assets'), { recursive: true })
  for (const suffix of ['', '.br'])
    await writeFile(join(home, `dist/assets/engine-${name}.js${suffix}`), name)
}

/** The entries of a release, which have no hash in their names. */
async function entries(version: string) {
  for (const name of ['chat-widget.js', 'embed.js'])
    await writeFile(join(home, 'dist', name), `${name} ${version}`)
  await writeFile(join(home, 'dist/chat-widget.manifest.json'), JSON.stringify({ version }))
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

/** Starts a server on the build, and closes it. */
async function run(visit: (ask: (path: string) => Promise<Response>) => Promise<void>) {
  const shop = { id: 'shop', origins: ['http://localhost'] }
  const options = { apps: [shop], dataDir: join(home, 'data'), widgetDir: join(home, 'dist'), port: 0 }
  const server = await createChatServer(options)
  try {
    const address = await server.listen()
    await visit((path) => fetch(address + path, { headers: { 'accept-encoding': 'identity' } }))
  } finally {
    await server.close()
  }
}

it('[HP8] a page that was open during a release goes on loading its files', async () => {
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

it('[HP9] a page that names a version has its script, also after two updates; else that of today', async () => {
  const seen = async (ask: (path: string) => Promise<Response>, path: string) => {
    const answer = await ask(path)
    return [await answer.text(), answer.headers.get('cache-control')]
  }
  const forGood = 'public, max-age=31536000, immutable'
  await release('a')
  // The parts of all three have the same names: only the entries changed.
  for (const version of ['1.0.0', '1.1.0', '1.2.0-rc.1']) {
    await entries(version)
    await run(async (ask) => {
      expect(await seen(ask, `/embed.js?v=${version}&app=shop`)).toEqual([`embed.js ${version}`, forGood])
    })
  }
  await run(async (ask) => {
    expect(await seen(ask, '/embed.js?v=1.0.0')).toEqual(['embed.js 1.0.0', forGood])
    expect(await seen(ask, '/chat-widget.js?v=1.1.0')).toEqual(['chat-widget.js 1.1.0', forGood])
    for (const other of ['', '?v=0.9.0', '?v=', '?v=1.0.0&v=1.1.0', '?v=..', '?v=..%2f..%2fchat.db'])
      expect(await seen(ask, `/embed.js${other}`), other).toEqual(['embed.js 1.2.0-rc.1', 'no-cache'])
    expect((await ask('/assets/embed.js')).status).toBe(404)
  })
})
