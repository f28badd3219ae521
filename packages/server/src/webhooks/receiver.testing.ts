/** A receiver of webhooks, over real HTTP, that refuses what is not signed. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WebhookEventName, WebhookRequest } from '@chat-widget/protocol'
import { Webhook } from 'standardwebhooks'
import type { WebhookConfig } from '../config/config.ts'

const SECRET = `whsec_${Buffer.from('a secret for the receivers of a test').toString('base64')}`

export interface ReceivedWebhook {
  readonly id: string
  readonly path: string
  readonly request: WebhookRequest
}

export async function startReceiver() {
  const received: ReceivedWebhook[] = []
  /** The status of an answer; `null`: none. */
  const behaviour = { answer: (_webhook: ReceivedWebhook): number | null => 200 }
  const server = createServer(async (request, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const { headers, url: path = '' } = request
    const body = Buffer.concat(chunks).toString()
    try {
      const verified = new Webhook(SECRET).verify(body, headers as Record<string, string>)
      const one = { id: String(headers['webhook-id']), path, request: verified as WebhookRequest }
      received.push(one)
      const status = behaviour.answer(one)
      if (status !== null) response.writeHead(status, { 'content-type': 'text/plain' }).end('thank you')
    } catch (error) {
      response.writeHead(400).end(String(error))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    received,
    behaviour,
    webhook: (path: string, events: readonly WebhookEventName[]): WebhookConfig => ({
      url: `${url}${path}`,
      secret: SECRET,
      events,
    }),
    /** Requests at a path, in order. */
    at: (path: string) => received.filter((one) => one.path === path),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>
