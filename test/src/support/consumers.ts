/** Applications of test/consumers and of examples/, as their users build and serve them. */
import { existsSync } from 'node:fs'
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { ROOT } from './paths.ts'
import { install, QUIET, type Registry, runCommand, startCommand } from './published.ts'

interface Consumer {
  /** Folder in test/consumers, or in examples/. Default: the consumer's name. */
  readonly folder?: string
  /** Packages whose versions the report names. */
  readonly versions: readonly string[]
  /** Arguments of `npm run build`. */
  readonly build?: readonly string[]
  /** Folder of built files that any web server may send. Without it the application has a server: `npm start`. */
  readonly files?: string
  /** It needs a later Node than this repository. */
  readonly node?: true
  /** It has an interface of its own, and no `<chat-widget>`. */
  readonly headless?: true
}

export const CONSUMERS: Readonly<Record<string, Consumer>> = {
  vite: { versions: ['vite'], files: 'dist' },
  'vite-react': { versions: ['vite', 'react'], files: 'dist' },
  'headless-react': { versions: ['vite', 'react'], files: 'dist', headless: true },
  next: { versions: ['next', 'react'] },
  'next-webpack': { folder: 'next', versions: ['next', 'react'], build: ['--webpack'] },
  vue: { versions: ['vue', 'vite'], files: 'dist' },
  webpack: { versions: ['webpack'], files: 'dist' },
  parcel: { versions: ['parcel'], files: 'dist' },
  astro: { versions: ['astro', 'vite'], files: 'dist', node: true },
  angular: { versions: ['@angular/core', 'typescript'], files: 'dist', node: true },
  sveltekit: { versions: ['@sveltejs/kit', 'svelte', 'vite'], node: true },
  nuxt: { versions: ['nuxt', 'vue', 'vite'], node: true },
}

export interface Addresses {
  readonly chat: string
  readonly tokens: string
}

export interface App {
  readonly folder: string
  readonly versions: string
  /** Seconds of install and build. */
  readonly seconds: readonly [number, number]
  /** Serves the build; resolves with its address. */
  serve(): Promise<{ readonly url: string; stop(): Promise<void> }>
}

type Versions = Readonly<Record<string, string>>

const TEXTS = /\.(astro|html|js|json|jsx|mjs|svelte|ts|tsx|vue)$/

async function copy(from: string, to: string, { chat, tokens }: Addresses): Promise<void> {
  await cp(from, to, { recursive: true })
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !TEXTS.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const text = await readFile(path, 'utf8')
    const ours = text.replaceAll('http://localhost:8080', chat).replaceAll('http://localhost:8081', tokens)
    if (ours !== text) await writeFile(path, ours)
  }
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

/** Sends built files, the token endpoint beside them as on a company's site. */
async function serveFiles(folder: string, tokens: string) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://files').pathname)
    if (path === '/chat-token') {
      const answer = await fetch(new URL(path, tokens), { method: 'POST' })
      response.setHeader('content-type', 'application/json')
      return response.end(await answer.text())
    }
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path)
    const content = await readFile(file).catch(() => null)
    response.statusCode = content === null ? 404 : 200
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
    response.end(content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function versionsIn(folder: string, names: readonly string[]): Promise<string> {
  const versions = names.map(async (name) => {
    const manifest = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8')
    return `${name} ${(JSON.parse(manifest) as { version: string }).version}`
  })
  return (await Promise.all(versions)).join(', ')
}

/**
 * Gives the application the exact versions of test/consumers/pinned.json: a release of somebody else is not to fail the
 * tests of this repository.
 */
async function pin(folder: string): Promise<void> {
  const pinned = JSON.parse(await readFile(join(ROOT, 'test/consumers/pinned.json'), 'utf8')) as Versions
  const file = join(folder, 'package.json')
  const {
    dependencies = {},
    devDependencies = {},
    ...manifest
  } = JSON.parse(await readFile(file, 'utf8')) as {
    readonly dependencies?: Versions
    readonly devDependencies?: Versions
  }
  const exact = (ranges: Versions) =>
    Object.fromEntries(
      Object.entries(ranges).map(([name, range]) => {
        const version = name.startsWith('@chat-widget/') ? range : pinned[name]
        if (version === undefined) throw new Error(`test/consumers/pinned.json has no version of ${name}`)
        return [name, version]
      }),
    )
  const content = { ...manifest, dependencies: exact(dependencies), devDependencies: exact(devDependencies) }
  await writeFile(file, JSON.stringify(content, null, 2))
}

let laterNode: Promise<string> | undefined

/** The folder of a Node that frameworks need which have left this repository's behind; npm has it as a package. */
async function installNode(registry: Registry): Promise<string> {
  const folder = await registry.freshFolder('later-node')
  await install({ folder }, 'node@24')
  return join(folder, 'node_modules/.bin')
}

/**
 * Installs and builds an application in a folder outside the repository. `newest`: with the newest releases that it
 * allows; else with pinned ones.
 */
export async function buildApp(
  name: string,
  registry: Registry,
  { newest, ...addresses }: Addresses & { readonly newest: boolean },
): Promise<App> {
  const { folder: source = name, versions, build = [], files, node } = CONSUMERS[name] as Consumer
  const folder = await registry.freshFolder(name)
  const own = join(ROOT, 'test/consumers', source)
  await copy(existsSync(own) ? own : join(ROOT, 'examples', source), folder, addresses)
  if (!newest) await pin(folder)
  if (node) laterNode ??= installNode(registry)
  const command = { folder, path: node ? [await laterNode!] : [] }
  const from = performance.now()
  await (newest ? runCommand('npm', ['install', ...QUIET], command) : install(command))
  const installed = performance.now()
  await runCommand('npm', ['run', 'build', '--', ...build], command)
  const built = performance.now()
  const seconds = (start: number, end: number) => Math.round((end - start) / 100) / 10
  return {
    folder,
    versions: await versionsIn(folder, versions),
    seconds: [seconds(from, installed), seconds(installed, built)],
    serve: () =>
      files === undefined
        ? startCommand('npm', ['start', '--', '--port', '0'], command)
        : serveFiles(join(folder, files), addresses.tokens),
  }
}
