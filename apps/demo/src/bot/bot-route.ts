/** The bot's webhook: accepts only requests that the chat server signed. */
import type { BotRequest } from '@chat-widget/protocol'
import type { FastifyInstance } from 'fastify'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { answer } from './bot.ts'

interface BotRoute {
  /** `whsec_…`, as in the app's configuration. */
  readonly secret: string
  readonly now: () => Date
}

export function addBotRoute(server: FastifyInstance, { secret, now }: BotRoute): void {
  const webhook = new Webhook(secret)

  // The signature covers the sent bytes; JSON that was parsed and written again may differ.
  server.removeContentTypeParser('application/json')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body)
  })

  server.post<{ Body: string }>('/bot', (request, reply) => {
    try {
      const verified = webhook.verify(request.body ?? '', request.headers as Record<string, string>)
      return reply.send(answer(verified as BotRequest, now()))
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error
      return reply.code(401).send({ error: error.message })
    }
  })
}
