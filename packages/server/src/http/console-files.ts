/** The agents' console: a page under a strict policy, and its assets. */
import type { FastifyInstance } from 'fastify'
import { sendBuiltFile } from './built-files.ts'

/** What a `Host` header may look like before it is repeated in the policy. */
const HOST = /^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i

const policy = (host: string | undefined): string => {
  // Older browsers do not count WebSocket to the same host as 'self'.
  const sockets = host !== undefined && HOST.test(host) ? ` ws://${host} wss://${host}` : ''
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self'${sockets}`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}

/** `root` holds `index.html` and `assets/`. */
export function registerConsoleFiles(http: FastifyInstance, root: string): void {
  const hidden = { schema: { hide: true } }
  http.get('/console', hidden, (_request, reply) => reply.redirect('/console/'))
  http.get<{ Params: { '*': string } }>('/console/*', hidden, (request, reply) => {
    const path = request.params['*']
    reply.header('content-security-policy', policy(request.headers.host))
    return sendBuiltFile(reply, {
      name: 'console',
      root,
      path: path === '' ? 'index.html' : path,
      immutable: path.startsWith('assets/'),
    })
  })
}
