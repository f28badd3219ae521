/** Files that the documentation links to exist. */
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
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
    const ofPackages = paths.filter((path) => path.startsWith('client/'))
    const ofServer = paths.filter((path) => !ofPackages.includes(path))
    expect(ofServer.length).toBeGreaterThan(20)
    expect([...missing('packages/server/src', ofServer), ...missing('packages', ofPackages)]).toEqual([])
  })
})
