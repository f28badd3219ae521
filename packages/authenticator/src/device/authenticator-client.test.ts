import type { AuthenticationRequestId, DeviceAnswerClaims } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deviceId, IDENTIFIER, incoming, requestId } from '../testing/fixtures.testing.ts'
import { AuthenticatorClient } from './authenticator-client.ts'
import { createDeviceStore, type DeviceStore } from './device-store.ts'
import { FakeServer } from './fake-server.testing.ts'

let server: FakeServer
let store: DeviceStore
let client: AuthenticatorClient
let databases = 0

/** One more page of the same browser. */
function openPage(): AuthenticatorClient {
  client = new AuthenticatorClient({
    server: location.origin,
    store,
    connection: server.connection,
    policy: { nextDelayMs: () => 1 },
  })
  return client
}

beforeEach(() => {
  databases += 1
  server = new FakeServer()
  store = createDeviceStore(`authenticator-test-${databases}`)
  openPage()
})

afterEach(() => {
  vi.restoreAllMocks()
  client.close()
  indexedDB.deleteDatabase(`authenticator-test-${databases}`)
})

async function enrolled(): Promise<void> {
  await client.start()
  await client.enroll('Firefox on Linux')
}

const ready = () => {
  const state = client.getState()
  if (state.status !== 'ready') throw new Error(`the state is ${state.status}`)
  return state
}
const progressOf = (id: AuthenticationRequestId) =>
  ready().requests.find(({ request }) => request.id === id)?.progress
/** By the server's clock. */
const asked = (number: number) =>
  incoming(number, { createdAt: server.serverTime, expiresAt: server.serverTime + 900_000 })
const approve = (number: number) => client.answer(requestId(number), { decision: 'approved' })

describe('[AR11] the device’s key', () => {
  it('is proved for the challenge of this connection, and for enrolling', async () => {
    await enrolled()
    expect(server.proofs).toEqual([{ purpose: 'enroll', nonce: 'nonce-1' }])
    expect(ready()).toMatchObject({ isLive: true, account: { identifier: IDENTIFIER } })
    expect(ready().newCodes).toHaveLength(8)
  })

  it('is not extractable, neither now nor when it is read again', async () => {
    await enrolled()
    const { privateKey } = (await store.read())!.keys
    expect(privateKey.extractable).toBe(false)
    for (const format of ['jwk', 'pkcs8'] as const)
      await expect(crypto.subtle.exportKey(format, privateKey)).rejects.toThrow(/not extractable/)
  })

  it('outlives a reload, and is proved anew', async () => {
    await enrolled()
    client.close()
    await openPage().start()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    expect(server.proofs.at(-1)).toEqual({ purpose: 'prove', nonce: 'nonce-2' })
    expect(ready().newCodes).toBeNull()
  })

  it('is proved after each reconnect, for the new challenge', async () => {
    await enrolled()
    server.drop()
    expect(ready()).toMatchObject({ isLive: false, connection: { status: 'reconnecting' } })
    server.connect()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    expect(server.proofs.at(-1)).toEqual({ purpose: 'prove', nonce: 'nonce-2' })
  })

  it('is proved again when the server could not look just now', async () => {
    await enrolled()
    server.drop()
    server.refusals.set('device:prove', { code: 'unavailable' })
    server.connect()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
  })

  it('is looked for anew after each connect: another tab may have set the device up, or forgotten it', async () => {
    await client.start()
    const elsewhere = new AuthenticatorClient({ server: '', store, connection: server.connection })
    await elsewhere.start()
    await elsewhere.enroll('Firefox')
    server.connect()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    await store.clear()
    server.connect()
    await vi.waitFor(() => expect(client.getState().status).toBe('new'))
  })

  it('joins and recovers by a proof for that', async () => {
    await client.start()
    await client.join('CODE', 'Safari')
    expect(server.proofs).toEqual([{ purpose: 'join', nonce: 'nonce-1' }])
    expect(ready().newCodes).toBeNull()
    await expect(client.recover(IDENTIFIER, 'CODE', 'Safari')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is kept before the server makes a device of it: a browser that keeps none enrols nothing', async () => {
    await client.start()
    vi.spyOn(store, 'probe').mockRejectedValue(new Error('private window'))
    await expect(client.enroll('Firefox')).rejects.toMatchObject({ code: 'storage-unavailable' })
    expect(server.devices.size).toBe(0)
    expect(client.getState().status).toBe('new')
  })

  it('is the same after an answer that was lost: the server knows it already', async () => {
    await client.start()
    server.swallowed.add('device:enroll')
    await expect(client.enroll('Firefox')).rejects.toMatchObject({ code: 'server-unreachable' })
    server.connect()
    await client.enroll('Firefox')
    const [first, second] = server.devices.values()
    expect(second).toEqual(first)
  })

  it('changes, and the new one is proved from then on', async () => {
    await enrolled()
    const before = server.devices.get(deviceId(1))
    await client.rotateKey()
    expect(server.proofs.at(-1)).toEqual({ purpose: 'rotate', nonce: 'nonce-1' })
    expect(server.devices.get(deviceId(1))).not.toEqual(before)
    server.drop()
    server.connect()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
  })

  it('changes also where the server’s word was lost: whichever of the two it knows is here', async () => {
    await enrolled()
    server.swallowed.add('device:rotate')
    await expect(client.rotateKey()).rejects.toMatchObject({ code: 'server-unreachable' })
    client.close()
    await openPage().start()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    expect((await store.read())?.nextKeys).toBeUndefined()
  })
})

describe('[AR13] an answer', () => {
  beforeEach(async () => {
    await enrolled()
    server.tell('requests', [asked(1)])
  })

  it('is signed for this request, by this device, with "kid" and "typ"', async () => {
    await client.answer(requestId(1), { decision: 'approved', code: '123456' })
    const [answer] = server.answers
    expect(answer?.header).toEqual({ alg: 'ES256', typ: 'device-answer+jwt', kid: deviceId(1) })
    expect(answer?.claims).toEqual({
      iss: deviceId(1),
      sub: IDENTIFIER,
      aud: 'shop',
      jti: requestId(1),
      iat: server.serverTime / 1000,
      exp: server.serverTime / 1000 + 120,
      decision: 'approved',
      mutes: false,
    } satisfies Record<keyof DeviceAnswerClaims, unknown>)
    expect(answer?.code, 'beside what is signed').toBe('123456')
    expect(progressOf(requestId(1))).toEqual({ kind: 'over', end: 'approved' })
  })

  it('is dated by the server’s clock, also when the device’s is set to another day', async () => {
    const now = Date.now.bind(Date)
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 86_400_000)
    await approve(1)
    expect(server.answers[0]?.claims.iat).toBe(server.serverTime / 1000)
  })

  it('[AR7] may say that it was not asked for', async () => {
    server.outcome = { kind: 'decided', status: 'denied' }
    await client.answer(requestId(1), { decision: 'denied', mutes: true })
    expect(server.answers[0]?.claims).toMatchObject({ decision: 'denied', mutes: true })
    expect(progressOf(requestId(1))).toEqual({ kind: 'over', end: 'muted' })
  })

  it('is sent once, however often it is clicked', async () => {
    await Promise.all([
      approve(1),
      approve(1),
      client.answer(requestId(1), { decision: 'denied', mutes: false }),
    ])
    await approve(1)
    expect(server.answers).toHaveLength(1)
  })

  it('[AR2] with a wrong code says how many are left, and may be tried again', async () => {
    server.outcome = { kind: 'wrong-code', codesLeft: 4 }
    await approve(1)
    expect(ready().requests[0]).toMatchObject({
      request: { codesLeft: 4 },
      progress: { kind: 'open', problem: { kind: 'wrong-code' } },
    })
    server.outcome = { kind: 'over', status: 'canceled', isLocked: true }
    await approve(1)
    expect(progressOf(requestId(1))).toEqual({ kind: 'over', end: 'locked' })
  })

  it('[AR4] that came too late says what was decided elsewhere', async () => {
    server.outcome = { kind: 'over', status: 'denied', isLocked: false }
    await approve(1)
    expect(progressOf(requestId(1))).toEqual({ kind: 'over', end: 'denied-elsewhere' })
  })

  it('[AR12] to an app that was disconnected meanwhile finds the request gone', async () => {
    server.refusals.set('request:answer', { code: 'not-found' })
    await approve(1)
    expect(progressOf(requestId(1))).toEqual({ kind: 'over', end: 'gone' })
  })

  it('whose receipt was lost counts all the same, when it is sent again', async () => {
    server.swallowed.add('request:answer')
    await approve(1)
    expect(progressOf(requestId(1))).toMatchObject({ problem: { kind: 'failed' } })
    server.connect()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    server.outcome = { kind: 'over', status: 'approved', isLocked: false }
    await approve(1)
    expect(progressOf(requestId(1))).toEqual({ kind: 'over', end: 'approved' })
  })

  it('of this device is not taken for another’s when the news comes before the receipt', async () => {
    let release = () => {}
    server.hold = new Promise((resolve) => {
      release = resolve
    })
    const answered = approve(1)
    server.tell('request:ended', { id: requestId(1), status: 'approved' })
    expect(progressOf(requestId(1))?.kind).toBe('answering')
    release()
    await answered
    expect(progressOf(requestId(1))).toEqual({ kind: 'over', end: 'approved' })
  })
})

describe('[AR13] requests', () => {
  beforeEach(enrolled)

  it('end with the word of the server, and go when they are dismissed', () => {
    server.tell('request', asked(1))
    server.tell('request', asked(2))
    server.tell('request:ended', { id: requestId(1), status: 'approved' })
    server.tell('request:ended', { id: requestId(2), status: 'canceled' })
    expect(progressOf(requestId(1))).toEqual({ kind: 'over', end: 'approved-elsewhere' })
    expect(progressOf(requestId(2))).toEqual({ kind: 'over', end: 'canceled' })
    client.dismiss(requestId(1))
    expect(ready().requests.map(({ request }) => request.id)).toEqual([requestId(2)])
  })

  it('are those that the server tells after each proof, and no others', () => {
    server.tell('requests', [asked(1), asked(2)])
    server.tell('requests', [asked(2), asked(3)])
    expect(ready().requests.map(({ request, progress }) => [request.id, progress.kind])).toEqual([
      [requestId(1), 'over'],
      [requestId(2), 'open'],
      [requestId(3), 'open'],
    ])
  })

  it('expire by themselves, by the server’s clock', async () => {
    server.tell('request', { ...asked(1), expiresAt: server.serverTime + 400 })
    server.drop()
    expect(progressOf(requestId(1))?.kind).toBe('open')
    await vi.waitFor(() => expect(progressOf(requestId(1))).toEqual({ kind: 'over', end: 'expired' }))
  })

  it('that could not be answered offline can be answered again', async () => {
    server.tell('request', asked(1))
    server.drop()
    await approve(1)
    expect(progressOf(requestId(1))).toEqual({
      kind: 'open',
      problem: { kind: 'failed', code: 'server-unreachable' },
    })
  })
})

describe('[AR11] a device that was removed', () => {
  beforeEach(enrolled)

  it('is told at once, and may start over', async () => {
    server.tell('request', asked(1))
    server.tell('device:removed', { code: 'session-invalid', message: '' })
    expect(client.getState()).toEqual({ status: 'removed', identifier: IDENTIFIER })
    await client.startOver()
    expect(client.getState().status).toBe('new')
    expect(await store.read()).toBeUndefined()
    await client.enroll('Again')
    expect(ready().requests, 'nothing of before').toEqual([])
  })

  it('is told when it comes back', async () => {
    client.close()
    server.devices.clear()
    await openPage().start()
    await vi.waitFor(() => expect(client.getState().status).toBe('removed'))
  })

  it('by itself is one as soon as the server says so', async () => {
    await client.removeDevice(deviceId(1))
    expect(client.getState().status).toBe('removed')
  })
})
