/** A measurement's site: pages that each load a script, compressed before anything is measured. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress } from 'node:zlib'
import { build, type Rollup } from 'vite'

export interface Site {
  readonly url: string
  close(): void
}

export interface SitePage {
  /** A module's address. */
  readonly script: string
  readonly body: string
  readonly styles?: readonly string[]
}

type Files = Readonly<Record<string, string | Uint8Array>>

/** A reference with its libraries as published, in one file. `module`: its compiled file. */
export async function bundled(module: URL): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      lib: { entry: fileURLToPath(module), formats: ['es'], fileName: 'bare' },
    },
  })
  const [{ output }] = built as Rollup.RollupOutput[] as [Rollup.RollupOutput]
  return output[0].code
}

/** An application of one page: the page, and by path the files that it loads from below `base`. `module`: its source. */
export async function builtPage(base: string, module: URL): Promise<{ page: SitePage; files: Files }> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('.', module)),
    base,
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: fileURLToPath(module) },
    },
  })
  const { output } = built as Rollup.RollupOutput
  const entry = output[0].fileName
  const styles = output.map(({ fileName }) => fileName).filter((name) => name.endsWith('.css'))
  return {
    page: { script: base + entry, body: '', styles: styles.map((name) => base + name) },
    files: Object.fromEntries(
      output.map((file) => [base + file.fileName, file.type === 'chunk' ? file.code : file.source]),
    ),
  }
}

const textOf = ({ script, body, styles = [] }: SitePage) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title>
${styles.map((style) => `<link rel="stylesheet" href="${style}">`).join('')}
<script type="module" src="${script}"></script><body>${body}</body></html>`

const TYPES: Readonly<Record<string, string>> = { css: 'text/css', json: 'application/json' }

/** `pages` and `content` by path. */
export async function startSite(pages: Readonly<Record<string, SitePage>>, content: Files): Promise<Site> {
  const files = new Map<string, readonly [type: string, bytes: Uint8Array]>()
  const add = async (path: string, type: string, body: string | Uint8Array) =>
    files.set(path, [type, await promisify(brotliCompress)(body)])
  for (const [path, page] of Object.entries(pages)) await add(path, 'text/html', textOf(page))
  for (const [path, body] of Object.entries(content))
    await add(path, TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'text/javascript', body)
  const server = createServer(({ url = '' }, response) => {
    const [type, bytes] = files.get(url.split('?')[0] as string) ?? []
    if (type === undefined) return response.writeHead(404).end()
    return response.writeHead(200, { 'content-type': type, 'content-encoding': 'br' }).end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
