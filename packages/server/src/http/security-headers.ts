/** Headers that every answer carries unless its route says otherwise. */
import type { FastifyInstance } from 'fastify'

const DEFAULTS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
}

export function registerSecurityHeaders(http: FastifyInstance): void {
  http.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(DEFAULTS))
      if (!reply.hasHeader(name)) reply.header(name, value)
  })
}
