/** Login inside the chat on real sockets: asked, approved as on the page, claimed by the device that asked. */
import type {
  AskedPerson,
  AskedPersonOutcome,
  Authenticated,
  ConversationSummary,
} from '@chat-widget/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_REQUEST_LIMITS } from '../config/authentication-request-limits.ts'
import { approved, ask, claimOf, decide, delivered, newSecret, somebody } from './chat-logins.testing.ts'
import { signIn, startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId, type TestDevice } from './test-device.testing.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
let ahead = 0
const now = () => Date.now() + ahead
let server: TestRealtime

const { withoutKey, withKey } = DEFAULT_REQUEST_LIMITS
const many = { addresseeBurst: 1_000, addresseePerHour: 1_000, ipBurst: 1_000, appBurst: 1_000 }

beforeAll(async () => {
  server = await startRealtime({
    logger: (await import('pino')).pino({ level: 'error' }),
    now,
    methods: ['host', 'email'],
    limits: {
      withoutKey: { ...withoutKey, ...many },
      withKey,
      inChat: { sessionBurst: 3, sessionPerHour: 1 },
    },
  })
})
afterAll(() => server.stop())

describe('[AR14] a login inside the chat', () => {
  it('asks with a code, tells its device the outcome, and signs in as who approved, with the conversation', async () => {
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation?.id ?? ''
    await device.send(conversationId as never, 'hello')
    const address = somebody()
    const asked = await ask(device, address.toUpperCase())
    expect(asked.bindingCode).toMatch(/^\d{6}$/)
    expect(asked.expiresInMs).toBeGreaterThan(14 * MINUTE)
    expect(asked.resendInMs).toBe(withoutKey.addresseeCooldownSeconds * 1_000)
    await delivered(server, asked)
    expect(server.outbox.records.at(-1)).toMatchObject({
      binding: 'code',
      isFromChat: true,
      claims: { applicationTitle: 'shop', userIp: '127.0.0.1' },
    })
    await decide(server, 'approved', asked.bindingCode)
    expect(await device.heard<AskedPersonOutcome>('authentication-request')).toEqual({
      requestId: asked.requestId,
      status: 'approved',
      isLocked: false,
      subject: address,
    })
    const session = newSecret()
    const answer = await device.ask<Authenticated>(
      'identity:authenticate',
      claimOf({ address, asked }, session),
    )
    expect(answer).toMatchObject({
      identity: { status: 'identified', userIdentifier: address, method: 'email' },
      session: { token: session },
      conversation: { id: conversationId, headSeq: 1 },
      receipt: {
        from: { status: 'anonymous' },
        to: { status: 'identified', userIdentifier: address, method: 'email' },
        mergedConversations: [conversationId],
      },
    })
    expect(Math.abs((answer.identity.expiresAt ?? 0) - (now() + 30 * DAY))).toBeLessThan(MINUTE)
  })

  it.each([
    ['denied', async () => void (await decide(server, 'denied')), { status: 'denied', isLocked: false }],
    [
      'locked by five wrong codes',
      async () => {
        for (const code of ['000000', '000001', '000002', '000003', '000004'])
          await decide(server, 'approved', code)
      },
      { status: 'canceled', isLocked: true },
    ],
    [
      'canceled',
      async (device: TestDevice, { requestId, secret }: AskedPerson) =>
        void (await device.ask('authentication-request:cancel', { requestId, secret })),
      { status: 'canceled', isLocked: false },
    ],
    [
      'replaced by a newer one',
      async (_device: TestDevice, _asked: AskedPerson, address: string) => {
        const other = await server.visitor()
        await ask(other.device, address)
      },
      { status: 'canceled', isLocked: false },
    ],
  ])('that is %s is told, and changes nothing else', async (_how, end, outcome) => {
    const { device } = await server.visitor()
    const address = somebody()
    const asked = await ask(device, address)
    await delivered(server, asked)
    await end(device, asked, address)
    expect(await device.heard('authentication-request')).toMatchObject({ ...outcome, subject: null })
    expect((await device.refusal('identity:authenticate', claimOf({ address, asked }))).code).toBe(
      'context-invalid',
    )
    expect(await device.request('conversation:start', {})).toMatchObject({ ok: true })
  })

  it('[DL6] is told of beside a later one, which another tab on the same socket began', async () => {
    const { device } = await server.visitor()
    const first = await ask(device, somebody())
    await delivered(server, first)
    const second = await ask(device, somebody())
    await delivered(server, second)
    const { requestId, secret } = first
    await device.ask('authentication-request:cancel', { requestId, secret })
    expect(await device.heard('authentication-request')).toMatchObject({ requestId, status: 'canceled' })
  })

  it('is followed again after connecting anew, by its secret alone', async () => {
    const { device, ready } = await server.visitor()
    const address = somebody()
    const asked = await ask(device, address)
    await delivered(server, asked)
    const { requestId, secret, bindingCode } = asked
    device.close()
    const { device: again } = await server.visitor({ session: ready.session?.token })
    expect(await again.ask('authentication-request:follow', { requestId, secret })).toMatchObject({
      status: 'pending',
    })
    await decide(server, 'approved', bindingCode)
    expect(await again.heard('authentication-request')).toMatchObject({
      status: 'approved',
      subject: address,
    })
  })

  it('[AR3] is nobody’s without its secret: not to follow, not to cancel, not to claim', async () => {
    const mine = await approved(server)
    const { device } = await server.visitor()
    const forged = { requestId: mine.asked.requestId, secret: newSecret() }
    for (const event of ['authentication-request:follow', 'authentication-request:cancel'])
      expect((await device.refusal(event, forged)).code).toBe('not-found')
    const claim = claimOf({ address: mine.address, asked: { ...mine.asked, secret: forged.secret } })
    expect((await device.refusal('identity:authenticate', claim)).code).toBe('context-invalid')
    await mine.device.ask('identity:authenticate', claimOf(mine))
  })

  it.each(['none', 'code'] as const)(
    '[AR2] is no way to claim what a call of the HTTP interface asked, with binding %s',
    async (binding) => {
      const address = somebody()
      const { record, creatorSecret, bindingCode } = await server.requests.create({
        app: 'shop' as never,
        id: null,
        addressee: { kind: 'email', email: address },
        claims: { applicationTitle: 'My App', userName: null, userIp: null, userOrigin: null },
        binding,
        lifetimeSeconds: 900,
        creator: { kind: 'anyone', ip: '192.0.2.1' },
      })
      await delivered(server, { requestId: record.id })
      await decide(server, 'approved', bindingCode)
      expect((await server.requests.find(record.app, record.id))?.status).toBe('approved')
      const { device } = await server.visitor()
      const asked = { requestId: record.id, secret: creatorSecret ?? '' } as AskedPerson
      expect((await device.refusal('identity:authenticate', claimOf({ address, asked }))).code).toBe(
        'context-invalid',
      )
    },
  )

  it.each([
    ['email', 'ann', /^address: /],
    ['email', 'ann@example.com\r\nBcc: eve@example.com', /^address: /],
    ['identifier', '1112223334', /^method: /],
    ['host', 'ann@example.com', /method/],
  ])('by %s refuses %j, by name', async (method, address, message) => {
    const { device } = await server.visitor()
    const refusal = await device.refusal('authentication-request:create', { method, address })
    expect(refusal).toMatchObject({ code: 'bad-request', message: expect.stringMatching(message) })
  })

  it('[AR7] is limited for each session, with the time to wait', async () => {
    const { device } = await server.visitor()
    for (const _ of [1, 2, 3]) await ask(device, somebody())
    const refusal = await device.refusal('authentication-request:create', {
      method: 'email',
      address: somebody(),
    })
    expect(refusal.code).toBe('rate-limited')
    expect(refusal.retryAfterMs).toBeGreaterThan(MINUTE)
    const other = await server.visitor()
    await ask(other.device, somebody())
  })
})

describe('[AR15] an approval', () => {
  it('[AR4] is claimed once, of 20 devices that hold its secret', async () => {
    const mine = await approved(server)
    const devices = await Promise.all(
      Array.from({ length: 20 }, async () => (await server.visitor({ intent: 'identify' })).device),
    )
    const results = await Promise.all(
      devices.map((device) => device.request<Authenticated>('identity:authenticate', claimOf(mine))),
    )
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    for (const result of results)
      if (!result.ok) expect(result.error.code).toMatch(/^(context-invalid|rate-limited)$/)
  })

  it('whose answer was lost is claimed again alike, and makes one session', async () => {
    const mine = await approved(server)
    const claim = claimOf(mine)
    const first = await mine.device.ask<Authenticated>('identity:authenticate', claim)
    mine.device.close()
    // The answer was lost: the anonymous secret is void, and the device has only its claim.
    const { device } = await server.visitor({ intent: 'identify' })
    const second = await device.ask<Authenticated>('identity:authenticate', claim)
    expect(second.session).toEqual(first.session)
    expect(second.identity).toEqual(first.identity)
    expect(second.conversation.id).toBe(first.conversation.id)
  })

  it('is good for a session that survives connecting anew, until it is signed out; then the claim is void', async () => {
    const mine = await approved(server)
    const claim = claimOf(mine)
    const { session } = await mine.device.ask<Authenticated>('identity:authenticate', claim)
    const { device, ready } = await server.visitor({ session: session?.token ?? '' })
    expect(ready.identity).toMatchObject({
      status: 'identified',
      userIdentifier: mine.address,
      method: 'email',
    })
    await device.ask('identity:sign-out', { everywhere: false })
    const { device: replay } = await server.visitor({ intent: 'identify' })
    expect((await replay.refusal('identity:authenticate', claim)).code).toBe('session-invalid')
  })

  it('claimed again does not last longer, and is over after 30 days', async () => {
    const mine = await approved(server)
    const claim = claimOf(mine)
    const first = await mine.device.ask<Authenticated>('identity:authenticate', claim)
    ahead += 5 * MINUTE
    const again = await mine.device.ask<Authenticated>('identity:authenticate', { ...claim, renewal: true })
    expect(again.identity.expiresAt).toBe(first.identity.expiresAt)
    ahead += 31 * DAY
    expect((await mine.device.refusal('conversation:start', {})).code).toBe('context-expired')
    expect((await mine.device.refusal('identity:authenticate', claim)).code).toBe('context-invalid')
    // Another login on the same socket leads back.
    const asked = await ask(mine.device, mine.address)
    await delivered(server, asked)
    await decide(server, 'approved', asked.bindingCode)
    await mine.device.ask('identity:authenticate', claimOf({ address: mine.address, asked }))
    expect(await mine.device.request('conversation:start', {})).toMatchObject({ ok: true })
  })

  it('that nobody claims is over after another 15 minutes', async () => {
    const mine = await approved(server)
    ahead += 16 * MINUTE
    const { requestId, secret } = mine.asked
    expect(await mine.device.ask('authentication-request:follow', { requestId, secret })).toMatchObject({
      status: 'expired',
      subject: null,
    })
    expect((await mine.device.refusal('identity:authenticate', claimOf(mine))).code).toBe('context-invalid')
  })

  it('is of who approved: for anybody else it is context-mismatch, and stays to be claimed', async () => {
    const mine = await approved(server)
    const other = { ...claimOf(mine), userIdentifier: somebody() }
    expect((await mine.device.refusal('identity:authenticate', other)).code).toBe('context-mismatch')
    await mine.device.ask('identity:authenticate', claimOf(mine))
  })

  it('and a host’s user of the same letters are two users', async () => {
    const mine = await approved(server)
    const byEmail = await mine.device.ask<Authenticated>('identity:authenticate', claimOf(mine))
    await mine.device.send(byEmail.conversation.id, 'by email')
    const { device } = await server.visitor({ intent: 'identify' })
    const byHost = await signIn(device, { sub: mine.address, expiresInMs: ahead + 10 * MINUTE })
    expect(byHost.answer.identity).not.toHaveProperty('method')
    expect(byHost.conversationId).not.toBe(byEmail.conversation.id)
    expect(
      (await device.refusal('messages:fetch', { conversationId: byEmail.conversation.id, limit: 1 })).code,
    ).toBe('not-found')
    // A host's context does not renew the session of an approval either: it ends it, as for any other subject.
    const token = byHost.token
    const renewal = {
      userIdentifier: mine.address,
      context: { Auth: { Token: token } },
      mergePolicy: 'merge',
    }
    expect((await mine.device.refusal('identity:authenticate', renewal)).code).toBe('context-mismatch')
  })

  it.each([
    ['without a secret', (claim: object) => ({ ...claim, secret: undefined })],
    ['with a short secret of the session', (claim: object) => ({ ...claim, session: 'short' })],
    ['with another key', (claim: object) => ({ ...claim, admin: true })],
  ])('%s is context-invalid', async (_what, change) => {
    const mine = await approved(server)
    const { context, ...rest } = claimOf(mine)
    const forged = { ...rest, context: { authenticationRequest: change(context.authenticationRequest) } }
    expect((await mine.device.refusal('identity:authenticate', forged)).code).toBe('context-invalid')
  })
})

describe('[AR16] agents', () => {
  const summaryOf = async (agent: TestDevice, conversationId: string) =>
    agent.ask<ConversationSummary>('conversation:watch', { conversationId })

  it('see how a login goes on, and not whom the visitor named', async () => {
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'hello')
    const { device: agent } = await server.agent()
    expect((await summaryOf(agent, conversationId)).login).toBeNull()
    const address = somebody()
    const asked = await ask(device, address)
    const told = (status: string) =>
      agent.heard<ConversationSummary>(
        'conversation:updated',
        (summary) => summary.id === conversationId && summary.login?.status === status,
      )
    expect((await told('pending')).login).toMatchObject({ method: 'email' })
    await delivered(server, asked)
    await decide(server, 'approved', asked.bindingCode)
    const ended = await told('approved')
    expect(ended.visitor).toEqual({ verified: false })
    expect(JSON.stringify(agent.told)).not.toContain(address)
    await device.ask('identity:authenticate', claimOf({ address, asked }))
    await expect
      .poll(async () => (await summaryOf(agent, conversationId)).visitor)
      .toEqual({ verified: true, userIdentifier: address, method: 'email', claims: [] })
  })

  it('see when it began, and when it was taken back', async () => {
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'hello')
    const { device: agent } = await server.agent()
    const { requestId, secret } = await ask(device, somebody())
    const began = (await summaryOf(agent, conversationId)).login?.at ?? ''
    ahead += MINUTE
    await device.ask('authentication-request:cancel', { requestId, secret })
    const { login } = await summaryOf(agent, conversationId)
    expect(login).toMatchObject({ method: 'email', status: 'canceled' })
    expect(Date.parse(login?.at ?? '') - Date.parse(began)).toBeGreaterThanOrEqual(MINUTE)
  })

  it('see that nobody can be asked; [AR6] the visitor sees a request that waits', async () => {
    const address = somebody()
    const { device: first } = await server.visitor()
    await delivered(server, await ask(first, address))
    await decide(server, 'mute')

    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.ask('message:send', { conversationId, clientId: newClientId(), text: 'hi' })
    const { device: agent } = await server.agent()
    await summaryOf(agent, conversationId)
    const asked = await ask(device, address)
    expect(asked.bindingCode).toMatch(/^\d{6}$/)
    await agent.heard<ConversationSummary>(
      'conversation:updated',
      ({ id, login }) => id === conversationId && login?.status === 'undeliverable',
    )
    const { requestId, secret } = asked
    expect(await device.ask('authentication-request:follow', { requestId, secret })).toMatchObject({
      status: 'pending',
    })
    expect(device.all('authentication-request')).toEqual([])
  })
})
