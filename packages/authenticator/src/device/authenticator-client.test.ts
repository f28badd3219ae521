import type { DeviceAnswerClaims } from '@chat-widget/protocol'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { deviceId, IDENTIFIER, requestId } from '../testing/fixtures.testing.ts'
import {
  approve,
  asked,
  client,
  enrolled,
  holdServer,
  openPage,
  progressOf,
  ready,
  server,
  stopClock,
  store,
  useDevicePage,
} from './device-page.testing.ts'

useDevicePage()

describe('[AR13] an answer', () => {
  beforeEach(async () => {
    stopClock()
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

  it('that cannot be signed may be given again', async () => {
    vi.spyOn(crypto.subtle, 'sign').mockRejectedValueOnce(new Error('no'))
    await approve(1)
    expect(progressOf(requestId(1))).toEqual({ kind: 'open', problem: { kind: 'failed', code: 'internal' } })
    await approve(1)
    expect(progressOf(requestId(1))).toEqual({ kind: 'over', end: 'approved' })
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
    const release = holdServer()
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
    // Sends a new challenge with its time: setting up may have taken longer than the request is valid.
    server.connect()
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

  it('starts over with what another tab set up meanwhile', async () => {
    server.tell('device:removed', { code: 'session-invalid', message: '' })
    const { keys } = (await store.read())!
    const elsewhere = { deviceId: deviceId(2), identifier: IDENTIFIER, keys }
    server.devices.set(deviceId(2), server.devices.get(deviceId(1))!)
    await store.clear()
    await store.write(elsewhere)
    await client.startOver()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    expect(await store.read()).toMatchObject({ deviceId: deviceId(2) })
  })

  it('says so where the browser does not forget the key', async () => {
    server.tell('device:removed', { code: 'session-invalid', message: '' })
    vi.spyOn(store, 'clear').mockRejectedValue(new Error('no'))
    await client.startOver()
    expect(client.getState()).toEqual({ status: 'unable', reason: 'storage' })
  })

  it('and forgotten in another tab takes its requests with it', async () => {
    server.tell('request', asked(1))
    await store.clear()
    server.drop()
    server.connect()
    await vi.waitFor(() => expect(client.getState().status).toBe('new'))
    await client.enroll('Again')
    expect(ready().requests).toEqual([])
  })

  it('by itself is one as soon as the server says so', async () => {
    await client.removeDevice(deviceId(1))
    expect(client.getState().status).toBe('removed')
  })
})
