/** The measurement's site: a page with the chat, and one with the reference. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build, type Rollup } from 'vite'

export interface Site {
  readonly url: string
  close(): void
}

/** The reference with Lit as published, in one file. */
async function bundled(): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      lib: {
        entry: fileURLToPath(new URL('./bare-window.js', import.meta.url)),
        formats: ['es'],
        fileName: 'bare',
      },
    },
  })
  const [{ output }] = built as Rollup.RollupOutput[] as [Rollup.RollupOutput]
  return output[0].code
}

const page = (script: string, body: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title>
<script type="module" src="${script}"></script><body>${body}</body></html>`

export async function startSite(chat: string, app: string): Promise<Site> {
  const files = new Map([
    ['/chat', ['text/html', page(`${chat}/chat-widget.js`, `<chat-widget app="${app}"></chat-widget>`)]],
    ['/bare', ['text/html', page('/bare.js', '<bare-window></bare-window>')]],
    ['/bare.js', ['text/javascript', await bundled()]],
  ])
  const server = createServer(({ url = '' }, response) => {
    const [type, text] = files.get(url) ?? []
    if (type === undefined) return response.writeHead(404).end()
    return response.writeHead(200, { 'content-type': type }).end(text)
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
