/** A bot as a company would run it: verifies the webhook's signature and answers as the test says. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { BotAnswer, BotRequest } from '@chat-widget/protocol'
import { Webhook } from 'standardwebhooks'
import { BOT_SECRET } from './shop.ts'

export interface FakeBot {
  readonly url: string
  /** Every delivery with a valid signature, oldest first, including repeated ones. */
  readonly requests: readonly { readonly id: string; readonly request: BotRequest }[]
  close(): Promise<void>
}

export async function startFakeBot(
  answer: (request: BotRequest) => BotAnswer | Promise<BotAnswer> | AsyncIterable<object>,
): Promise<FakeBot> {
  const webhook = new Webhook(BOT_SECRET)
  const requests: { id: string; request: BotRequest }[] = []
  const server = createServer(async (incoming, response) => {
    try {
      const body = await text(incoming)
      const headers = incoming.headers as Record<string, string>
      const request = webhook.verify(body, headers) as BotRequest
      requests.push({ id: headers['webhook-id'] ?? '', request })
      const answered = answer(request)
      if (Symbol.asyncIterator in answered) {
        response.writeHead(200, { 'content-type': 'application/x-ndjson' })
        for await (const line of answered) response.write(`${JSON.stringify(line)}\n`)
        response.end()
        return
      }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(await answered))
    } catch (error) {
      response.writeHead(401).end(String(error))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/bot`,
    requests,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
