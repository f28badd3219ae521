/** [AR13] Signed answers, valid and invalid. */
import { randomUUID } from 'node:crypto'
import {
  AUTHENTICATOR_LIMITS,
  DEVICE_ANSWER_TYPE,
  DEVICE_PROOF_TYPE,
  type DecisionClaims,
  type IncomingRequest,
} from '@chat-widget/protocol'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type AnswerChanges,
  authenticatorsOf,
  newDeviceKey,
  type TestAuthenticator,
} from './authenticator.testing.ts'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'

/** The server's clock stands still, to the second; so do the devices', which follow its challenge. */
const NOW = Math.floor(Date.now() / 1_000)
let server: TestRealtime
let device: TestAuthenticator
let stranger: TestAuthenticator
let asked: IncomingRequest
const { person, another, request, close } = authenticatorsOf(() => server)

beforeAll(async () => {
  server = await startRealtime({
    now: () => NOW * 1_000,
    authenticatorRates: { enrolments: { burst: 100, perHour: 100 } },
  })
  stranger = await person()
})
afterAll(async () => {
  close()
  await server.stop()
})
beforeEach(async () => {
  device = await person()
  const { record } = await request(device.identifier)
  asked = await device.asked(record.id)
})

const answer = async (changes: AnswerChanges = {}, decision: 'approved' | 'denied' = 'approved') => ({
  requestId: asked.id,
  answer: await device.signAnswer(asked, decision, changes),
})
const statusOf = async () => (await server.requests.find(asked.app.id, asked.id))?.status
const { answerSeconds } = AUTHENTICATOR_LIMITS

describe('[AR13] an answer is refused, and decides nothing, with', () => {
  const wrong: Readonly<
    Record<string, readonly [code: string, about: string, changes: () => AnswerChanges]>
  > = {
    'another issuer': ['unauthenticated', 'iss', () => ({ claims: { iss: stranger.id } })],
    'another subject': ['unauthenticated', 'sub', () => ({ claims: { sub: stranger.identifier } })],
    'another audience': ['not-found', 'aud', () => ({ claims: { aud: 'other' } })],
    'another request': ['not-found', 'jti', () => ({ claims: { jti: randomUUID() } })],
    'an early time': [
      'context-expired',
      'iat',
      () => ({ claims: { iat: NOW - answerSeconds - 1, exp: NOW - 1 } }),
    ],
    'a late time': [
      'context-expired',
      'iat',
      () => ({ claims: { iat: NOW + answerSeconds + 1, exp: NOW + answerSeconds + 60 } }),
    ],
    'an end too far off': ['context-expired', 'exp', () => ({ claims: { exp: NOW + answerSeconds + 1 } })],
    'an end that is over': ['context-expired', 'exp', () => ({ claims: { iat: NOW - 60, exp: NOW } })],
    'another key’s signature': ['unauthenticated', 'signature', () => ({ key: stranger.key.privateKey })],
    'a shared secret': [
      'unauthenticated',
      'alg',
      () => ({ header: { alg: 'HS256' }, key: Buffer.from(JSON.stringify(device.key.publicKey)) }),
    ],
    'another type': ['unauthenticated', 'typ', () => ({ header: { typ: DEVICE_PROOF_TYPE } })],
    'no type': ['unauthenticated', 'typ', () => ({ header: { typ: undefined as unknown as string } })],
    'no device in its header': [
      'unauthenticated',
      'kid',
      () => ({ header: { kid: undefined as unknown as string } }),
    ],
    'an unknown device': ['unauthenticated', 'kid', () => ({ header: { kid: randomUUID() } })],
    'another person’s device': [
      'unauthenticated',
      'kid',
      () => ({ header: { kid: stranger.id }, claims: { iss: stranger.id }, key: stranger.key.privateKey }),
    ],
    'an unknown decision': ['bad-request', 'decision', () => ({ claims: { decision: 'maybe' } })],
    'no decision': ['bad-request', 'decision', () => ({ claims: { decision: undefined } })],
    'no end': ['bad-request', 'exp', () => ({ claims: { exp: undefined } })],
    'two audiences': ['bad-request', 'aud', () => ({ claims: { aud: ['shop', 'other'] } })],
    'a time that is none': ['bad-request', 'iat', () => ({ claims: { iat: String(NOW) } })],
    'an unknown claim': ['bad-request', 'more', () => ({ claims: { more: 1 } as object })],
    'an approval that mutes': ['bad-request', 'mutes', () => ({ claims: { mutes: true } })],
  }
  it.each(Object.entries(wrong))('%s', async (_name, [code, about, changes]) => {
    const refusal = await device.refusal('request:answer', await answer(changes()))
    expect(refusal).toEqual({ code, message: expect.stringMatching(new RegExp(`\\b${about}\\b`)) })
    expect(await statusOf()).toBe('pending')
  })

  it('no signature at all, or one for other words', async () => {
    const [, payload = '', signature = ''] = (await answer()).answer.split('.')
    const head = (header: object) => Buffer.from(JSON.stringify(header)).toString('base64url')
    const none = head({ alg: 'none', typ: DEVICE_ANSWER_TYPE, kid: device.id })
    const right = head({ alg: 'ES256', typ: DEVICE_ANSWER_TYPE, kid: device.id })
    const words = head({
      ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object),
      decision: 'denied',
    })
    const critical = head({ alg: 'ES256', typ: DEVICE_ANSWER_TYPE, kid: device.id, crit: ['exp'] })
    for (const jws of [
      `${none}.${payload}.AA`,
      `${right}.${words}.${signature}`,
      `${critical}.${payload}.${signature}`,
    ])
      expect(await device.refusal('request:answer', { requestId: asked.id, answer: jws })).toMatchObject({
        code: 'unauthenticated',
      })
    for (const jws of [`${none}.${payload}.`, 'x.y.z', '', payload])
      expect(await device.refusal('request:answer', { requestId: asked.id, answer: jws })).toMatchObject({
        code: 'bad-request',
      })
    expect(await statusOf()).toBe('pending')
  })

  it('the key of a device that was removed, or its key of before', async () => {
    const second = await another(device)
    const changes = { header: { kid: second.id }, claims: { iss: second.id }, key: second.key.privateKey }
    const signed = await answer(changes)
    const key = await newDeviceKey()
    const proof = await second.proof('rotate', key)
    await second.ask('device:rotate', { publicKey: key.publicKey, proof })
    expect((await device.refusal('request:answer', signed)).code).toBe('unauthenticated')
    await device.ask('device:remove', { deviceId: second.id })
    const removed = await answer({ ...changes, key: key.privateKey })
    expect((await device.refusal('request:answer', removed)).code).toBe('unauthenticated')
    expect(await statusOf()).toBe('pending')
  })

  it('a device that is removed while its answer is checked', async () => {
    const second = await another(device)
    const signed = { device: second.id, publicKey: second.key.publicKey, answer: 'a.b.c' }
    await device.ask('device:remove', { deviceId: second.id })
    // As after the check of the device, which succeeded.
    const outcome = await server.requests.decideByDevice({
      ...{ id: asked.id, identifier: device.identifier, decision: 'approved', mutes: false },
      ...{ signed, code: null },
    })
    expect(outcome).toEqual({ kind: 'unknown' })
    expect(await statusOf()).toBe('pending')
  })

  it('an answer of somebody who was not asked, also for a request by email', async () => {
    const other = await stranger.signAnswer(asked, 'approved')
    expect((await stranger.refusal('request:answer', { requestId: asked.id, answer: other })).code).toBe(
      'not-found',
    )
    const { record } = await request('', {
      addressee: { kind: 'email', email: `${randomUUID()}@example.com` },
    })
    const mailed = {
      requestId: record.id,
      answer: await device.signAnswer({ ...asked, id: record.id }, 'approved'),
    }
    expect((await device.refusal('request:answer', mailed)).code).toBe('not-found')
    expect((await device.refusal('request:answer', { ...mailed, requestId: randomUUID() })).code).toBe(
      'not-found',
    )
    expect((await device.refusal('request:answer', { ...(await answer()), more: 1 })).code).toBe(
      'bad-request',
    )
    expect(await statusOf()).toBe('pending')
  })
})

describe('[AR13] an answer counts', () => {
  it.each(['approved', 'denied'] as const)(
    '%s, is kept, and the server signs who decided',
    async (decision) => {
      const signed = await answer({}, decision)
      expect(await device.ask('request:answer', signed)).toEqual({ kind: 'decided', status: decision })
      const stored = await server.storage.authenticationRequests.find(asked.id)
      expect(stored).toMatchObject({ status: decision, subject: device.identifier, answer: signed.answer })
      const { payload } = await jwtVerify<DecisionClaims>(
        stored?.response ?? '',
        createLocalJWKSet(server.requests.keySet),
        { audience: 'shop' },
      )
      expect(payload).toMatchObject({ jti: asked.id, decision, subject: device.identifier })
    },
  )

  it('to the second of the times it may have', async () => {
    const early = { claims: { iat: NOW - answerSeconds + 1, exp: NOW + 1 } }
    expect(await device.ask('request:answer', await answer(early, 'denied'))).toMatchObject({
      kind: 'decided',
    })
    const { record } = await request(device.identifier)
    asked = await device.asked(record.id)
    const late = { claims: { iat: NOW + answerSeconds, exp: NOW + 2 * answerSeconds } }
    expect(await device.ask('request:answer', await answer(late))).toMatchObject({ kind: 'decided' })
  })

  it('once: for this request alone, and not when it is over', async () => {
    const signed = await answer()
    const { record } = await request(device.identifier)
    const next = await device.asked(record.id)
    // The first was replaced; its answer decides neither request.
    expect(await device.ask('request:answer', signed)).toEqual({
      kind: 'over',
      status: 'canceled',
      isLocked: false,
    })
    expect((await device.refusal('request:answer', { ...signed, requestId: next.id })).code).toBe('not-found')
    asked = next
    const denial = await answer({}, 'denied')
    expect(await device.ask('request:answer', denial)).toEqual({ kind: 'decided', status: 'denied' })
    for (const replay of [denial, await answer()])
      expect(await device.ask('request:answer', replay)).toEqual({
        kind: 'over',
        status: 'denied',
        isLocked: false,
      })
    expect(await server.storage.authenticationRequests.find(asked.id)).toMatchObject({
      answer: denial.answer,
    })
  })
})
