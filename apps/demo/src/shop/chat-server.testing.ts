/** A chat server that asks people for the shop, as far as its SDK needs one; `decide()` answers for them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type {
  AuthenticationRequestAnswer,
  AuthenticationRequestBody,
  AuthenticationRequestId,
  AuthenticationRequestStatus,
} from '@chat-widget/protocol'
import { authenticationRequestBody } from '@chat-widget/protocol/schemas'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

export const BINDING_CODE = '204816'

export interface FakeChatServer {
  readonly url: string
  /** The shop's requests, oldest first. */
  readonly asked: readonly AuthenticationRequestBody[]
  /** Decides the last request. `subject`: the person named by the server; default the one whom the shop asked. */
  decide(status: AuthenticationRequestStatus, subject?: string): void
  /** First status of requests from now on, e.g. for an unreachable person. Default `pending`. */
  beginWith(status: AuthenticationRequestStatus | 'rate-limited'): void
  statusOf(index: number): AuthenticationRequestStatus | undefined
  close(): Promise<void>
}

interface Asked {
  readonly id: AuthenticationRequestId
  readonly body: AuthenticationRequestBody
  status: AuthenticationRequestStatus
  subject: string
}

export async function startFakeChatServer(): Promise<FakeChatServer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'key', alg: 'ES256' }] }
  const asked: Asked[] = []
  let first: AuthenticationRequestStatus | 'rate-limited' = 'pending'

  const sign = ({ id, status, subject }: Asked) =>
    new SignJWT({ decision: status, decided_at: new Date().toISOString(), subject })
      .setProtectedHeader({ alg: 'ES256', kid: 'key' })
      .setIssuer(url)
      .setAudience('shop')
      .setJti(id)
      .setIssuedAt()
      .sign(privateKey)

  const answerOf = async (one: Asked): Promise<AuthenticationRequestAnswer> => ({
    authentication_request_id: one.id,
    authentication_request_status: one.status,
    authentication_request_response:
      one.status === 'approved' || one.status === 'denied' ? await sign(one) : null,
    ...(one.status === 'pending' && one.body.binding === 'code' ? { binding_code: BINDING_CODE } : {}),
  })

  const json = (response: ServerResponse, value: unknown) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value))

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    if (pathname === '/.well-known/jwks.json') return json(response, jwks)
    const [, id, verb] =
      /^\/v1\/apps\/shop\/authentication-request\/([^/]*)(?:\/(\w+))?$/.exec(pathname) ?? []
    if (id === '' && first === 'rate-limited') {
      response.statusCode = 429
      return json(response.setHeader('retry-after', '30'), { error: { message: 'too many' } })
    }
    const one = id === '' ? await begin(request) : asked.find((known) => known.id === id)
    if (one === undefined) return json(response.writeHead(404), {})
    if (verb === 'cancel' && one.status === 'pending') one.status = 'canceled'
    return json(response, await answerOf(one))
  }

  const begin = async (request: IncomingMessage): Promise<Asked> => {
    let text = ''
    for await (const chunk of request) text += chunk
    const body = JSON.parse(text) as AuthenticationRequestBody
    // As the server does; a request that it would refuse is never answered here.
    authenticationRequestBody.parse(body)
    // A repeated id attaches to its request.
    const known = asked.find(({ id }) => id === body.authentication_request_id)
    if (known !== undefined) return known
    const one: Asked = {
      id: (body.authentication_request_id ?? '') as AuthenticationRequestId,
      body,
      status: first === 'rate-limited' ? 'pending' : first,
      subject: body.email ?? body.identifier ?? '',
    }
    asked.push(one)
    return one
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    get asked() {
      return asked.map(({ body }) => body)
    },
    decide(status, subject) {
      const one = asked.at(-1)
      if (one === undefined) throw new Error('nobody was asked')
      one.status = status
      one.subject = subject ?? one.subject
    },
    beginWith(status) {
      first = status
    },
    statusOf: (index) => asked.at(index)?.status,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
