/** Signs agents in to the console, by a cookie that scripts cannot read and other sites cannot send. */
import { ChatError } from '@chat-widget/protocol'
import { agentSessionRequest } from '@chat-widget/protocol/schemas'
import type { RateLimitOptions } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type AgentAccounts, CONSOLE_COOKIE } from '../agents/agent-accounts.ts'
import { deviceOf } from '../agents/device-of.ts'
import { createSignInLimits } from '../agents/sign-in-limits.ts'
import type { SingleSignOn } from '../agents/single-sign-on/single-sign-on.ts'
import type { NodeCounters } from '../limits/node-counters.ts'
import { isSameHost } from '../network/origins.ts'
import { consoleAgent, consoleSignIn, restError } from './rest-schemas.ts'

export interface ConsoleSessionOptions {
  readonly agents: AgentAccounts
  readonly singleSignOn: Pick<SingleSignOn, 'methods' | 'allowsPassword'>
  /** The path below which the server answers. */
  readonly basePath: string
  readonly rateLimit: RateLimitOptions
  /** Counts what other nodes allowed, too. Default: there are none. */
  readonly counters?: NodeCounters | undefined
}

const PATH = '/console/session'

export function registerConsoleSession(http: FastifyInstance, options: ConsoleSessionOptions): void {
  const { agents, singleSignOn, basePath, rateLimit } = options
  const cookie = cookieOf(`${basePath}/`)
  const limits = createSignInLimits(options.counters)
  http.register(async (scope) => {
    const routes = scope.withTypeProvider<ZodTypeProvider>()

    routes.addHook('onRequest', async (request) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') requireSameOrigin(request)
    })

    routes.post(
      PATH,
      {
        config: { rateLimit },
        schema: {
          tags: ['console'],
          summary: 'Sign in',
          body: agentSessionRequest,
          response: { 200: consoleAgent, 400: restError, 401: restError, 403: restError, 429: restError },
        },
      },
      async (request, reply) => {
        const { email, password } = request.body
        await limits.count(email, request.ip)
        const device = deviceOf(request.headers['user-agent'])
        const signedIn = await agents.signIn(email, password, device, singleSignOn.allowsPassword)
        if (signedIn === null) throw new ChatError('unauthenticated', 'email or password is wrong')
        await limits.succeeded(email, request.ip)
        reply.setCookie(CONSOLE_COOKIE, signedIn.token, {
          ...cookie(request),
          expires: new Date(signedIn.expiresAt),
        })
        return { agent: signedIn.agent }
      },
    )

    routes.get(
      '/console/sign-in',
      { schema: { tags: ['console'], summary: 'Ways to sign in', response: { 200: consoleSignIn } } },
      async () => singleSignOn.methods,
    )

    routes.get(
      PATH,
      {
        schema: {
          tags: ['console'],
          summary: 'The signed-in agent',
          response: { 200: consoleAgent, 401: restError },
        },
      },
      async (request) => {
        const token = request.cookies[CONSOLE_COOKIE]
        const agent = token === undefined ? null : await agents.authenticate(token)
        if (agent === null) throw new ChatError('unauthenticated', 'nobody is signed in')
        return { agent }
      },
    )

    routes.delete(
      PATH,
      { schema: { tags: ['console'], summary: 'Sign out', response: { 204: z.null(), 403: restError } } },
      async (request, reply: FastifyReply) => {
        const token = request.cookies[CONSOLE_COOKIE]
        if (token !== undefined) await agents.signOut(token)
        return reply.clearCookie(CONSOLE_COOKIE, cookie(request)).code(204).send()
      },
    )
  })
}

/** `path`: other pages of the same host do not get the cookie. */
export const consoleCookie = (path: string) => ({ path, httpOnly: true, sameSite: 'strict' }) as const

const cookieOf = (path: string) => (request: FastifyRequest) => ({
  ...consoleCookie(path),
  // A proxy in front may terminate TLS for this server: the page's own origin shows it.
  secure: request.headers.origin?.startsWith('https://') ?? request.protocol === 'https',
})

/**
 * Refuses other origins. Browsers name the origin of a request; a client that does not is no browser, so no page
 * tricked it.
 */
function requireSameOrigin({ headers }: FastifyRequest): void {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  const isSame =
    origin === undefined ? site === undefined || site === 'same-origin' : isSameHost(origin, host)
  if (!isSame)
    throw new ChatError(
      'origin-refused',
      'the page is not of this server; a proxy in front must pass the Host header on unchanged',
    )
}
