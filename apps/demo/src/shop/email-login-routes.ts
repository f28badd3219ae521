/** Sign-in by a link in a mail: begins it, and tells the browser that began it what became of it. */
import { ChatError } from '@chat-widget/protocol'
import type { FastifyInstance } from 'fastify'
import type { EmailLogins } from './email-logins.ts'
import type { Sessions } from './sessions.ts'

interface EmailLoginRoutes {
  readonly sessions: Sessions
  readonly logins: EmailLogins
}

const COOKIE = 'northwind_email_login'
const COOKIE_OPTIONS = { httpOnly: true, sameSite: 'lax', path: '/login/email' } as const

const body = {
  type: 'object',
  required: ['email'],
  properties: { email: { type: 'string', minLength: 3, maxLength: 254 } },
} as const

export function addEmailLoginRoutes(server: FastifyInstance, { sessions, logins }: EmailLoginRoutes): void {
  server.post<{ Body: { email: string } }>('/login/email', { schema: { body } }, async (request, reply) => {
    try {
      const { ticket, code } = await logins.begin(request.body.email.trim(), request.ip)
      reply.setCookie(COOKIE, ticket, COOKIE_OPTIONS)
      return await reply.header('cache-control', 'no-store').send({ code })
    } catch (error) {
      if (!(error instanceof ChatError)) throw error
      const { status, text } = wordsFor(error)
      return reply.code(status).send({ error: text })
    }
  })

  server.post('/login/email/state', async (request, reply) => {
    const outcome = await logins.take(request.cookies[COOKIE] ?? '')
    if (outcome.state === 'signed-in') sessions.signIn(request, reply, outcome.customer)
    if (outcome.state !== 'waiting') reply.clearCookie(COOKIE, COOKIE_OPTIONS)
    return reply.header('cache-control', 'no-store').send(outcome)
  })
}

function wordsFor({ code, retryAfterMs }: ChatError): { readonly status: number; readonly text: string } {
  if (code === 'bad-request') return { status: 400, text: 'That is not an email address.' }
  if (code !== 'rate-limited')
    return { status: 503, text: 'No mail can be sent right now. Please try again later.' }
  const seconds = Math.ceil((retryAfterMs ?? 60_000) / 1_000)
  const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
  return { status: 429, text: `A mail was sent a moment ago. You can ask for another one in ${wait}.` }
}
