/** Serves the widget's files, which pages of any origin load by script tag. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { sendBuiltFile } from './built-files.ts'

/** Any page may load them, read their timing and check them by SRI; each app decides which origins may connect. */
const PUBLIC_HEADERS = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'timing-allow-origin': '*',
}

const ENTRIES = ['chat-widget.js', 'embed.js', 'chat-widget.manifest.json'] as const

/**
 * `root`: folder of the entries, of `assets/` with hashed names, and of a `.br` and `.gz` beside each; `kept`: earlier
 * releases.
 */
export function registerWidgetFiles(http: FastifyInstance, root: string, kept: readonly string[] = []): void {
  const send = (reply: FastifyReply, path: string, immutable: boolean) =>
    sendBuiltFile(reply.headers(PUBLIC_HEADERS), { name: 'widget', root, path, immutable, kept })

  for (const entry of ENTRIES)
    http.get(`/${entry}`, { schema: { hide: true } }, (_request, reply) => send(reply, entry, false))
  http.get<{ Params: { '*': string } }>('/assets/*', { schema: { hide: true } }, (request, reply) =>
    send(reply, `assets/${request.params['*']}`, true),
  )
}
