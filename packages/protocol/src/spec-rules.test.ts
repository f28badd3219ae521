/** Compares SPEC.md with the tests: a rule without a test, or a quoted rule that does not exist, fails here. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const SKIPPED = new Set(['node_modules', 'dist', 'dist-types', 'lib'])

/** Test titles are in `.test.ts` files, and in the `.testing.ts` suites that they run. */
const isTest = (path: string) => /\.(test|testing)\.ts$/.test(path)

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name) || entry.name.startsWith('.')) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesUnder(path) : [path]
  })
}

const idsIn = (text: string) => [...text.matchAll(/\[([A-Z]{2}\d+)\]/g)].map(([, id]) => id as string)

/** Comments may name a rule without testing it. */
const withoutComments = (source: string) =>
  source.replaceAll(/^\s*(\/\*[\s\S]*?\*\/|\/\/.*)$/gm, '').replaceAll(/\s\/\/ .*$/gm, '')

const rules = [
  ...readFileSync(join(ROOT, 'packages/protocol/SPEC.md'), 'utf8').matchAll(/^- \*\*\[([A-Z]+\d+)\]\*\*/gm),
].map(([, id]) => id as string)

const cited = ['packages', 'apps', 'test', 'bench', 'docs']
  .flatMap(filesUnder)
  .filter((path) => /\.(ts|md)$/.test(path))
  .map((path) => ({ path: relative('.', path), text: readFileSync(join(ROOT, path), 'utf8') }))

it('states each rule once', () => {
  expect(rules.length).toBeGreaterThan(40)
  expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([])
})

it('has a test title for each rule', () => {
  const quoted = new Set(
    cited.filter(({ path }) => isTest(path)).flatMap(({ text }) => idsIn(withoutComments(text))),
  )
  expect(rules.filter((id) => !quoted.has(id))).toEqual([])
})

it('has each rule that a test, code or a page of the docs quotes', () => {
  const missing = cited.flatMap(({ path, text }) =>
    idsIn(text)
      .filter((id) => !rules.includes(id))
      .map((id) => `${path}: [${id}]`),
  )
  expect(missing).toEqual([])
})
