/**
 * The shop's two endpoints for the chat: a token for the signed-in customer, and the orders that the token gives access
 * to.
 */
import type { FastifyInstance } from 'fastify'
import type { ChatTokens } from './chat-tokens.ts'
import { ordersOf } from './orders.ts'
import type { Sessions } from './sessions.ts'

interface ApiRoutes {
  readonly sessions: Sessions
  readonly tokens: ChatTokens
  readonly now: () => Date
}

export function addApiRoutes(server: FastifyInstance, { sessions, tokens, now }: ApiRoutes): void {
  server.post('/chat-token', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const customer = sessions.customerOf(request)
    if (customer === null) return reply.code(401).send({ error: 'Nobody is signed in.' })
    return { token: await tokens.issue(customer), expiresIn: tokens.lifetimeSeconds }
  })

  server.get('/api/orders', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const token = /^Bearer (?<token>\S+)$/i.exec(request.headers.authorization ?? '')?.groups?.token
    const customerId = token === undefined ? null : await tokens.verify(token)
    if (customerId !== null) return { orders: ordersOf(customerId, now()) }
    return reply
      .code(401)
      .header('www-authenticate', token === undefined ? 'Bearer' : 'Bearer error="invalid_token"')
      .send({ error: 'A valid token is needed.' })
  })
}
