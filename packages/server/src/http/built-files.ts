/** Finds and sends built files: precompressed if the browser accepts it. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyReply } from 'fastify'

/** Revalidated each time, answered 304 if unchanged. */
const REVALIDATED = 'no-cache'
/** The name holds a hash of the content. */
const IMMUTABLE = 'public, max-age=31536000, immutable'

/** Matches files directly in `assets/` only. */
const ASSET = /^assets\/([\w.-]+)$/

/** The `dist` folder of a workspace package, found without loading its code. */
export const distOf = (packageName: string): string =>
  join(dirname(fileURLToPath(import.meta.resolve(`${packageName}/package.json`))), 'dist')

export interface BuiltFile {
  /** Name of the part, for the message that it has not been built. */
  readonly name: 'widget' | 'console' | 'authenticator'
  readonly root: string
  /** Relative to `root`. */
  readonly path: string
  readonly immutable: boolean
  /** Folders of earlier releases' assets, for files that this build lacks. */
  readonly kept?: readonly string[] | undefined
}

/** True for paths that the build makes. An encoded `..` would lead to a file that other rules apply to. */
const isBuiltPath = (path: string): boolean => path.split('/').every((part) => /^\w[\w.-]*$/.test(part))

/** Answers 503 with the command to run if the folder was never built, 404 if only the file is missing. */
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
