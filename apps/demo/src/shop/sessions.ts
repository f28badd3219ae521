/** The shop's own sign-in: a random session id in a cookie, the session on the server. */
import { randomBytes } from 'node:crypto'
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Customer } from './customers.ts'

const COOKIE = 'northwind_session'
const LIFETIME_SECONDS = 8 * 60 * 60

const COOKIE_OPTIONS: CookieSerializeOptions = {
  httpOnly: true,
  sameSite: 'lax',
  path: '/',
  maxAge: LIFETIME_SECONDS,
}

export interface Sessions {
  /** The customer that the browser is signed in as. */
  customerOf(request: FastifyRequest): Customer | null
  /** Signs in under a new session id, so that an id planted before the sign-in is worthless. */
  signIn(request: FastifyRequest, reply: FastifyReply, customer: Customer): void
  signOut(request: FastifyRequest, reply: FastifyReply): void
}

export function createSessions(now: () => number = Date.now): Sessions {
  const sessions = new Map<string, { readonly customer: Customer; readonly expiresAt: number }>()

  const end = (request: FastifyRequest) => {
    const id = request.cookies[COOKIE]
    if (id !== undefined) sessions.delete(id)
  }

  return {
    customerOf(request) {
      const session = sessions.get(request.cookies[COOKIE] ?? '')
      if (session === undefined) return null
      if (session.expiresAt > now()) return session.customer
      end(request)
      return null
    },
    signIn(request, reply, customer) {
      end(request)
      const id = randomBytes(32).toString('base64url')
      sessions.set(id, { customer, expiresAt: now() + LIFETIME_SECONDS * 1_000 })
      reply.setCookie(COOKIE, id, COOKIE_OPTIONS)
    },
    signOut(request, reply) {
      end(request)
      reply.clearCookie(COOKIE, COOKIE_OPTIONS)
    },
  }
}
