/** Finds and sends what the build made for browsers: precompressed where the browser accepts it. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyReply } from 'fastify'

/** Asked for again each time, answered 304 when unchanged. */
const REVALIDATED = 'no-cache'
/** The name holds a hash of the content. */
const IMMUTABLE = 'public, max-age=31536000, immutable'

/** No file below another folder, and none above. */
const ASSET = /^assets\/([\w.-]+)$/

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
  /** Folders of the assets of releases before, where a file that this build lacks may be. */
  readonly kept?: readonly string[] | undefined
}

/** Names that the build makes. A `..` that was encoded would lead to a file whose rules are others. */
const isBuiltPath = (path: string): boolean => path.split('/').every((part) => /^\w[\w.-]*$/.test(part))

/** Answers 503 with the command to run where the folder was never built, 404 where only the file is missing. */
export function sendBuiltFile(
  reply: FastifyReply,
  { name, root, path, immutable, kept = [] }: BuiltFile,
): FastifyReply {
  if (!existsSync(root))
    return reply
      .code(503)
      .type('text/plain; charset=utf-8')
      .send(`The ${name} is not built yet. Run: pnpm build\n`)
  if (!isBuiltPath(path)) {
    reply.callNotFound()
    return reply
  }
  reply.header('cache-control', immutable ? IMMUTABLE : REVALIDATED)
  reply.header('vary', 'accept-encoding')
  const asset = ASSET.exec(path)?.[1]
  if (asset !== undefined && !existsSync(join(root, path))) {
    const before = kept.find((folder) => existsSync(join(folder, asset)))
    if (before !== undefined) return reply.sendFile(asset, before)
  }
  return reply.sendFile(path, root)
}
