/** Lets the pages of an app read an answer, and no others. */
import { ChatError } from '@chat-widget/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AppConfig } from '../config/config.ts'
import { isSameHost, originAllowed } from '../network/origins.ts'

/** Throws `origin-refused` for a page that the app does not allow; without an `Origin` header it is no browser's page. */
export function allowOrigin(
  app: AppConfig | undefined,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): void {
  const { origin, host } = headers
  reply.header('vary', 'Origin')
  if (origin === undefined || isSameHost(origin, host)) return
  if (app === undefined || !originAllowed(origin, app.origins))
    throw new ChatError('origin-refused', 'The page is not on the list of this app.')
  reply.header('access-control-allow-origin', origin)
}
