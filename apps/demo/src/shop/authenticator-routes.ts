/** The page "Authenticator", and the QR code on it. */
import type { Authentication } from '@chat-widget/authentication-requests'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { renderAuthenticatorPage } from './page-authenticator.ts'
import { pageHeaders } from './page-headers.ts'
import type { Sessions } from './sessions.ts'

interface AuthenticatorRoutes {
  readonly sessions: Sessions
  readonly chatUrl: () => string
  readonly authentication: () => Authentication
}

const PATH = '/authenticator'

export function addAuthenticatorRoutes(
  server: FastifyInstance,
  { sessions, chatUrl, authentication }: AuthenticatorRoutes,
): void {
  server.get(PATH, (request, reply) => {
    const context = { customer: sessions.customerOf(request), chatUrl: chatUrl() }
    const link = authentication().generateDeepLink(thisPage(request))
    return reply
      .headers(pageHeaders(context.chatUrl))
      .send(renderAuthenticatorPage({ context, link, qr: `${PATH}/qr.svg` }).toString())
  })

  server.get(`${PATH}/qr.svg`, async (request, reply) =>
    reply
      .headers({
        'content-type': 'image/svg+xml',
        'content-security-policy': `default-src 'none'`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      })
      .send(await authentication().generateQR({ format: 'svg', callback: thisPage(request) })),
  )
}

/** By the host name that the visitor typed: the shop has two, and browsers keep their cookies apart. */
const thisPage = ({ protocol, host }: FastifyRequest) => `${protocol}://${host}${PATH}`
