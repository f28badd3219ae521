/** Sign-in, sign-out and "who am I", for the dialog (JSON) and for the plain form (redirects). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { checkPassword } from './customers.ts'
import { pageHeaders } from './page-headers.ts'
import { renderLoginPage } from './page-login.ts'
import type { Sessions } from './sessions.ts'

interface AccountRoutes {
  readonly sessions: Sessions
  readonly chatUrl: () => string
}

const WRONG = 'That email and password do not match.'

const loginBody = {
  type: 'object',
  required: ['email', 'password'],
  properties: {
    email: { type: 'string', maxLength: 200 },
    password: { type: 'string', maxLength: 200 },
  },
} as const

export function addAccountRoutes(server: FastifyInstance, { sessions, chatUrl }: AccountRoutes): void {
  const loginPage = (request: FastifyRequest, reply: FastifyReply, failed?: { email: string }) =>
    reply.headers(pageHeaders(chatUrl())).send(
      renderLoginPage({
        context: { customer: sessions.customerOf(request), chatUrl: chatUrl() },
        ...(failed === undefined ? {} : { email: failed.email, error: WRONG }),
      }).toString(),
    )

  server.get('/login', (request, reply) => loginPage(request, reply))

  server.post<{ Body: { email: string; password: string } }>(
    '/login',
    { schema: { body: loginBody } },
    (request, reply) => {
      const customer = checkPassword(request.body.email, request.body.password)
      if (customer !== null) {
        sessions.signIn(request, reply, customer)
        return wantsPage(request) ? reply.redirect('/', 303) : reply.send({ customer })
      }
      reply.code(401)
      return wantsPage(request)
        ? loginPage(request, reply, { email: request.body.email })
        : reply.send({ error: WRONG })
    },
  )

  server.post('/logout', (request, reply) => {
    sessions.signOut(request, reply)
    return wantsPage(request) ? reply.redirect('/', 303) : reply.code(204).send()
  })

  server.get('/me', (request, reply) =>
    reply.header('cache-control', 'no-store').send({ customer: sessions.customerOf(request) }),
  )
}

const wantsPage = (request: FastifyRequest) => request.headers.accept?.includes('text/html') === true
