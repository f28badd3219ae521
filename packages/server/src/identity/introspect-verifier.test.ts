import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createIntrospectVerifier } from './introspect-verifier.ts'

const SECRET = `whsec_${Buffer.from('a secret that both sides know').toString('base64')}`
const answer = { status: 200, body: '' }
let asked: unknown
let server: Server

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    try {
      asked = new Webhook(SECRET).verify(Buffer.concat(chunks), request.headers as Record<string, string>)
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    } catch {
      response.writeHead(403).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

function verify(status: number, body: unknown) {
  Object.assign(answer, { status, body: JSON.stringify(body) })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/verify`
  const verifier = createIntrospectVerifier({ kind: 'introspect', url, secret: SECRET }, { now: Date.now })
  const signal = new AbortController().signal
  return verifier.verify({ userIdentifier: 'ada', context: { Auth: { Token: 't' } }, signal })
}

it('asks the company, signed, and takes the subject it names', async () => {
  const expiresAt = Date.now() + 60_000
  expect(await verify(200, { sub: 'ada', expiresAt })).toEqual({ userIdentifier: 'ada', expiresAt })
  expect(asked).toEqual({ userIdentifier: 'ada', context: { Auth: { Token: 't' } } })
  expect(await verify(200, { userIdentifier: 'ada' })).toEqual({ userIdentifier: 'ada', expiresAt: null })
})

it.each([
  ['another subject', 200, { sub: 'grace' }, 'context-mismatch'],
  ['nobody', 200, {}, 'context-invalid'],
  ['a refusal', 401, {}, 'context-invalid'],
  ['a subject in a refusal', 403, { sub: 'ada' }, 'context-invalid'],
  ['an end that is over', 200, { sub: 'ada', expiresAt: 1 }, 'context-expired'],
  ['an outage', 503, {}, 'verifier-unavailable'],
])('[ID9] fails closed on %s', async (_title, status, body, code) => {
  await expect(verify(status, body)).rejects.toMatchObject({ code })
})
