/** Serves the widget's files, which pages of any origin load by script tag. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { sendBuiltFile } from './built-files.ts'

/** Any page may load them, read their timing and check them by SRI; each app decides which origins may connect. */
const PUBLIC_HEADERS = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'timing-allow-origin': '*',
}

const MANIFEST = 'chat-widget.manifest.json'

/** Scripts that pages name: their names have no hash, so that an update reaches every page. */
export const WIDGET_SCRIPTS: readonly string[] = ['chat-widget.js', 'embed.js', 'proactive.js']

/** A version also names a folder of kept files. */
const VERSION = /^\d+\.\d+\.\d+[\w.-]*$/
const manifest = z.object({ version: z.string().regex(VERSION) })

/** The release in a folder, by its manifest. */
export function widgetVersion(root: string): string | undefined {
  const path = join(root, MANIFEST)
  if (!existsSync(path)) return undefined
  return manifest.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data?.version
}

/** A query of the address, which may hold anything. */
interface Query {
  readonly v?: unknown
}

/**
 * `root`: folder of the scripts, of `assets/` with hashed names, and of a `.br` and `.gz` beside each; `kept`: earlier
 * releases.
 */
export function registerWidgetFiles(http: FastifyInstance, root: string, kept: readonly string[] = []): void {
  const version = widgetVersion(root)
  const send = (reply: FastifyReply, path: string, immutable: boolean, from = root) =>
    sendBuiltFile(reply.headers(PUBLIC_HEADERS), { name: 'widget', root: from, path, immutable, kept })
  /** [HP9] Folder of the script of an earlier release. */
  const folderOf = (wanted: unknown, script: string) =>
    typeof wanted === 'string' && VERSION.test(wanted)
      ? kept.map((release) => join(release, wanted)).find((folder) => existsSync(join(folder, script)))
      : undefined

  for (const script of WIDGET_SCRIPTS)
    http.get<{ Querystring: Query }>(`/${script}`, { schema: { hide: true } }, (request, reply) => {
      const wanted = request.query.v
      const isThis = wanted !== undefined && wanted === version
      const before = isThis ? undefined : folderOf(wanted, script)
      return send(reply, script, isThis || before !== undefined, before)
    })
  http.get(`/${MANIFEST}`, { schema: { hide: true } }, (_request, reply) => send(reply, MANIFEST, false))
  http.get<{ Params: { '*': string } }>('/assets/*', { schema: { hide: true } }, (request, reply) =>
    send(reply, `assets/${request.params['*']}`, true),
  )
}
