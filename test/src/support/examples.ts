/** The folders of examples/ as users run them, at addresses of the test. */
import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { build, createServer, type Plugin, type PreviewServer, preview, type ViteDevServer } from 'vite'
import { onTestFinished } from 'vitest'
import { ROOT } from './paths.ts'

const EXAMPLES = join(ROOT, 'examples')
const CACHE = join(ROOT, 'test/node_modules/.cache/examples')
const TEXTS = new Set(['.html', '.js', '.ts', '.tsx'])

/** A copy of an example in which each text is replaced, e.g. the address of the chat server. Deleted after the test. */
async function copyExample(name: string, replaced: Readonly<Record<string, string>> = {}): Promise<string> {
  await mkdir(CACHE, { recursive: true })
  const folder = await mkdtemp(join(CACHE, `${name}-`))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(join(EXAMPLES, name), folder, { recursive: true })
  for (const file of await readdir(folder)) {
    if (!TEXTS.has(extname(file))) continue
    let text = await readFile(join(folder, file), 'utf8')
    for (const [from, to] of Object.entries(replaced)) text = text.replaceAll(from, to)
    await writeFile(join(folder, file), text)
  }
  return folder
}

/** Packages as an installed packages/react finds them: an example has no node_modules here. */
const installed: Plugin = {
  name: 'installed',
  enforce: 'pre',
  resolveId(source, importer, options) {
    if (!/^(@chat-widget\/|react)/.test(source) || importer?.startsWith(join(ROOT, 'packages'))) return null
    return this.resolve(source, join(ROOT, 'packages/react/package.json'), { ...options, skipSelf: true })
  },
}

const addressOf = ({ resolvedUrls }: ViteDevServer | PreviewServer) => resolvedUrls?.local[0] ?? ''

const quiet = { logLevel: 'error', cacheDir: join(CACHE, '.vite') } as const

/** `npx vite` in an example. Resolves with the page's address. */
export async function serveExample(...example: Parameters<typeof copyExample>): Promise<string> {
  const folder = await copyExample(...example)
  const server = await createServer({ ...quiet, root: folder, server: { port: 0, strictPort: true } })
  onTestFinished(() => server.close())
  return addressOf(await server.listen())
}

/** `npm run build` and `npm start` in an example. Resolves with the page's address. */
export async function buildExample(...example: Parameters<typeof copyExample>): Promise<string> {
  const folder = await copyExample(...example)
  await build({ ...quiet, root: folder, plugins: [installed] })
  const server = await preview({ ...quiet, root: folder, preview: { port: 0, strictPort: true } })
  onTestFinished(() => server.close())
  return addressOf(server)
}

/** Starts a program of an example on a free port. Resolves with the address that it prints. */
export async function runExample(
  command: string,
  name: string,
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(command, [file], {
    cwd: await copyExample(name),
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill())
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (text: Buffer) => {
      said += text
      const [address] = /http:\/\/\S+/.exec(said) ?? []
      if (address !== undefined) resolve(address)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`${command} ${name}/${file} ended with ${code}: ${said}`)))
  })
}
