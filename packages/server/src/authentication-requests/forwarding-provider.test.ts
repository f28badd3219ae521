import type { AppId } from '@chat-widget/protocol'
import { decodeJwt, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import type { ForwardConfig } from '../config/config.ts'
import { type Asked, type AskedServer, json, say, startAskedServer } from './asked-server.testing.ts'
import { requestRecord } from './fake-requests.testing.ts'
import { createForwardingProvider } from './forwarding-provider.ts'
import { byKey, never, PUBLIC_URL, SHOP, startRequests, wish } from './requests.testing.ts'

const API_KEY = 'key_of-the-other-server-9f2c'
const asked = wish({ creator: byKey })

/** `answerMs`: short for a silent server; a late call would be made again. */
async function setUp(changes: Partial<ForwardConfig> = {}, answerMs = 30_000) {
  const server = await startAskedServer()
  const config = { kind: 'forward', url: server.url, app: 'shop', apiKey: API_KEY, ...changes } as const
  const provider = createForwardingProvider(config, { sliceSeconds: 1, paceMs: 1, answerMs })
  const requests = await startRequests({ providers: new Map<AppId, typeof provider>([[SHOP, provider]]) })
  const end = async (made = asked) => {
    const { record } = await requests.service.create(made)
    return requests.service.wait(record.id, 10_000, never)
  }
  return { server, requests, end }
}

describe('a request that is forwarded', () => {
  it('is asked at once under its own id, followed, and approved with a signature of this server', async () => {
    const { server, requests, end } = await setUp()
    server.answer = async (call) =>
      server.calls.length < 3 ? say(call, 'pending') : say(call, 'approved', await server.sign(call))
    const claims = { ...asked.claims, userName: 'Ann', userIp: '203.0.113.7', userOrigin: 'Berlin' }
    const record = await end({ ...asked, claims, addressee: { kind: 'email', email: 'Ann@example.com' } })
    expect(record).toMatchObject({ status: 'approved', subject: 'ann@example.com' })
    expect(decodeJwt(record.response ?? '')).toMatchObject({
      ...{ iss: PUBLIC_URL, aud: SHOP, jti: record.id, decision: 'approved', subject: 'ann@example.com' },
    })
    const body = {
      ...{ email: 'Ann@example.com', application_title: 'My App', authentication_request_id: record.id },
      ...{ user_name: 'Ann', user_ip: '203.0.113.7', user_origin: 'Berlin' },
    }
    expect(server.calls.map((call) => call.body)).toEqual([
      { ...body, wait_for_response: 0 },
      { ...body, wait_for_response: 1 },
      { ...body, wait_for_response: 1 },
    ])
    for (const { path, authorization } of server.calls) {
      expect(path).toBe('/v1/apps/shop/authentication-request/')
      expect(authorization).toBe(`Token ${API_KEY}`)
    }
    expect(requests.outbox.tokens, 'no mail of its own').toEqual([])
  })

  it.each(['denied', 'expired', 'canceled', 'unauthorized', 'errored'])('ends as %s', async (status) => {
    const { server, end } = await setUp()
    server.answer = async (call) => say(call, status, await server.sign(call, { decision: status }))
    expect((await end()).status).toBe(status)
  })

  it('[AR6] goes on for a caller without a key when the addressee cannot be asked', async () => {
    const { server, requests } = await setUp()
    server.answer = (call) => say(call, 'unauthorized')
    const { record } = await requests.service.create(wish())
    await vi.waitFor(() => expect(requests.log()).toContain('reaches nobody'))
    expect((await requests.service.find(SHOP, record.id))?.status).toBe('pending')
  })

  it('[AR4] is not decided twice: what was canceled meanwhile stays so', async () => {
    const { server, requests } = await setUp()
    server.answer = () => undefined
    const { record } = await requests.service.create(asked)
    await vi.waitFor(() => expect(server.calls).toHaveLength(1))
    await requests.service.cancel(record.id)
    const [call] = server.calls
    say(call!, 'approved', await server.sign(call!))
    await requests.restart()
    expect((await requests.service.find(SHOP, record.id))?.status).toBe('canceled')
  })

  it('[AR9] goes on after a restart, with the same id, and is not asked anew', async () => {
    const { server, requests } = await setUp()
    const { record } = await requests.service.create(asked)
    await vi.waitFor(() => expect(server.calls.length).toBeGreaterThan(2))
    await requests.restart()
    server.answer = async (call) => say(call, 'approved', await server.sign(call))
    expect((await requests.service.wait(record.id, 10_000, never)).status).toBe('approved')
    expect(new Set(server.calls.map(({ body }) => body.authentication_request_id))).toEqual(
      new Set([record.id]),
    )
    expect(server.calls.filter(({ body }) => body.wait_for_response === 0)).toHaveLength(1)
  })

  it('does not press a server that answers before the wait is over', async () => {
    const server = await startAskedServer()
    const config = { kind: 'forward', url: server.url, app: 'shop' } as const
    const provider = createForwardingProvider(config, { paceMs: 200 })
    const { addressee, claims } = asked
    const record = requestRecord({ addressee, claims })
    const before = performance.now()
    const provided = { record, link: async () => '', signal: never, code: null, showCode: () => undefined }
    expect(await provider.follow?.(provided)).toBe('pending')
    // Timers may fire a millisecond early.
    expect(performance.now() - before).toBeGreaterThan(198)
  })

  it('[AR9] with trustUnsigned the status is believed, of this request only', async () => {
    const { server, end } = await setUp({ trustUnsigned: true })
    server.answer = (call) => say(call, 'approved')
    expect(await end()).toMatchObject({ status: 'approved', subject: 'ann@example.com' })
    server.answer = (call) => say(call, 'approved', null, { authentication_request_id: crypto.randomUUID() })
    expect((await end()).status).toBe('errored')
    server.answer = (call) => say(call, 'accepted')
    expect((await end()).status).toBe('errored')
  })
})

type Lie = (server: AskedServer, call: Asked) => unknown
const claiming =
  (changes: Parameters<AskedServer['sign']>[1]): Lie =>
  async (server, call) =>
    say(call, 'approved', await server.sign(call, changes))

describe('[AR9] never approved', () => {
  const lies: Record<string, Lie> = {
    'approved without a response': (_server, call) => say(call, 'approved'),
    'a response that is none': (_server, call) => say(call, 'approved', 'approved'),
    'another key': async (server, call) =>
      say(call, 'approved', await server.sign(call, {}, (await generateKeyPair('ES256')).privateKey)),
    'no signature': async (server, call) => {
      const [, payload] = (await server.sign(call)).split('.')
      say(call, 'approved', `${btoa('{"alg":"none"}').replaceAll('=', '')}.${payload}.`)
    },
    'the public key as a shared secret': async (server, call) => {
      const secret = new TextEncoder().encode(JSON.stringify(server.keySet.keys[0]))
      const claims = decodeJwt(await server.sign(call))
      say(
        call,
        'approved',
        await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'key' }).sign(secret),
      )
    },
    'another issuer': claiming({ iss: 'https://evil.example.com' }),
    'another audience': claiming({ aud: 'other' }),
    'another id in what is signed': claiming({ jti: crypto.randomUUID() }),
    'another id in the answer': async (server, call) =>
      say(call, 'approved', await server.sign(call), { authentication_request_id: crypto.randomUUID() }),
    'another subject': claiming({ subject: 'eve@example.com' }),
    'no subject': claiming({ subject: undefined }),
    'a denial that is called an approval': claiming({ decision: 'denied' }),
    'a decision from before the request': claiming({ iat: Math.floor(Date.now() / 1_000) - 120 }),
    'an unknown status': async (server, call) => say(call, 'accepted', await server.sign(call)),
    'a status of every object': async (server, call) => say(call, 'constructor', await server.sign(call)),
    'the request is refused': async (server, call) =>
      json(call.response, { authentication_request_response: await server.sign(call) }, 409),
  }
  it.each(Object.entries(lies))('%s: errored', async (_title, lie) => {
    const { server, requests, end } = await setUp()
    server.answer = (call) => lie(server, call)
    expect(await end()).toMatchObject({ status: 'errored', subject: null, response: null })
    expect(requests.log()).not.toContain(API_KEY)
  })

  it('a subject with the one foreign letter that becomes an ASCII one in lower case', async () => {
    const { server, end } = await setUp()
    server.answer = async (call) =>
      say(call, 'approved', await server.sign(call, { subject: '\u212aate@example.com' }))
    const kate = { ...asked, addressee: { kind: 'email', email: 'kate@example.com' } as const }
    expect((await end(kate)).status).toBe('errored')
    server.answer = async (call) =>
      say(call, 'approved', await server.sign(call, { subject: 'Kate@example.com' }))
    expect((await end(kate)).status, 'while ASCII is compared without case').toBe('approved')
  })

  it('an algorithm that is not the one configured', async () => {
    const { server, end } = await setUp({ algorithm: 'RS256' })
    server.answer = async (call) => say(call, 'approved', await server.sign(call))
    expect((await end()).status).toBe('errored')
  })

  const outages: Record<string, Lie> = {
    'an answer that hangs': () => undefined,
    'a body that hangs': (_server, { response }) =>
      response.writeHead(200, { 'content-type': 'application/json' }).write(' '),
    'a huge body': async (server, call) =>
      say(call, 'approved', await server.sign(call), { more: 'x'.repeat(300 * 1024) }),
    'a connection that breaks off': (_server, { response }) => response.destroy(),
    'a redirect to an approval': (server, { response }) =>
      response.writeHead(307, { location: `${server.url}/elsewhere` }).end(),
    'an error of the server, with an approval in it': async (server, call) =>
      json(
        call.response,
        {
          authentication_request_id: call.body.authentication_request_id,
          authentication_request_status: 'approved',
          authentication_request_response: await server.sign(call),
        },
        500,
      ),
    'a wrong key, which the operator may set right': (_server, call) => json(call.response, {}, 401),
    'no JSON': (_server, { response }) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('approved'),
    'an empty answer': (_server, { response }) => response.writeHead(204).end(),
    'JSON of another kind': (_server, { response }) => json(response, ['approved']),
    'a status that is no text': async (_server, call) =>
      say(call, 'approved', null, { authentication_request_status: ['approved'] }),
  }
  it.each(Object.entries(outages))('%s: tried again, and then expired or errored', async (title, outage) => {
    const { server, requests } = await setUp({}, 150)
    const paths: string[] = []
    server.answer = (call) => {
      paths.push(call.path)
      return outage(server, call)
    }
    const { record } = await requests.service.create(asked)
    await vi.waitFor(() => expect(paths.length, title).toBeGreaterThan(1))
    expect((await requests.service.find(SHOP, record.id))?.status).toBe('pending')
    requests.clock.now = record.expiresAt
    const ended = await requests.service.wait(record.id, 10_000, never)
    expect(ended).toMatchObject({ status: 'errored', response: null })
    expect(new Set(paths), 'no redirect is followed').toEqual(
      new Set(['/v1/apps/shop/authentication-request/']),
    )
    expect(requests.log()).not.toContain(API_KEY)
  })

  it('an outage after the person was asked: expired', async () => {
    const { server, requests } = await setUp()
    const { record } = await requests.service.create(asked)
    await vi.waitFor(() => expect(server.calls.length).toBeGreaterThan(1))
    server.answer = (call) => call.response.destroy()
    await vi.waitFor(() => expect(requests.log()).toContain('could not be delivered'))
    requests.clock.now = record.expiresAt
    expect((await requests.service.wait(record.id, 10_000, never)).status).toBe('expired')
  })

  const keyless: Record<string, (server: AskedServer) => AskedServer['answerKeys']> = {
    'no answer': () => (response) => response.destroy(),
    'an error': () => (response) => response.writeHead(503).end(),
    'no key set': () => (response) => json(response, { keys: 'none' }),
    'the keys before this one': (server) => (response) =>
      json(response, { keys: server.keySet.keys.map((key) => ({ ...key, kid: 'older' })) }),
  }
  it.each(Object.entries(keyless))(
    'keys that cannot be had, %s: the decision waits',
    async (_title, keys) => {
      const { server, requests } = await setUp()
      server.answer = async (call) => say(call, 'approved', await server.sign(call))
      server.answerKeys = keys(server)
      const { record } = await requests.service.create(asked)
      await vi.waitFor(() => expect(server.calls.length).toBeGreaterThan(1))
      expect((await requests.service.find(SHOP, record.id))?.status).toBe('pending')
      requests.clock.now = record.expiresAt
      expect((await requests.service.wait(record.id, 10_000, never)).status).toBe('errored')
    },
  )
})
