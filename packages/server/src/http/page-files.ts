/** A built page of this server's own, under a strict policy at `/{name}/`, and its assets. */
import type { FastifyInstance } from 'fastify'
import { sendBuiltFile } from './built-files.ts'
import { pagePolicy } from './page-policy.ts'

export interface PageFiles {
  readonly name: 'console' | 'authenticator'
  /** Holds `index.html` and `assets/`. */
  readonly root: string
  /** Folders of the assets of releases before. */
  readonly kept?: readonly string[]
}

export function registerPageFiles(http: FastifyInstance, { name, root, kept }: PageFiles): void {
  const hidden = { schema: { hide: true } }
  http.get(`/${name}`, hidden, (_request, reply) => reply.redirect(`/${name}/`))
  http.get<{ Params: { '*': string } }>(`/${name}/*`, hidden, (request, reply) => {
    const path = request.params['*']
    reply.header('content-security-policy', pagePolicy(request.headers.host))
    return sendBuiltFile(reply, {
      name,
      root,
      kept,
      path: path === '' ? 'index.html' : path,
      immutable: path.startsWith('assets/'),
    })
  })
}
