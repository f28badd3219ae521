/** Requests by identifier as several devices of a person see them. */
import { randomUUID } from 'node:crypto'
import type {
  AnswerOutcome,
  AuthenticationRequestStatus,
  AuthenticatorState,
  IncomingRequest,
} from '@chat-widget/protocol'
import { AUTHENTICATION_REQUEST_LIMITS, type AuthenticationRequestId } from '@chat-widget/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { byKey, wish } from '../authentication-requests/requests.testing.ts'
import type { AuthenticationRequestRecord } from '../storage/authentication-request-storage.ts'
import { authenticatorsOf, type TestAuthenticator } from './authenticator.testing.ts'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'

let server: TestRealtime
let clock = 0
const { open, person, another, again, request, close } = authenticatorsOf(() => server)
beforeAll(async () => {
  server = await startRealtime({
    now: () => Date.now() + clock,
    authenticatorRates: { enrolments: { burst: 100, perHour: 100 } },
  })
})
afterAll(async () => {
  close()
  await server.stop()
})

const anyone = { kind: 'anyone', ip: '192.0.2.1' } as const
const statusOf = async ({ app, id }: AuthenticationRequestRecord) =>
  (await server.requests.find(app, id))?.status

async function answer(
  device: TestAuthenticator,
  { id }: { readonly id: AuthenticationRequestId },
  decision: 'approved' | 'denied',
  more: { readonly code?: string; readonly mutes?: boolean } = {},
): Promise<AnswerOutcome> {
  const { mutes = false, ...code } = more
  const app = { id: 'shop', name: 'shop' } as IncomingRequest['app']
  const signed = await device.signAnswer({ id, app }, decision, { claims: { mutes } })
  return device.ask('request:answer', { requestId: id, answer: signed, ...code })
}

const ended = (device: TestAuthenticator, id: string) =>
  device
    .heard<{ id: string; status: AuthenticationRequestStatus }>('request:ended', (notice) => notice.id === id)
    .then(({ status }) => status)

describe('[AR13] a request', () => {
  it('comes to every device that is connected, and to the others when they connect', async () => {
    const first = await person()
    const second = await another(first)
    second.close()
    const tab = await again(first)
    const stranger = await person()
    const claims = { applicationTitle: 'My App', userName: 'Ann', userIp: '::1', userOrigin: 'Berlin' }
    const { record } = await request(first.identifier, { claims })
    const expected: IncomingRequest = {
      ...{ id: record.id, app: { id: record.app, name: 'shop' }, claims, claimedBy: 'caller' },
      ...{ binding: 'none', codesLeft: null, createdAt: record.createdAt, expiresAt: record.expiresAt },
    }
    expect(await first.asked(record.id)).toEqual(expected)
    expect(await tab.asked(record.id)).toEqual(expected)
    const back = await again(second)
    expect(await back.heard('requests')).toEqual([expected])
    const { record: theirs } = await request(stranger.identifier)
    await stranger.asked(theirs.id)
    expect(stranger.all('request')).toHaveLength(1)
  })

  it('[AR4] is decided by the first answer, and every other device hears that it is over', async () => {
    const first = await person()
    const second = await another(first)
    const { record } = await request(first.identifier)
    await second.asked(record.id)
    expect(await answer(second, record, 'approved')).toEqual({ kind: 'decided', status: 'approved' })
    for (const device of [first, second]) expect(await ended(device, record.id)).toBe('approved')
    expect(await answer(first, record, 'denied')).toEqual({
      ...{ kind: 'over', status: 'approved', isLocked: false },
    })
    expect(await statusOf(record)).toBe('approved')
    const back = await again(first)
    expect(await back.heard('requests')).toEqual([])
  })

  it('[AR4] of 50 answers by five devices at the same time, denials among them, exactly one wins', async () => {
    const first = await person()
    const devices = [first]
    while (devices.length < 5) devices.push(await another(first))
    const { record } = await request(first.identifier)
    await first.asked(record.id)
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        answer(devices[index % 5] ?? first, record, index % 3 === 0 ? 'denied' : 'approved'),
      ),
    )
    const [winner, ...more] = outcomes.filter(({ kind }) => kind === 'decided')
    expect(more).toEqual([])
    const status = await statusOf(record)
    expect(winner).toEqual({ kind: 'decided', status })
    expect(outcomes.filter(({ kind }) => kind === 'over')).toEqual(
      Array.from({ length: 49 }, () => ({ kind: 'over', status, isLocked: false })),
    )
    for (const device of devices) expect(await ended(device, record.id)).toBe(status)
    expect(first.all('request:ended')).toHaveLength(1)
  })

  it('that is canceled, replaced or expires is over on every device', async () => {
    const device = await person()
    const canceled = (await request(device.identifier)).record
    await device.asked(canceled.id)
    await server.requests.cancel(canceled.id)
    expect(await ended(device, canceled.id)).toBe('canceled')

    const replaced = (await request(device.identifier)).record
    await device.asked(replaced.id)
    const last = (await request(device.identifier)).record
    expect(await ended(device, replaced.id)).toBe('canceled')
    await device.asked(last.id)
    clock = AUTHENTICATION_REQUEST_LIMITS.lifetimeSeconds * 1_000
    try {
      const back = await again(device)
      expect(await back.heard('requests'), 'past its end').toEqual([])
      expect(await statusOf(last)).toBe('expired')
      expect(await ended(device, last.id)).toBe('expired')
    } finally {
      clock = 0
    }
  })
})

describe('[AR2] with binding', () => {
  it('a device approves with the code alone, and every device sees how many wrong ones are left', async () => {
    const first = await person()
    const second = await another(first)
    const { record, bindingCode } = await request(first.identifier, { binding: 'code' })
    expect(await first.asked(record.id)).toMatchObject({ binding: 'code', codesLeft: 5 })
    for (const noCode of [{}, { code: '' }, { code: '12345' }, { code: 'abcdef' }])
      expect(await answer(first, record, 'approved', noCode)).toEqual({ kind: 'wrong-code', codesLeft: 5 })
    const wrong = bindingCode === '000000' ? '000001' : '000000'
    expect(await answer(first, record, 'approved', { code: wrong })).toEqual({
      kind: 'wrong-code',
      codesLeft: 4,
    })
    await second.heard<IncomingRequest>('request', ({ id, codesLeft }) => id === record.id && codesLeft === 4)
    const code = `${bindingCode?.slice(0, 3)} ${bindingCode?.slice(3)}`
    expect(await answer(second, record, 'approved', { code })).toEqual({
      kind: 'decided',
      status: 'approved',
    })
  })

  it('denying needs no code', async () => {
    const device = await person()
    const { record } = await request(device.identifier, { binding: 'code' })
    await device.asked(record.id)
    expect(await answer(device, record, 'denied')).toEqual({ kind: 'decided', status: 'denied' })
  })

  it('five wrong codes lock it, of many at the same time, and no right one decides then', async () => {
    const first = await person()
    const second = await another(first)
    const { record, bindingCode } = await request(first.identifier, { binding: 'code' })
    await first.asked(record.id)
    const code = bindingCode === '000000' ? '000001' : '000000'
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        answer(index % 2 === 0 ? first : second, record, 'approved', { code }),
      ),
    )
    const left = outcomes.flatMap((outcome) => (outcome.kind === 'wrong-code' ? [outcome.codesLeft] : []))
    expect(left.sort()).toEqual([1, 2, 3, 4])
    const locked = { kind: 'over', status: 'canceled', isLocked: true }
    expect(outcomes.filter(({ kind }) => kind === 'over')).toEqual(Array.from({ length: 16 }, () => locked))
    for (const device of [first, second]) expect(await ended(device, record.id)).toBe('canceled')
    expect(await answer(first, record, 'approved', { code: bindingCode ?? '' })).toEqual(locked)
  })
})

describe('[AR13] a request for whoever scans its code', () => {
  const scan = async () => {
    const id = randomUUID() as string as AuthenticationRequestId
    const asked = { id, addressee: { kind: 'scan', requestId: id }, creator: byKey } as const
    return (await server.requests.create(wish(asked))).record
  }

  it('comes to the devices of the first who does, and they decide it', async () => {
    const [first, other] = [await person(), await person()]
    const record = await scan()
    await first.ask('request:open', { requestId: record.id })
    await first.asked(record.id)
    expect((await other.refusal('request:open', { requestId: record.id })).code).toBe('not-found')
    await first.ask('request:open', { requestId: record.id })
    expect(await answer(first, record, 'approved')).toEqual({ kind: 'decided', status: 'approved' })
    const decided = await server.requests.find(record.app, record.id)
    expect(decided).toMatchObject({ status: 'approved', subject: first.identifier })
    expect(other.all('request')).toEqual([])
  })

  it('[AR12] comes to nobody whom its app may not ask, or when it is over', async () => {
    const device = await open()
    await device.enroll()
    const record = await scan()
    const opening = async () => (await device.refusal('request:open', { requestId: record.id })).code
    expect(await opening()).toBe('not-found')
    expect(await server.requests.find(record.app, record.id)).toMatchObject({ status: 'pending' })
    await device.ask('app:connect', { app: 'shop' })
    await server.requests.cancel(record.id)
    expect(await opening()).toBe('not-found')
  })

  it('that names a person is opened by them alone', async () => {
    const [device, other] = [await person(), await person()]
    const { record } = await request(device.identifier)
    await device.asked(record.id)
    await device.ask('request:open', { requestId: record.id })
    expect((await other.refusal('request:open', { requestId: record.id })).code).toBe('not-found')
  })
})

describe('[AR12] nobody is asked', () => {
  const outcomesFor = async (identifier: string) => {
    const { record: keyed } = await request(identifier)
    await expect.poll(() => statusOf(keyed)).toBe('unauthorized')
    const { record: keyless } = await request(identifier, { creator: anyone })
    await expect.poll(async () => (await stored(keyless.id))?.delivery).toBe('failed')
    return statusOf(keyless)
  }
  const stored = (id: AuthenticationRequestId) => server.storage.authenticationRequests.find(id)

  it('[AR6] where the app is not connected: unauthorized with a key, pending without', async () => {
    const device = await open()
    await device.enroll()
    await device.ask('app:connect', { app: 'other' })
    expect(await outcomesFor(device.identifier)).toBe('pending')
    // A failed request is not delivered later, when the person connects: the caller has its answer.
    await device.ask('app:connect', { app: 'shop' })
    expect(await (await again(device)).heard('requests')).toEqual([])
    const { record } = await request(device.identifier)
    await device.asked(record.id)
    expect(device.all('request')).toHaveLength(1)
  })

  it('[AR6] where there is no such identifier, or it has no device any more', async () => {
    expect(await outcomesFor('1112223334')).toBe('pending')
    const device = await person()
    await device.ask('device:remove', { deviceId: device.id })
    expect(await outcomesFor(device.identifier)).toBe('pending')
  })

  it('[AR7] where the person did not ask for this: denied, muted, and unmuted again', async () => {
    const first = await person()
    const second = await another(first)
    // A mute holds for the kind of caller that asked.
    const isDenied = { kind: 'decided', status: 'denied' }
    const { record } = await request(first.identifier)
    await first.asked(record.id)
    expect(await answer(first, record, 'denied', { mutes: true })).toEqual(isDenied)
    const { record: keyless } = await request(first.identifier, { creator: anyone })
    await first.asked(keyless.id)
    expect(await answer(first, keyless, 'denied', { mutes: true })).toEqual(isDenied)
    await second.heard<AuthenticatorState>('state', ({ apps }) => apps[0]?.isMuted === true)
    expect(await outcomesFor(first.identifier)).toBe('pending')
    expect(second.all('request')).toHaveLength(2)
    await second.ask('app:unmute', { app: 'shop' })
    await first.heard<AuthenticatorState>('state', ({ apps }) => apps[0]?.isMuted === false)
    const { record: next } = await request(first.identifier)
    await first.asked(next.id)
  })

  it('once the person disconnects: what is pending is over', async () => {
    const device = await person()
    const { record: keyed } = await request(device.identifier)
    const shown = await device.asked(keyed.id)
    await device.ask('app:disconnect', { app: 'shop' })
    expect(await ended(device, keyed.id)).toBe('unauthorized')

    await device.ask('app:connect', { app: 'shop' })
    const { record: keyless } = await request(device.identifier, { creator: anyone })
    await device.asked(keyless.id)
    const heard = device.all('requests').length
    await device.ask('app:disconnect', { app: 'shop' })
    await expect.poll(() => device.all('requests').length).toBe(heard + 1)
    expect(device.all('requests').at(-1)).toEqual([])
    const late = await device.signAnswer({ ...shown, id: keyless.id }, 'approved')
    expect((await device.refusal('request:answer', { requestId: keyless.id, answer: late })).code).toBe(
      'not-found',
    )
    expect(await statusOf(keyless)).toBe('pending')

    // As if it had been about to be shown when they disconnected.
    await server.storage.authenticationRequests.setDelivery(keyless.id, 'delivered')
    const back = await again(device)
    expect(await back.heard('requests')).toEqual([])
    expect((await device.refusal('request:answer', { requestId: keyless.id, answer: late })).code).toBe(
      'not-found',
    )
  })
})
