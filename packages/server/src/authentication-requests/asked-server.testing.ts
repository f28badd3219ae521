/** A server with QuantAuth's interface that answers as a test says, truthfully or not. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AuthenticationRequestBody } from '@chat-widget/protocol'
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { onTestFinished } from 'vitest'

export interface Asked {
  readonly body: AuthenticationRequestBody & { readonly authentication_request_id: string }
  readonly authorization: string | undefined
  readonly path: string
  readonly response: ServerResponse
}

export interface AskedServer {
  readonly url: string
  /** Every call, oldest first. */
  readonly calls: Asked[]
  /** The published key's private half. */
  readonly privateKey: CryptoKey
  readonly keySet: JSONWebKeySet
  /** Replaces the answers to calls, and the key set. */
  answer: (asked: Asked) => unknown
  answerKeys: (response: ServerResponse) => unknown
  /** Signs a decision about the request; `changes` falsify it. */
  sign(asked: Asked, changes?: JWTPayload, key?: CryptoKey): Promise<string>
}

export const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))

export const say = (
  { body, response }: Asked,
  status: string,
  decision: string | null = null,
  changes = {},
) =>
  json(response, {
    authentication_request_id: body.authentication_request_id,
    authentication_request_status: status,
    authentication_request_response: decision,
    ...changes,
  })

export async function startAskedServer(): Promise<AskedServer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const keySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'key', alg: 'ES256' }] }
  const calls: Asked[] = []

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/.well-known/jwks.json') return asked.answerKeys(response)
    let text = ''
    for await (const chunk of request) text += chunk
    const { url: path = '', headers } = request
    const call = {
      body: JSON.parse(text === '' ? '{}' : text),
      authorization: headers.authorization,
      path,
      response,
    }
    calls.push(call)
    return asked.answer(call)
  }
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const asked: AskedServer = {
    url,
    calls,
    privateKey,
    keySet,
    answer: (call) => say(call, 'pending'),
    answerKeys: (response) => json(response, keySet),
    sign: ({ body }, changes = {}, key = privateKey) =>
      new SignJWT({
        iss: url,
        aud: 'shop',
        jti: body.authentication_request_id,
        iat: Math.floor(Date.now() / 1_000),
        decision: 'approved',
        decided_at: new Date().toISOString(),
        subject: body.email,
        ...changes,
      })
        .setProtectedHeader({ alg: 'ES256', kid: 'key' })
        .sign(key),
  }
  return asked
}
