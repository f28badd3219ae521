/** A server whose people approve as soon as a caller waits, or never, for trying a built SDK. */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { AuthenticationRequestBody } from '@chat-widget/protocol'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

export interface PersonAsked {
  readonly url: string
  /** URLs of calls that are held open. */
  held(): readonly string[]
  close(): Promise<void>
}

export async function startPersonAsked(options: {
  readonly approves: boolean
  readonly page?: string
  readonly files?: string
}): Promise<PersonAsked> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'key', alg: 'ES256' }] }
  const held = new Map<ServerResponse, string>()
  /** Addressee of each request: later calls contain only its id. */
  const asked = new Map<string, string | undefined>()

  const approve = (id: string) =>
    new SignJWT({ decision: 'approved', decided_at: new Date().toISOString(), subject: asked.get(id) })
      .setProtectedHeader({ alg: 'ES256', kid: 'key' })
      .setIssuer(url)
      .setAudience('shop')
      .setJti(id)
      .setIssuedAt()
      .sign(privateKey)

  const json = (response: ServerResponse, value: unknown) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value))

  const hold = (request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write(' ')
    held.set(response, request.url ?? '')
    response.once('close', () => held.delete(response))
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    if (pathname === '/.well-known/jwks.json') return json(response, jwks)
    if (pathname.endsWith('-events')) return hold(request, response)
    if (request.method === 'POST') {
      let text = ''
      for await (const chunk of request) text += chunk
      const body = JSON.parse(text) as AuthenticationRequestBody
      const { authentication_request_id: id = '', email } = body
      if (!asked.has(id)) asked.set(id, email)
      const isApproved = options.approves && body.wait_for_response !== 0
      if (!options.approves && body.wait_for_response !== 0) return hold(request, response)
      return json(response, {
        authentication_request_id: body.authentication_request_id,
        authentication_request_status: isApproved ? 'approved' : 'pending',
        authentication_request_response: isApproved ? await approve(id) : null,
      })
    }
    if (pathname === '/') return response.setHeader('content-type', 'text/html').end(options.page)
    if (extname(pathname) === '.js' && options.files !== undefined)
      return response
        .setHeader('content-type', 'text/javascript')
        .end(await readFile(join(options.files, pathname)))
    response.writeHead(204).end()
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    held: () => [...held.values()],
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
