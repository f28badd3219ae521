/** A host site: pages and files at an origin of its own. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

interface HostPage {
  /** A function gives the page in pieces, each sent as it comes. */
  readonly html: string | (() => AsyncIterable<string>)
  readonly headers?: Readonly<Record<string, string>>
}

export interface HostSite {
  readonly url: string
  /** Serves a page at a path; replaces an earlier one. */
  page(path: string, page: HostPage | string): string
  /** Serves a file of this machine at a path. */
  file(path: string, file: string): void
  close(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.cjs': 'text/javascript',
}

export async function startHostSite(): Promise<HostSite> {
  const pages = new Map<string, HostPage>()
  const files = new Map<string, string>()
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    const page = pages.get(pathname)
    const file = files.get(pathname)
    if (page !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers })
      const pieces = typeof page.html === 'string' ? [page.html] : page.html()
      // A browser that leaves before the end is no error.
      await pipeline(Readable.from(pieces), response).catch(() => undefined)
    } else if (file !== undefined) {
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
      response.end(await readFile(file))
    } else if (pathname === '/favicon.ico') response.writeHead(204).end()
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    page(path, page) {
      pages.set(path, typeof page === 'string' ? { html: page } : page)
      return url + path
    },
    file(path, file) {
      files.set(path, file)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A whole page with the widget by its module script and element. */
export function pageWithWidget(
  server: string,
  options: { readonly head?: string; readonly body?: string; readonly attributes?: string } = {},
): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Shop</title>
${options.head ?? ''}
<script type="module" src="${server}/chat-widget.js"></script></head>
<body>${options.body ?? '<main><h1>Shop</h1><p>Welcome.</p></main>'}
<chat-widget ${options.attributes ?? 'app="shop"'}></chat-widget></body></html>`
}
