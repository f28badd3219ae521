/** Files that the documentation links to exist. */
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { deadLinks } from '../../scripts/docs-links.mjs'
import { ROOT } from './support/paths.ts'

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'packages/protocol/SPEC.md',
  ...['authentication-requests', 'client', 'react', 'server', 'widget'].map(
    (name) => `packages/${name}/README.md`,
  ),
  'examples/README.md',
  ...readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `examples/${name}/README.md`),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const read = (page: string) => readFile(join(ROOT, page), 'utf8')
const missing = (folder: string, paths: readonly string[]) =>
  paths.filter((path) => !existsSync(join(ROOT, folder, path)))

describe('links of the documentation', () => {
  it.each(PAGES)('%s leads to files that are there', async (page) => {
    const text = await read(page)
    const paths = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path)
    expect(
      missing(
        dirname(page),
        paths.filter((path) => !/^[a-z]+:/.test(path)),
      ),
    ).toEqual([])
  })

  it('docs/architecture.md names files that are there', async () => {
    const [, memory = ''] = (await read('docs/architecture.md')).split('## What a process keeps in memory')
    const paths = [...memory.matchAll(/`([a-z-]+\/[\w./-]+\.ts)`/g)].map(([, path = '']) => path)
    const ofPackages = paths.filter((path) => /^(client|console|widget)\//.test(path))
    const ofServer = paths.filter((path) => !ofPackages.includes(path))
    expect(ofServer.length).toBeGreaterThan(20)
    expect([...missing('packages/server/src', ofServer), ...missing('packages', ofPackages)]).toEqual([])
  })

  it('of the built site are dead where there is no page, or no such heading on it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chat-site-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const page = `<a href="/docs/b.html#two">b</a><a href="/docs/b.html#three">b</a><a href="#one">a</a>
      <a href="/docs/c.html">c</a><a href="https://example.com/#x">elsewhere</a><h1 id="one">a</h1>`
    await writeFile(join(folder, 'a.html'), page)
    await writeFile(join(folder, 'b.html'), '<h2 id="two">b</h2>')
    expect(deadLinks(folder, '/docs/')).toEqual([
      'a.html: b.html has no heading #three',
      'a.html: /docs/c.html leads nowhere',
    ])
  })
})
