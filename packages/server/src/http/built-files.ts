/** Finds and sends what the build made for browsers: precompressed where the browser accepts it. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyReply } from 'fastify'

/** Asked for again each time, answered 304 when unchanged. */
const REVALIDATED = 'no-cache'
/** The name holds a hash of the content. */
const IMMUTABLE = 'public, max-age=31536000, immutable'

/** The `dist` folder of a workspace package; its code is not loaded. */
export const distOf = (packageName: string): string =>
  join(dirname(fileURLToPath(import.meta.resolve(`${packageName}/package.json`))), 'dist')

export interface BuiltFile {
  /** Of what it belongs to, for whoever forgot to build it. */
  readonly name: 'widget' | 'console' | 'authenticator'
  readonly root: string
  /** Relative to `root`. */
  readonly path: string
  readonly immutable: boolean
}

/** Answers 503 with the command to run where the folder was never built, 404 where only the file is missing. */
export function sendBuiltFile(reply: FastifyReply, { name, root, path, immutable }: BuiltFile): FastifyReply {
  if (!existsSync(root))
    return reply
      .code(503)
      .type('text/plain; charset=utf-8')
      .send(`The ${name} is not built yet. Run: pnpm build\n`)
  reply.header('cache-control', immutable ? IMMUTABLE : REVALIDATED)
  reply.header('vary', 'accept-encoding')
  return reply.sendFile(path, root)
}
