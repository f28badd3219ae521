/** Sign-in by mail and by authenticator: begins it, and reports its outcome to the browser that began it. */
import type { Whom } from '@chat-widget/authentication-requests'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { EMAIL_WORDS, IDENTIFIER_WORDS, type PersonLoginWords, refusalOf } from './person-login-words.ts'
import type { PersonLoginState, PersonLogins } from './person-logins.ts'
import type { Sessions } from './sessions.ts'

interface PersonLoginRoutes {
  readonly sessions: Sessions
  readonly logins: PersonLogins
}

interface Way {
  readonly path: `/login/${string}`
  readonly field: string
  readonly whom: (typed: string) => Whom
  readonly words: PersonLoginWords
}

const WAYS: readonly Way[] = [
  {
    path: '/login/email',
    field: 'email',
    whom: (typed) => ({ email: typed.trim() }),
    words: EMAIL_WORDS,
  },
  {
    path: '/login/identifier',
    field: 'identifier',
    // Accepts spaces and hyphens, as people write long numbers.
    whom: (typed) => ({ identifier: typed.replace(/[\s-]/g, '') }),
    words: IDENTIFIER_WORDS,
  },
]

const COOKIE = 'northwind_person_login'

export function addPersonLoginRoutes(server: FastifyInstance, routes: PersonLoginRoutes): void {
  for (const way of WAYS) addWay(server, way, routes)
}

function addWay(server: FastifyInstance, way: Way, { sessions, logins }: PersonLoginRoutes): void {
  const { path, field, whom, words } = way
  // The path keeps the two methods' cookies apart.
  const cookie = { httpOnly: true, sameSite: 'lax', path } as const
  const body = {
    type: 'object',
    required: [field],
    properties: { [field]: { type: 'string', maxLength: 254 } },
  }

  const tell = (request: FastifyRequest, reply: FastifyReply, login: PersonLoginState) => {
    if (login.state === 'signed-in') sessions.signIn(request, reply, login.customer)
    if (login.state !== 'waiting') reply.clearCookie(COOKIE, cookie)
    reply.header('cache-control', 'no-store')
    return login.state === 'waiting' || login.state === 'signed-in'
      ? reply.send(login)
      : reply.send({ ...login, text: words[login.state] })
  }

  server.post<{ Body: Readonly<Record<string, string>> }>(
    path,
    { schema: { body } },
    async (request, reply) => {
      try {
        const { ticket, login } = await logins.begin(whom(request.body[field] ?? ''), request.ip)
        if (login.state === 'waiting') reply.setCookie(COOKIE, ticket, cookie)
        return tell(request, reply, login)
      } catch (error) {
        const { status, text } = refusalOf(error, words)
        return reply.code(status).send({ error: text })
      }
    },
  )

  server.post(`${path}/state`, async (request, reply) =>
    tell(request, reply, await logins.take(request.cookies[COOKIE] ?? '')),
  )

  server.post(`${path}/cancel`, async (request, reply) => {
    const ticket = request.cookies[COOKIE] ?? ''
    reply.clearCookie(COOKIE, cookie)
    await logins.cancel(ticket)
    return reply.code(204).send()
  })
}
