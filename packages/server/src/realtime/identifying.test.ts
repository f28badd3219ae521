import type { Authenticated, Conversation, ConversationSummary, Message } from '@chat-widget/protocol'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authentication,
  createStoppableClock,
  mintToken,
  startRealtime,
  type TestRealtime,
} from './realtime.testing.ts'
import { openVisitor, Refused, type TestDevice } from './test-device.testing.ts'

let server: TestRealtime
const clock = createStoppableClock()
const log: string[] = []
beforeAll(async () => {
  server = await startRealtime({
    now: clock.now,
    tuning: { contextGraceMs: 150, authenticateRate: { burst: 100, perSecond: 100 } },
    logger: pino({ level: 'trace' }, { write: (line) => log.push(line) }),
  })
})
afterAll(() => server.stop())

/** Every test uses another customer, so that no test sees another's conversations. */
let customers = 0
const newCustomer = () => `customer-${++customers}`

async function signedIn() {
  const sub = newCustomer()
  const { device, ready } = await server.visitor({ intent: 'identify' })
  const answer = await device.ask<Authenticated>('identity:authenticate', await authentication({ sub }))
  return { device, ready, answer, sub, token: answer.session!.token, conversationId: answer.conversation.id }
}

/** Gives the device a context that ends in a moment. */
async function endsSoon(device: TestDevice, sub: string): Promise<void> {
  await clock.stopped(async () =>
    device.ask('identity:authenticate', await authentication({ sub, expiresInMs: 300 })),
  )
}

async function refusedWith(auth: Readonly<Record<string, unknown>>) {
  const error: unknown = await openVisitor(server.url, auth).catch((cause: unknown) => cause)
  return error instanceof Refused ? error.data?.code : 'let in'
}

describe('signing in', () => {
  it('[ID14] makes of an unidentified device the verified user, with a session to come back with', async () => {
    const { answer, sub, token, device } = await signedIn()
    expect(answer.identity).toMatchObject({ status: 'identified', userIdentifier: sub })
    expect(answer.receipt).toEqual({
      from: { status: 'unidentified' },
      to: { status: 'identified', userIdentifier: sub },
      mergedConversations: [],
    })
    await device.send(answer.conversation.id, 'hi')
    const again = await server.visitor({ session: token, intent: 'identify' })
    expect(again.ready.identity).toEqual(answer.identity)
    expect(again.ready.conversation?.id).toBe(answer.conversation.id)
  })

  it('[ID11] carries the anonymous conversation over, live, and replaces the secret', async () => {
    const sub = newCustomer()
    const agent = await server.agent()
    const first = await server.visitor()
    const tab = await server.visitor({ session: first.ready.session?.token })
    const conversationId = first.ready.conversation!.id
    await first.device.send(conversationId, 'where is my order?')

    const answer = await first.device.ask<Authenticated>(
      'identity:authenticate',
      await authentication({ sub }),
    )
    expect(answer.conversation).toMatchObject({ id: conversationId, headSeq: 1 })
    expect(answer.receipt).toEqual({
      from: first.ready.identity,
      to: { status: 'identified', userIdentifier: sub },
      mergedConversations: [conversationId],
    })
    await agent.device.heard<ConversationSummary>(
      'conversation:updated',
      ({ id, visitor }) => id === conversationId && visitor.verified && visitor.userIdentifier === sub,
    )
    expect(await tab.device.heard('session:ended')).toMatchObject({ code: 'session-invalid' })
    await tab.device.gone()
    expect(await refusedWith({ session: first.ready.session?.token })).toBe('session-invalid')
    expect(first.device.disconnected).toBeNull()
    expect((await first.device.send(conversationId, 'it is me')).seq).toBe(2)
    await first.device.message(({ seq }) => seq === 2)
  })

  it('[ID11] with the policy separate leaves the anonymous conversation where it is', async () => {
    const sub = newCustomer()
    const { device, ready } = await server.visitor()
    await device.send(ready.conversation!.id, 'anonymous')
    const request = await authentication({ sub }, 'separate')
    const answer = await device.ask<Authenticated>('identity:authenticate', request)
    expect(answer.receipt?.mergedConversations).toEqual([])
    expect(answer.conversation).toMatchObject({ headSeq: 0 })
    expect(answer.conversation.id).not.toBe(ready.conversation!.id)
    const fetch = { conversationId: ready.conversation!.id, limit: 1 }
    expect((await device.refusal('messages:fetch', fetch)).code).toBe('not-found')
    const anonymous = await server.visitor({ session: ready.session?.token })
    expect(anonymous.ready.conversation).toMatchObject({ id: ready.conversation!.id, headSeq: 1 })
  })

  it('[ID9] fails closed: a bad context changes nothing, and its reason never quotes it', async () => {
    const { device, ready } = await server.visitor()
    const token = await mintToken({ sub: 'mallory', secret: 'another secret that is long enough' })
    const forged = { userIdentifier: 'mallory', context: { Auth: { Token: token } }, mergePolicy: 'merge' }
    const error = await device.refusal('identity:authenticate', forged)
    expect(error.code).toBe('context-invalid')
    expect(error.message).not.toContain(token.slice(0, 20))
    expect((await device.send(ready.conversation!.id, 'still anonymous')).seq).toBe(1)
    const again = await server.visitor({ session: ready.session?.token })
    expect(again.ready.identity.status).toBe('anonymous')
  })

  it('[ID9] as somebody else than the token says is context-mismatch', async () => {
    const { device } = await server.visitor()
    const request = { ...(await authentication({ sub: 'ada' })), userIdentifier: 'grace' }
    expect((await device.refusal('identity:authenticate', request)).code).toBe('context-mismatch')
  })

  it('[ID3] refuses a context that is no object', async () => {
    const { device } = await server.visitor()
    for (const context of [[], 'token', null]) {
      const request = { userIdentifier: 'ada', context, mergePolicy: 'merge' }
      expect((await device.refusal('identity:authenticate', request)).code).toBe('context-invalid')
    }
  })

  it.each<[string, object]>([
    ['too large', { blob: 'x'.repeat(16 * 1024) }],
    ['too deep', JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`) as object],
    ['reaching for a prototype', JSON.parse('{"__proto__":{"admin":true}}') as object],
    ['reaching for one further down', { a: { constructor: 1 } }],
    ['not JSON', { a: Buffer.from('binary') }],
  ])('[ID3] refuses a context with a good token that is %s', async (_title, rest) => {
    const { device } = await server.visitor()
    const request = await authentication({ sub: newCustomer() })
    const spoilt = { ...request, context: { ...request.context, ...rest } }
    expect((await device.refusal('identity:authenticate', spoilt)).code).toBe('context-invalid')
    // Only the token is valid.
    await device.ask('identity:authenticate', request)
  })

  it('moves the current conversation to another device of the same user', async () => {
    const one = await signedIn()
    const other = await server.visitor({ intent: 'identify' })
    const request = await authentication({ sub: one.sub })
    const answer = await other.device.ask<Authenticated>('identity:authenticate', request)
    await one.device.send(one.conversationId, 'from here')
    const told = await other.device.heard<Conversation>('conversation', ({ id }) => id === one.conversationId)
    expect(told.headSeq).toBe(1)
    expect(answer.conversation.id).not.toBe(one.conversationId)
    await other.device.send(one.conversationId, 'from there')
    await one.device.message(({ text }) => text === 'from there')
  })
})

describe('expiry', () => {
  it('[ID10] stops everything on a live socket, and a renewal on the same socket goes on', async () => {
    const { device, sub, conversationId } = await signedIn()
    const agent = await server.agent()
    await device.send(conversationId, 'in time')
    const { id } = device.socket
    await endsSoon(device, sub)
    expect(await device.heard('context:needed')).toEqual({ refresh: true, cause: 'expired' })
    await expect
      .poll(async () => (await device.request('conversation:read', { conversationId, seq: 1 })).ok)
      .toBe(false)
    expect((await device.refusal('message:send', sending(conversationId))).code).toBe('context-expired')
    expect((await device.refusal('messages:fetch', { conversationId, limit: 1 })).code).toBe(
      'context-expired',
    )
    const missed = { conversationId, clientId: crypto.randomUUID(), body: { text: 'missed' } }
    await agent.device.ask('message:send', missed)

    const renewal = await authentication({ sub })
    const answer = await device.ask<Authenticated>('identity:authenticate', renewal)
    expect(answer).not.toHaveProperty('session')
    expect(answer).not.toHaveProperty('receipt')
    expect(answer.conversation).toMatchObject({ id: conversationId, headSeq: 3 })
    expect(await device.heard('head')).toEqual({ conversationId, headSeq: 3 })
    expect(device.all<Message>('message').map(({ text }) => text)).toEqual(['in time'])
    expect((await device.send(conversationId, 'and on')).seq).toBe(4)
    await device.message(({ seq }) => seq === 4)
    expect(device.socket.id).toBe(id)
    expect(device.all('context:needed')).toHaveLength(1)
  })

  it('[ID10] a renewal for another subject ends the session', async () => {
    const { device, token } = await signedIn()
    const request = await authentication({ sub: 'mallory' })
    expect((await device.refusal('identity:authenticate', request)).code).toBe('context-mismatch')
    expect(await device.heard('session:ended')).toMatchObject({ code: 'context-mismatch' })
    await device.gone()
    expect(await refusedWith({ session: token })).toBe('session-invalid')
  })

  it('[ID10] a forged renewal, with the right name and another subject inside, ends it as well', async () => {
    const { device, sub, token } = await signedIn()
    const forged = { ...(await authentication({ sub: 'mallory' })), userIdentifier: sub }
    expect((await device.refusal('identity:authenticate', forged)).code).toBe('context-mismatch')
    await device.gone()
    expect(await refusedWith({ session: token })).toBe('session-invalid')
  })

  it('[ID10] a renewal that is merely invalid changes nothing', async () => {
    const { device, sub, conversationId } = await signedIn()
    const request = await authentication({ sub, issuer: 'https://evil.example.org' })
    expect((await device.refusal('identity:authenticate', request)).code).toBe('context-invalid')
    expect((await device.send(conversationId, 'on')).seq).toBe(1)
  })

  it('[ID8] [ID10] that happened while away is told at once, and nothing is shown before the renewal', async () => {
    const { device, sub, token, conversationId } = await signedIn()
    await device.send(conversationId, 'secret')
    await endsSoon(device, sub)
    device.close()
    await expect.poll(async () => (await server.visitor({ session: token })).ready.conversation).toBeNull()
    const again = await server.visitor({ session: token })
    expect(again.ready.identity).toMatchObject({ status: 'identified', userIdentifier: sub })
    expect(await again.device.heard('context:needed')).toEqual({ refresh: true, cause: 'expired' })
    expect((await again.device.refusal('messages:fetch', { conversationId, limit: 1 })).code).toBe(
      'context-expired',
    )
    const answer = await again.device.ask<Authenticated>(
      'identity:authenticate',
      await authentication({ sub }),
    )
    expect(answer.conversation).toMatchObject({ id: conversationId, headSeq: 1 })
  })
})

describe('signing out', () => {
  it('[ID13] revokes the session before it is answered, and ends the other tabs', async () => {
    const { device, token } = await signedIn()
    const tab = await server.visitor({ session: token })
    expect(await device.ask('identity:sign-out', { everywhere: false })).toBeNull()
    expect(await refusedWith({ session: token })).toBe('session-invalid')
    expect(await tab.device.heard('session:ended')).toMatchObject({ code: 'session-invalid' })
    await device.gone()
    await tab.device.gone()
    expect(device.all('session:ended')).toEqual([])
  })

  it('[ID13] everywhere ends the devices of this user, and nobody else', async () => {
    const one = await signedIn()
    const stranger = await signedIn()
    const other = await server.visitor({ intent: 'identify' })
    const request = await authentication({ sub: one.sub })
    const { session } = await other.device.ask<Authenticated>('identity:authenticate', request)
    await one.device.ask('identity:sign-out', { everywhere: true })
    await other.device.gone()
    expect(other.device.all('session:ended')).toHaveLength(1)
    expect(await refusedWith({ session: session?.token })).toBe('session-invalid')
    expect((await stranger.device.send(stranger.conversationId, 'here')).seq).toBe(1)
  })

  it('is no way back to anonymous', async () => {
    const { device, conversationId } = await signedIn()
    const answers = await Promise.all([
      device.request('identity:sign-out', { everywhere: false }),
      device.request('message:send', sending(conversationId)),
    ])
    expect(answers[0]?.ok).toBe(true)
    expect(answers[1]).toMatchObject({ ok: false, error: { code: 'session-invalid' } })
  })
})

it('no log line holds a token', () => {
  expect(log.filter((line) => line.includes('eyJ'))).toEqual([])
})

function sending(conversationId: string) {
  return { conversationId, clientId: crypto.randomUUID(), text: 'late' }
}
