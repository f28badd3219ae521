/** A company's own servers, for tests: a bot webhook and an API, over real HTTP. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BotAnswer, BotRequest } from '@chat-widget/protocol'
import { Webhook } from 'standardwebhooks'

export const BOT_SECRET = `whsec_${Buffer.from('a secret for the bot of the shop').toString('base64')}`

export interface BotCall {
  readonly id: string
  readonly request: BotRequest
}

export type BotReply =
  | BotAnswer
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  /** Writes its answer line by line. `closed`: nobody reads it any more. */
  | { stream(write: (line: unknown) => void, closed: Promise<void>): void | Promise<void> }

export interface ApiCall {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface ApiReply {
  readonly status: number
  readonly body: unknown
}

export async function startCompany() {
  const botCalls: BotCall[] = []
  const apiCalls: ApiCall[] = []
  const behaviour = {
    bot: (_call: BotCall): BotReply | Promise<BotReply> => ({}),
    api: (_call: ApiCall): ApiReply => ({ status: 200, body: {} }),
  }

  async function serveBot(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request)
    // Throws for a wrong signature, and the test fails.
    const verified = new Webhook(BOT_SECRET).verify(body, request.headers as Record<string, string>)
    const call = { id: String(request.headers['webhook-id']), request: verified as BotRequest }
    botCalls.push(call)
    const reply = await behaviour.bot(call)
    if ('status' in reply) {
      response.writeHead(reply.status, reply.headers).end(reply.body)
      return
    }
    if ('stream' in reply) {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      const closed = new Promise<void>((resolve) => response.once('close', resolve))
      await reply.stream((line) => void response.write(`${JSON.stringify(line)}\n`), closed)
      response.end()
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply))
  }

  async function serveApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request
    const call = {
      method,
      headers,
      url: new URL(request.url ?? '', 'http://api'),
      body: await textOf(request),
    }
    apiCalls.push(call)
    const { status, body } = behaviour.api(call)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  const server = createServer((request, response) => {
    const serve = request.url === '/bot' ? serveBot : serveApi
    serve(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    botCalls,
    apiCalls,
    behaviour,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type FakeCompany = Awaited<ReturnType<typeof startCompany>>

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
