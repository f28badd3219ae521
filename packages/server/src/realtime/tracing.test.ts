import { randomUUID } from 'node:crypto'
import {
  type AppId,
  type Authenticated,
  type ConversationId,
  type ConversationTrace,
  PROTOCOL_VERSION,
  VISITOR_NAMESPACE,
} from '@chat-widget/protocol'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashToken } from '../identity/session-token.ts'
import { authentication, createStoppableClock, startRealtime, type TestRealtime } from './realtime.testing.ts'
import type { TestDevice } from './test-device.testing.ts'
import { DEFAULT_TUNING } from './tuning.ts'

let server: TestRealtime
const clock = createStoppableClock()
let agent: TestDevice
/** Conversations with stored entries. */
const written: ConversationId[] = []
/** As another server might, after this one admitted the device and before it joins its session's room. */
let revokeAfterLookup = false
let secondLook: Promise<void> = Promise.resolve()
beforeAll(async () => {
  server = await startRealtime({
    now: clock.now,
    tuning: { contextGraceMs: 100, traceRate: { burst: 12, perSecond: 0.001 } },
    wrapStorage: (storage) => ({
      ...storage,
      sessions: {
        ...storage.sessions,
        async findBySecretHash(app, secretHash) {
          if (!revokeAfterLookup) {
            await secondLook
            return storage.sessions.findBySecretHash(app, secretHash)
          }
          revokeAfterLookup = false
          const session = await storage.sessions.findBySecretHash(app, secretHash)
          if (session !== null) await storage.sessions.revoke(session.id, Date.now())
          return session
        },
      },
      identityTraces: {
        ...storage.identityTraces,
        add(id, records) {
          written.push(id)
          return storage.identityTraces.add(id, records)
        },
      },
    }),
  })
  agent = (await server.agent()).device
})
afterAll(() => server.stop())

let customers = 0
async function signedIn(sub = `traced-${++customers}`) {
  const { device } = await server.visitor({ intent: 'identify' })
  const answer = await device.ask<Authenticated>('identity:authenticate', await authentication({ sub }))
  const { id } = answer.conversation
  if (answer.conversation.headSeq === 0) await device.send(id, 'hello')
  return { device, sub, token: answer.session!.token, conversationId: id }
}

/** Signed in with a context that ends in a moment, long after the customer wrote something. */
async function signedInForAMoment() {
  const customer = await signedIn()
  const { device, sub } = customer
  await clock.stopped(async () =>
    device.ask('identity:authenticate', await authentication({ sub, expiresInMs: 200 })),
  )
  return customer
}

const TAB = '00c0ffee'
const entry = (seq: number, changes: object = {}) => ({
  seq,
  at: new Date().toISOString(),
  from: 'refreshing',
  to: 'reauthentication-required',
  cause: 'failed',
  code: 'provider-timeout',
  tab: TAB,
  ...changes,
})
const batch = (...entries: readonly object[]) => ({ sentAt: new Date().toISOString(), entries })

async function traceOf(conversationId: ConversationId) {
  const { entries } = await agent.ask<ConversationTrace>('conversation:trace', { conversationId })
  return entries.map(({ from, to, cause, code, tab, source }) =>
    [source, tab, `${from} > ${to}`, cause, code].filter((part) => part !== undefined),
  )
}
const untilTraced = (conversationId: ConversationId, expected: unknown) =>
  expect.poll(() => traceOf(conversationId)).toEqual(expected)

const FAILED = ['device', TAB, 'refreshing > reauthentication-required', 'failed', 'provider-timeout']

describe('what a device tells of its identity', () => {
  it('[ID17] is read by agents, and those who watch are told that there is more', async () => {
    const { device, conversationId } = await signedIn()
    await agent.ask('conversation:watch', { conversationId })
    expect(await device.ask('identity:trace', batch(entry(1)))).toBeNull()
    expect(await agent.heard('conversation:traced')).toEqual({ conversationId })
    expect(await traceOf(conversationId)).toEqual([FAILED])
    const strange = { conversationId, limit: 5 }
    expect((await agent.refusal('conversation:trace', strange)).code).toBe('bad-request')
    const unknown = { conversationId: randomUUID() }
    expect((await agent.refusal('conversation:trace', unknown)).code).toBe('not-found')
  })

  it('[ID17] is kept once, however often it is told', async () => {
    const { device, conversationId } = await signedIn()
    await device.ask('identity:trace', batch(entry(1)))
    await device.ask('identity:trace', batch(entry(1), entry(2), entry(2)))
    expect(await traceOf(conversationId)).toEqual([FAILED, FAILED])
  })

  it('[ID17] is kept of an anonymous device too, and stays with the conversation that becomes the user’s', async () => {
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.ask('identity:trace', batch(entry(1)))
    await device.send(conversationId, 'hello')
    await device.ask('identity:authenticate', await authentication({ sub: `traced-${++customers}` }))
    await device.ask('identity:trace', batch(entry(2)))
    expect(await traceOf(conversationId)).toEqual([FAILED, FAILED])
  })

  it('[ID17] [ID10] is kept while the context is over and nothing else is accepted', async () => {
    const { device, conversationId } = await signedInForAMoment()
    await expect
      .poll(async () => (await device.request('messages:fetch', { conversationId, limit: 1 })).ok)
      .toBe(false)
    await device.ask('identity:trace', batch(entry(1)))
    await untilTraced(conversationId, expect.arrayContaining([FAILED]))
  })

  it('[ID17] is kept though the sign-out follows at once', async () => {
    const { device, conversationId } = await signedIn()
    const leaving = entry(1, { from: 'identified', to: 'signing-out', cause: 'sign-out', code: undefined })
    device.socket.emit('identity:trace', batch(leaving))
    await device.ask('identity:sign-out', { everywhere: false })
    await untilTraced(conversationId, [
      ['device', TAB, 'identified > signing-out', 'sign-out'],
      ['server', 'server', 'signing-out > anonymous', 'signed-out'],
    ])
  })
})

describe('a device that may not write', () => {
  it('[ID17] [ID14] holding no conversation is told nothing, and nothing is kept', async () => {
    const before = written.length
    const { device } = await server.visitor({ intent: 'identify' })
    expect(await device.ask('identity:trace', batch(entry(1)))).toBeNull()
    expect(written).toHaveLength(before)
  })

  it('[ID17] [ID14] holds nothing when its session is revoked while it connects', async () => {
    const { token } = await signedIn()
    const before = written.length
    let look = () => {}
    secondLook = new Promise((resolve) => {
      look = resolve
    })
    revokeAfterLookup = true
    const socket = io(server.url + VISITOR_NAMESPACE, {
      auth: { protocolVersion: PROTOCOL_VERSION, app: 'shop', intent: 'identify', session: token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    })
    socket.once('connect', () => {
      socket.emit('identity:trace', batch(entry(1)))
      // Answered at once, and after the other has arrived.
      socket.emit('conversation:read', {}, look)
    })
    await new Promise((resolve) => socket.once('disconnect', resolve))
    const { device } = await server.visitor()
    await device.ask('identity:trace', batch(entry(1)))
    expect(written).toHaveLength(before + 1)
  })

  it('[ID17] cannot name a conversation, its own or another one', async () => {
    const victim = await signedIn()
    const { device } = await server.visitor()
    for (const conversationId of [victim.conversationId, randomUUID()]) {
      const error = await device.refusal('identity:trace', { ...batch(entry(1)), conversationId })
      expect(error).toMatchObject({ code: 'bad-request', message: 'Unknown key "conversationId".' })
    }
    expect(await traceOf(victim.conversationId)).toEqual([])
  })

  it('[ID17] [ID11] loses its hold when the conversation becomes a user’s on another server', async () => {
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'hello')
    const secretHash = hashToken(ready.session!.token)
    const session = await server.storage.sessions.findBySecretHash('shop' as AppId, secretHash)
    await server.storage.sessions.identify({
      sessionId: session!.id,
      app: session!.app,
      userIdentifier: `traced-${++customers}`,
      contextExpiresAt: null,
      claims: [],
      merge: true,
      newSecretHash: randomUUID(),
      at: Date.now(),
    })
    expect(await device.ask('identity:trace', batch(entry(1)))).toBeNull()
    expect(await traceOf(conversationId)).toEqual([])
  })

  it('[ID17] is limited when it floods, and others are not', async () => {
    const flooder = await signedIn()
    const other = await signedIn()
    const tell = (seq: number) =>
      flooder.device.request(
        'identity:trace',
        batch(...Array.from({ length: 20 }, (_, index) => entry(seq * 20 + index + 1))),
      )
    const answers = await Promise.all(
      Array.from({ length: 12 + DEFAULT_TUNING.answeredOverLimit }, (_, seq) => tell(seq)),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(12)
    const refused = answers.find(({ ok }) => !ok)
    expect(refused).toMatchObject({ error: { code: 'rate-limited', retryAfterMs: expect.any(Number) } })
    await other.device.ask('identity:trace', batch(entry(1)))
    expect(await traceOf(flooder.conversationId)).toHaveLength(200)
    expect((await flooder.device.send(flooder.conversationId, 'still here')).seq).toBe(2)
  })

  it.each([
    ['no entries', batch()],
    ['more than 20', batch(...Array.from({ length: 21 }, (_, index) => entry(index + 1)))],
    ['no time of sending', { entries: [entry(1)] }],
    ['a time that is none', batch(entry(1, { at: 'yesterday' }))],
    ['an unknown key', batch(entry(1, { userIdentifier: 'ada@example.com' }))],
    ['an unknown status', batch(entry(1, { to: 'root' }))],
    ['an unknown code', batch(entry(1, { code: 'eyJhbGciOiJIUzI1NiJ9' }))],
    ['a cause that holds an address', batch(entry(1, { cause: 'ada@example.com' }))],
    ['a cause that holds a token', batch(entry(1, { cause: 'eyJhbGciOiJIUzI1NiJ9' }))],
    ['a cause of any length', batch(entry(1, { cause: 'a'.repeat(33) }))],
    ['the server’s name as its tab', batch(entry(1, { tab: 'server' }))],
    ['a number that is none', batch(entry(0))],
    ['nothing', undefined],
  ])('[ID17] is refused what the schema does not have: %s', async (_what, payload) => {
    const { device } = await server.visitor()
    const before = written.length
    expect((await device.refusal('identity:trace', payload)).code).toBe('bad-request')
    expect(written).toHaveLength(before)
  })
})

describe('what only the server knows', () => {
  it('[ID17] [ID10] a context that is over and not renewed in time', async () => {
    const { conversationId } = await signedInForAMoment()
    await untilTraced(conversationId, [
      ['server', 'server', 'identified > refreshing', 'grace-over', 'context-expired'],
    ])
  })

  it('[ID17] [ID10] a renewal for another subject, told once though two tabs hold the session', async () => {
    const { device, token, conversationId } = await signedIn()
    const tab = await server.visitor({ session: token })
    await device.refusal('identity:authenticate', await authentication({ sub: 'mallory' }))
    await Promise.all([device.gone(), tab.device.gone()])
    await untilTraced(conversationId, [
      ['server', 'server', 'identified > reauthentication-required', 'other-subject', 'context-mismatch'],
    ])
  })

  it('[ID17] [ID13] a sign-out everywhere, and the sessions that it ended', async () => {
    const one = await signedIn()
    const other = await signedIn(one.sub)
    const { id } = await other.device.ask<{ id: ConversationId }>('conversation:start', {})
    await other.device.send(id, 'something else')
    await one.device.heard('conversation')
    await one.device.ask('identity:sign-out', { everywhere: true })
    await untilTraced(id, [
      ['server', 'server', 'signing-out > anonymous', 'signed-out-everywhere'],
      ['server', 'server', 'identified > reauthentication-required', 'session-revoked', 'session-invalid'],
    ])
  })

  it('[ID17] is nothing of an anonymous visitor who leaves', async () => {
    const { device, ready } = await server.visitor()
    await device.send(ready.conversation!.id, 'hello')
    await device.ask('identity:sign-out', { everywhere: false })
    await device.gone()
    const user = await signedIn()
    await user.device.ask('identity:sign-out', { everywhere: false })
    await untilTraced(user.conversationId, [['server', 'server', 'signing-out > anonymous', 'signed-out']])
    expect(written).not.toContain(ready.conversation!.id)
  })
})
