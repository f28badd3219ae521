/** A measurement's site: pages that each load one script. */
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
}

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

const textOf = ({ script, body }: SitePage) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title>
<script type="module" src="${script}"></script><body>${body}</body></html>`

/** `pages` and `scripts` by path. */
export async function startSite(
  pages: Readonly<Record<string, SitePage>>,
  scripts: Readonly<Record<string, string>>,
): Promise<Site> {
  const files = new Map<string, readonly [type: string, bytes: Uint8Array]>()
  const add = async (path: string, type: string, text: string) =>
    files.set(path, [type, await promisify(brotliCompress)(text)])
  for (const [path, page] of Object.entries(pages)) await add(path, 'text/html', textOf(page))
  for (const [path, script] of Object.entries(scripts)) await add(path, 'text/javascript', script)
  const server = createServer(({ url = '' }, response) => {
    const [type, bytes] = files.get(url) ?? []
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
