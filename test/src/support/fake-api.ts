/** The company's own API: answers by a request's bearer token. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeApi {
  readonly url: string
  /** Received tokens, oldest first. */
  readonly tokens: readonly string[]
  /** Answers these tokens with 401 from now on. */
  refuse(which: (token: string) => boolean): void
  close(): Promise<void>
}

export async function startFakeApi(body: object): Promise<FakeApi> {
  const tokens: string[] = []
  let refused: (token: string) => boolean = () => false
  const server = createServer((request, response) => {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    tokens.push(token)
    const status = refused(token) ? 401 : 200
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(status === 200 ? body : { error: 'expired' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`,
    tokens,
    refuse(which) {
      refused = which
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
