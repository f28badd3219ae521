/** Inputs and outputs of callers of Self's SDK and of QuantAuth's interface, beyond the published snippets. */
import { describe, expect, it } from 'vitest'
import { ALEX, connect, lastCid, startServer } from './clients.testing.ts'

const asked = { async: true } as const
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe("a conversation id of one's own", () => {
  it('is mapped to a UUID, told back as it was given, and found again in another process', async () => {
    const server = await startServer()
    const { authentication } = connect(server, { apiKey: server.apiKey })
    const response = await authentication.request(ALEX, { ...asked, cid: 'conversation_id' })
    expect(response.cid).toBe('conversation_id')
    const uuid = await lastCid(server)
    expect(uuid).toMatch(UUID)
    const elsewhere = connect(server, { apiKey: server.apiKey }).authentication
    const outcome = elsewhere.waitFor('conversation_id')
    const heard = new Promise((resolve) => authentication.subscribe(({ cid }) => resolve(cid)))
    await server.decide(uuid, 'approved')
    expect(await outcome).toMatchObject({ cid: 'conversation_id', accepted: true })
    expect(await heard).toBe('conversation_id')
    expect(await elsewhere.cancel('conversation_id')).toMatchObject({ status: 'approved' })
    await elsewhere.request(ALEX, { ...asked, cid: 'conversation_id' })
    expect(server.cids()).toEqual([uuid])
  })

  it('[AR3] without a key is another one in each client, so that nobody can guess it', async () => {
    const server = await startServer()
    for (const { authentication } of [connect(server), connect(server)]) {
      const { cid } = await authentication.request(ALEX, { ...asked, cid: 'conversation_id' })
      expect(await authentication.get(cid)).toMatchObject({ cid: 'conversation_id', status: 'pending' })
    }
    expect(new Set(server.cids()).size).toBe(2)
  })

  it('is told to an observer, and may be anything short', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const heard = new Promise((resolve) => {
      void authentication.request(ALEX, { cid: 'Order 7/é' }, ({ cid, accepted }) => resolve([cid, accepted]))
    })
    await server.decide(await lastCid(server), 'denied')
    expect(await heard).toEqual(['Order 7/é', false])
    for (const cid of ['x'.repeat(201), 7, {}])
      await expect(authentication.request(ALEX, { ...asked, cid: cid as string })).rejects.toThrow(/^cid: /)
  })
})

it('an asynchronous response reads as the id of the conversation', async () => {
  const server = await startServer()
  const { authentication } = connect(server)
  const response = await authentication.request(ALEX, asked)
  expect(String(response)).toBe(response.cid)
  expect(`${await authentication.request(ALEX, { ...asked, cid: 'mine' })}`).toBe('mine')
})

it.each([null, ''])('takes %j for an option that is not given', async (absent) => {
  const server = await startServer()
  const { authentication } = connect(server)
  const names = [
    'cid',
    'expiresIn',
    'waitForResponse',
    'binding',
    'userName',
    'userIp',
    'userOrigin',
    'signal',
  ]
  const options = Object.fromEntries(names.map((name) => [name, absent]))
  await authentication.request(ALEX, { ...options, ...asked })
  expect(Object.keys(server.calls[0]?.body ?? {}).sort()).toEqual([
    'application_title',
    'authentication_request_id',
    'identifier',
    'wait_for_response',
  ])
})

it.each([
  ['A.Big@Example.com', 'a.big@example.com'],
  ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
  ['"john doe"@example.com', '"john doe"@example.com'],
  ['ann@[192.0.2.1]', 'ann@[192.0.2.1]'],
])('accepts the answer of %s, whom the server calls %s', async (email, subject) => {
  const server = await startServer()
  const { authentication } = connect(server)
  const response = authentication.request({ email })
  await server.decide(await lastCid(server), 'approved', { claims: { subject } })
  expect(await response).toMatchObject({ accepted: true, selfID: subject })
})

it('[AR9] does not take a foreign letter for the ASCII one that it becomes in lower case', async () => {
  const server = await startServer()
  const { authentication } = connect(server)
  const response = authentication.request({ email: '\u212aim@example.com' })
  await server.decide(await lastCid(server), 'approved', { claims: { subject: 'kim@example.com' } })
  expect((await response).status).toBe('errored')
})

describe('a request for whoever scans its code', () => {
  it('names nobody, is in the QR code, and says who answered', async () => {
    const server = await startServer()
    const { authentication } = connect(server, { apiKey: server.apiKey })
    const { cid } = await authentication.request({ scan: true }, asked)
    expect(server.calls[0]?.body).toMatchObject({ scan: true })
    expect(await authentication.generateQR({ cid, format: 'svg' })).toMatch(/^<svg /)
    const outcome = authentication.waitFor(cid)
    await server.decide(cid, 'approved', { claims: { subject: ALEX } })
    expect(await outcome).toMatchObject({ accepted: true, selfID: ALEX })
  })

  it('needs a key, and names nobody else', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    await expect(authentication.request({ scan: true })).rejects.toThrow('scan: needs an API key')
    const whom = { scan: true, email: 'ann@example.com' } as const
    await expect(authentication.request(whom)).rejects.toThrow(/^scan: /)
  })
})

it('a callback that is too long is refused where it is made, by its name', async () => {
  const server = await startServer()
  const { authentication } = connect(server)
  const callback = `https://shop.example.com/${'x'.repeat(2_048)}`
  expect(() => authentication.generateDeepLink(callback)).toThrow(/^callback: at most 2048/)
  await expect(authentication.generateQR({ callback })).rejects.toThrow(/^callback: at most 2048/)
  // Valid for a link, but too long for a QR code.
  const dense = `https://shop.example.com/${'é'.repeat(330)}`
  expect(authentication.generateDeepLink(dense)).toContain('callback=')
  await expect(authentication.generateQR({ callback: dense })).rejects.toThrow(/^callback: a QR code holds/)
})
