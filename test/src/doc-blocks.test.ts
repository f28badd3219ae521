/** Code in the documentation is right: it compiles, parses, or is run. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { ROOT } from './support/paths.ts'

interface Block {
  readonly page: string
  readonly language: string
  readonly code: string
}

const PAGES = [
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  // The other packages' have tests of their own.
  ...['client', 'server', 'widget'].map((name) => `packages/${name}/README.md`),
]
const BLOCKS: readonly Block[] = PAGES.flatMap((page) => {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language = '', code = '']) => ({
    page,
    language,
    code,
  }))
})

/** What examples use of the page, or of the program, around them. */
const AROUND = `
import type { ChatWidgetElement } from '@chat-widget/widget'
declare global {
  const chat: ChatWidgetElement
  const response: string
  type Message = object
  function isCustomer(): boolean
  function openYourLogin(requestId: string): void
  function onConsent(then: () => void): void
  function showLogin(): Promise<{ readonly id: string } | null>
  function showYourLoginDialog(): Promise<{ readonly id: string } | null>
  const sessions: { find(id: unknown, options: object): Promise<{ userId: string; endsAt: Date; name: string } | null> }
  const token: string
  function requestContextProvider(needsRefresh: boolean, options: { signal: AbortSignal }): Promise<object>
  var ChatWidget: ((...command: unknown[]) => void) & { q?: unknown[] }
}
`

const scriptsOf = (html: string) =>
  [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script)

/** An example as a module of its own. */
const moduleOf = (code: string) =>
  /^\s*return /.test(code) ? `export function example() {${code}}` : `${code}\nexport {}\n`

/** Code blocks of TypeScript and JavaScript, also those in HTML. The bots are run: they are examples (docs.test.ts). */
function modules(): Readonly<Record<string, string>> {
  const files = BLOCKS.filter(({ page }) => page !== 'docs/bots.md').flatMap(({ page, language, code }) => {
    if (language === 'ts') return [{ page, code, extension: 'mts' }]
    if (language === 'tsx') return [{ page, code, extension: 'tsx' }]
    const scripts = language === 'js' ? [code] : language === 'html' ? scriptsOf(code) : []
    return scripts.map((script) => ({ page, code: script, extension: 'mjs' }))
  })
  return Object.fromEntries(
    files.map(({ page, code, extension }, index) => [
      `${page.replaceAll('/', '-')}-${index}.${extension}`,
      moduleOf(code),
    ]),
  )
}

it('examples in TypeScript and JavaScript compile, each by itself', async () => {
  const files = modules()
  expect(Object.keys(files).length).toBeGreaterThan(25)
  // Where packages of the workspace are found.
  const folder = join(ROOT, 'test/node_modules/.cache/doc-blocks')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [file, code] of Object.entries({ 'around.d.ts': AROUND, ...files }))
    await writeFile(join(folder, file), code)
  const config = {
    extends: join(ROOT, 'tsconfig.base.json'),
    compilerOptions: {
      lib: ['es2023', 'dom', 'dom.iterable'],
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
      // Built types, as users have them.
      customConditions: [],
      composite: false,
      declaration: false,
      declarationMap: false,
      noEmit: true,
      rewriteRelativeImportExtensions: false,
      jsx: 'preserve',
      paths: { '@chat-widget/react': [join(ROOT, 'packages/react/dist/index.d.ts')] },
      allowJs: true,
      checkJs: true,
      noImplicitAny: false,
      strictNullChecks: false,
      exactOptionalPropertyTypes: false,
    },
    include: ['.'],
    exclude: [],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder])
  const problems = await tsc.then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  )
  expect(problems).toBe('')
})

it('examples for Vue and Svelte compile', async () => {
  const load = (from: string, name: string): Promise<unknown> =>
    import(/* @vite-ignore */ createRequire(join(ROOT, from, 'package.json')).resolve(name))
  const vue = (await load('.', 'vue/compiler-sfc')) as {
    parse(code: string): { descriptor: object; errors: unknown[] }
    compileScript(descriptor: object, options: { id: string; inlineTemplate: boolean }): unknown
  }
  const svelte = (await load('test/types', 'svelte/compiler')) as {
    compile(code: string, options: object): unknown
  }
  const of = (wanted: string) => BLOCKS.filter(({ language }) => language === wanted).map(({ code }) => code)
  expect([of('vue').length, of('svelte').length]).toEqual([1, 1])
  for (const code of of('vue')) {
    const { descriptor, errors } = vue.parse(code)
    expect(errors).toEqual([])
    vue.compileScript(descriptor, { id: 'example', inlineTemplate: true })
  }
  for (const code of of('svelte')) svelte.compile(code, {})
})

it('examples in JSON parse', () => {
  const withoutComments = (code: string) => code.replaceAll(/^\s*\/\/.*$/gm, '')
  const isWhole = (code: string) => /^\s*[{[]/.test(withoutComments(code))
  const broken = BLOCKS.filter(({ language }) => /^jsonc?$/.test(language)).filter(({ code }) => {
    const text = withoutComments(code)
    try {
      JSON.parse(isWhole(code) ? text : `{${text}}`)
      return false
    } catch {
      return true
    }
  })
  expect(broken).toEqual([])
})

it('custom properties and parts in CSS are those of the element', () => {
  interface Named {
    readonly name: string
  }
  const manifest = JSON.parse(
    readFileSync(join(ROOT, 'packages/widget/data/custom-elements.json'), 'utf8'),
  ) as { modules: { declarations: { cssProperties: Named[]; cssParts: Named[] }[] }[] }
  const [element] = manifest.modules.flatMap(({ declarations }) => declarations)
  const properties = element!.cssProperties.map(({ name }) => name)
  const parts = element!.cssParts.map(({ name }) => name)
  for (const { code, language } of BLOCKS) {
    if (language !== 'css') continue
    for (const [property] of code.matchAll(/--chat-[\w-]+/g)) expect(properties).toContain(property)
    for (const [, part = ''] of code.matchAll(/::part\(([\w-]+)\)/g)) expect(parts).toContain(part)
  }
})
