/** Sends agents to the issuer of the single sign-on, and takes them back ([AG7], [AG10]). */
import { ChatError, type ErrorCode, type SignInProblem } from '@chat-widget/protocol'
import type { RateLimitOptions } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { CONSOLE_COOKIE } from '../agents/agent-accounts.ts'
import { deviceOf } from '../agents/device-of.ts'
import { SIGN_IN_MS } from '../agents/single-sign-on/sealed-secrets.ts'
import type { SingleSignOn } from '../agents/single-sign-on/single-sign-on.ts'
import { SingleSignOnError } from '../agents/single-sign-on/single-sign-on-error.ts'
import type { Refusals } from '../telemetry/refusals.ts'
import { consoleCookie } from './console-session.ts'

export interface SingleSignOnRoutesOptions {
  readonly singleSignOn: SingleSignOn
  /** The path below which the server answers. */
  readonly basePath: string
  readonly rateLimit: RateLimitOptions
  readonly refusals: Pick<Refusals, 'count'>
}

const PATH = '/console/oidc'
/** Secrets of a sign-in until the issuer's answer, sealed. */
const COOKIE = 'chat_console_sign_in'

const CODES: Readonly<Record<SignInProblem, ErrorCode>> = {
  cancelled: 'unauthenticated',
  expired: 'unauthenticated',
  failed: 'unauthenticated',
  'rate-limited': 'rate-limited',
  refused: 'unauthenticated',
  unreachable: 'unavailable',
}

export function registerSingleSignOn(http: FastifyInstance, options: SingleSignOnRoutesOptions): void {
  const { singleSignOn, basePath, rateLimit, refusals } = options
  const isSecure = (request: FastifyRequest) => singleSignOn.isSecure() || request.protocol === 'https'
  const cookie = (request: FastifyRequest) =>
    ({
      path: `${basePath}${PATH}`,
      httpOnly: true,
      // The issuer's page sends the browser here: a strict cookie would stay behind.
      sameSite: 'lax',
      secure: isSecure(request),
    }) as const
  const route = { config: { rateLimit }, schema: { hide: true }, exposeHeadRoute: false }

  http.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const problem = problemOf(error)
      const event = `${request.method} ${request.routeOptions.url}`
      refusals.count({ event, code: CODES[problem] })
      if (!(error instanceof SingleSignOnError)) {
        if (problem === 'failed') request.log.error({ err: error, event }, 'a single sign-on failed')
      } else if (problem !== 'expired' && problem !== 'cancelled')
        request.log.warn({ problem, reason: error.reason }, 'a single sign-on failed')
      return reply.redirect(`${basePath}/console/#/sign-in/${problem}`)
    })

    scope.get(`${PATH}/start`, route, async (request, reply) => {
      const { page, sealed } = await singleSignOn.begin()
      reply.setCookie(COOKIE, sealed, { ...cookie(request), maxAge: SIGN_IN_MS / 1_000 })
      return reply.redirect(page)
    })

    scope.get(`${PATH}/callback`, route, async (request, reply) => {
      reply.clearCookie(COOKIE, cookie(request))
      const session = await singleSignOn.finish(request.url.split('?').slice(1).join('?'), {
        sealed: request.cookies[COOKIE],
        device: deviceOf(request.headers['user-agent']),
      })
      reply.setCookie(CONSOLE_COOKIE, session.token, {
        ...consoleCookie(`${basePath}/`),
        secure: isSecure(request),
        expires: new Date(session.expiresAt),
      })
      return reply.redirect(`${basePath}/console/`)
    })
  })
}

function problemOf(error: unknown): SignInProblem {
  if (error instanceof SingleSignOnError) return error.problem
  return error instanceof ChatError && error.code === 'rate-limited' ? 'rate-limited' : 'failed'
}
