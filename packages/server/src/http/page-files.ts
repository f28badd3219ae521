/** Serves a page of this server at `/{name}/` under a strict content security policy, and its assets. */
import type { FastifyInstance } from 'fastify'
import { sendBuiltFile } from './built-files.ts'

export interface PageFiles {
  readonly name: 'console' | 'authenticator'
  /** The path below which the server answers. */
  readonly basePath: string
  /** Folder with `index.html` and `assets/`. */
  readonly root: string
  /** Folders of earlier releases' assets. */
  readonly kept?: readonly string[]
}

export function registerPageFiles(http: FastifyInstance, { name, basePath, root, kept }: PageFiles): void {
  const hidden = { schema: { hide: true } }
  http.get(`/${name}`, hidden, (_request, reply) => reply.redirect(`${basePath}/${name}/`))
  http.get<{ Params: { '*': string } }>(`/${name}/*`, hidden, (request, reply) => {
    const path = request.params['*']
    reply.header('content-security-policy', pagePolicy(request.headers.host, PICTURES[name]))
    return sendBuiltFile(reply, {
      name,
      root,
      kept,
      path: path === '' ? 'index.html' : path,
      immutable: path.startsWith('assets/'),
    })
  })
}

/** A valid `Host` header; any other is not repeated in the policy. */
const HOST = /^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i

/** Pictures beside the server's own: the console shows those of cards, and of files before they are uploaded. */
const PICTURES: Readonly<Record<PageFiles['name'], string>> = { console: ' blob: https:', authenticator: '' }

/** The content security policy of the server's pages that run scripts. `pictures`: where else they may come from. */
export const pagePolicy = (host: string | undefined, pictures = ''): string => {
  // Older browsers do not count a WebSocket to the same host as 'self'.
  const sockets = host !== undefined && HOST.test(host) ? ` ws://${host} wss://${host}` : ''
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self'${sockets}`,
    `img-src 'self' data:${pictures}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}
