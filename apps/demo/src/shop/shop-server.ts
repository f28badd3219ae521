/** The shop's web server: pages, sign-in, chat tokens, the order API and the bot's webhook. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyCookie from '@fastify/cookie'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyInstance } from 'fastify'
import { addBotRoute } from '../bot/bot-route.ts'
import { addAccountRoutes } from './account-routes.ts'
import { addApiRoutes } from './api-routes.ts'
import { addAuthenticatorRoutes } from './authenticator-routes.ts'
import { createChatTokens } from './chat-tokens.ts'
import { pageHeaders } from './page-headers.ts'
import { type Embedding, renderShopPage } from './page-shop.ts'
import { addPersonLoginRoutes } from './person-login-routes.ts'
import { createPersonLogins } from './person-logins.ts'
import { createSessions } from './sessions.ts'
import { createShopAuthentication } from './shop-authentication.ts'

export interface ShopOptions {
  /** The chat server's origin; called for each page, because the server starts after the shop. */
  readonly chatUrl: () => string
  /** Signs the chat tokens; the chat server verifies by the same secret. */
  readonly tokenSecret: string
  /** Default 60. */
  readonly tokenLifetimeSeconds?: number
  /** The app's API key, for sign-in by email or authenticator. */
  readonly apiKey: string
  /** `whsec_…`: verifies that a webhook comes from the chat server. */
  readonly botSecret: string
  readonly now?: () => Date
}

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url))
/** Every state of the chat, built by `pnpm demo` alone. */
const GALLERY = fileURLToPath(new URL('../../dist/gallery/', import.meta.url))

/** Not listening yet: call `await shop.listen({ port, host })`, or `shop.inject()` in tests. */
export function createShop(options: ShopOptions): FastifyInstance {
  const now = options.now ?? (() => new Date())
  const server = Fastify({ forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: true } })
  const sessions = createSessions()
  const tokens = createChatTokens({
    secret: options.tokenSecret,
    now,
    ...(options.tokenLifetimeSeconds === undefined ? {} : { lifetimeSeconds: options.tokenLifetimeSeconds }),
  })

  server.register(fastifyCookie)
  server.register(fastifyStatic, { root: PUBLIC, prefix: '/assets/', index: false, cacheControl: false })
  if (existsSync(GALLERY)) {
    server.register(fastifyStatic, { root: GALLERY, prefix: '/gallery/', index: false, decorateReply: false })
    server.get('/gallery', (_request, reply) => reply.sendFile('index.html', GALLERY))
  }
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 8_192 },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )

  // SameSite=Lax keeps the cookie from other sites' pages, but not from those on another port of the same host.
  server.addHook('onRequest', async (request, reply) => {
    const site = request.headers['sec-fetch-site']
    if (request.method !== 'POST' || site === undefined || site === 'same-origin') return
    return reply.code(403).send({ error: 'Only the shop itself may ask for this.' })
  })

  const addPage = (path: string, embedding: Embedding) =>
    server.get(path, (request, reply) => {
      const context = { customer: sessions.customerOf(request), chatUrl: options.chatUrl() }
      return reply.headers(pageHeaders(context.chatUrl)).send(renderShopPage(context, embedding).toString())
    })
  addPage('/', 'element')
  addPage('/embed', 'embed')

  const { chatUrl, apiKey } = options
  const { authentication, close } = createShopAuthentication({ chatUrl, apiKey })
  server.addHook('onClose', async () => close())
  const logins = createPersonLogins(authentication)
  server.register(async (scope) => addAccountRoutes(scope, { sessions, chatUrl }))
  server.register(async (scope) => addPersonLoginRoutes(scope, { sessions, logins }))
  server.register(async (scope) => addAuthenticatorRoutes(scope, { sessions, chatUrl, authentication }))
  server.register(async (scope) => addApiRoutes(scope, { sessions, tokens, now }))
  server.register(async (scope) => addBotRoute(scope, { secret: options.botSecret, now }))
  return server
}
