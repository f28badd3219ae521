import type {
  Authenticated,
  Conversation,
  ConversationId,
  ConversationPage,
  ConversationSummary,
  VisitorClaim,
} from '@chat-widget/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import type { DisplayConfig } from '../config/config.ts'
import { mintToken, type StartOptions, startRealtime, type TestRealtime } from './realtime.testing.ts'
import type { TestDevice } from './test-device.testing.ts'

const DISPLAY: DisplayConfig = { Name: { claim: 'name' }, Plan: { context: 'CustomerInfo.plan' } }
const ADA: VisitorClaim = { label: 'Name', value: 'Ada', verified: true }
const GOLD: VisitorClaim = { label: 'Plan', value: 'gold', verified: false }

const servers: TestRealtime[] = []
afterEach(async () => {
  for (const server of servers.splice(0).reverse()) await server.stop()
})

async function start(options: StartOptions = {}) {
  const server = await startRealtime({ display: DISPLAY, ...options })
  servers.push(server)
  return server
}

async function signIn(device: TestDevice, name: string, plan: string, sub = 'ada') {
  return device.ask<Authenticated>('identity:authenticate', {
    userIdentifier: sub,
    context: { Auth: { Token: await mintToken({ sub, more: { name } }) }, CustomerInfo: { plan } },
    mergePolicy: 'merge',
  })
}

/** A customer who has written something. */
async function customer(server: TestRealtime, name = 'Ada', plan = 'gold', sub = 'ada') {
  const { device } = await server.visitor({ intent: 'identify' })
  const { conversation } = await signIn(device, name, plan, sub)
  await device.send(conversation.id, 'hi')
  return { device, conversationId: conversation.id }
}

const watch = (agent: TestDevice, conversationId: ConversationId) =>
  agent.ask<ConversationSummary>('conversation:watch', { conversationId })

const claimsOf = ({ visitor }: ConversationSummary) => (visitor.verified ? visitor.claims : null)

describe('what agents are shown of a customer', () => {
  it('[ID9] says of each claim whether it was proven, in list, summary and news', async () => {
    const server = await start()
    const { device: agent } = await server.agent()
    const { conversationId } = await customer(server)
    expect(claimsOf(await watch(agent, conversationId))).toEqual([ADA, GOLD])
    const { conversations } = await agent.ask<ConversationPage>('conversations:list', { limit: 10 })
    expect(conversations.map(claimsOf)).toEqual([[ADA, GOLD]])
    const told = await agent.heard<ConversationSummary>('conversation:updated', (one) => one.visitor.verified)
    expect(claimsOf(told)).toEqual([ADA, GOLD])
  })

  it('[ID9] changes live for those who watch, at a renewal and at a sign-in elsewhere', async () => {
    const server = await start()
    const { device: agent } = await server.agent()
    const { device, conversationId } = await customer(server)
    await watch(agent, conversationId)
    const hears = (claims: readonly VisitorClaim[]) =>
      agent.heard<ConversationSummary>(
        'conversation:updated',
        (one) => one.id === conversationId && JSON.stringify(claimsOf(one)) === JSON.stringify(claims),
      )
    await signIn(device, 'Ada', 'silver')
    await hears([ADA, { ...GOLD, value: 'silver' }])
    // Her devices show another conversation by now; the watched one is updated nevertheless.
    const { id } = await device.ask<Conversation>('conversation:start', {})
    await device.send(id, 'something else')
    const other = await server.visitor({ intent: 'identify' })
    await signIn(other.device, 'Ada Lovelace', 'silver')
    await hears([
      { ...ADA, value: 'Ada Lovelace' },
      { ...GOLD, value: 'silver' },
    ])
  })

  it('[ID9] is told again to nobody when a renewal brings the same', async () => {
    const server = await start()
    const { device: agent } = await server.agent()
    const { device, conversationId } = await customer(server)
    await watch(agent, conversationId)
    await agent.heard<ConversationSummary>('conversation:updated', ({ headSeq }) => headSeq === 1)
    const before = agent.all('conversation:updated').length
    await signIn(device, 'Ada', 'gold')
    // Events keep their order: this one comes after any that the renewal might have caused.
    const { conversationId: next } = await customer(server, 'Bob', 'gold', 'bob')
    await agent.heard<ConversationSummary>('conversation:updated', ({ id }) => id === next)
    const since = agent.all<ConversationSummary>('conversation:updated').slice(before)
    expect(since.filter(({ id }) => id === conversationId)).toEqual([])
  })

  it('[ID9] is nobody else’s business: neither the visitor nor the bot is told', async () => {
    const server = await start({ withBot: true })
    const { device: agent } = await server.agent()
    const { device, conversationId } = await customer(server)
    await watch(agent, conversationId)
    await signIn(device, 'Ada', 'silver')
    await agent.heard<ConversationSummary>('conversation:updated', (one) =>
      Boolean(claimsOf(one)?.some(({ value }) => value === 'silver')),
    )
    await expect.poll(() => server.company.botCalls.length).toBe(1)
    expect(server.company.botCalls[0]?.request.visitor).toEqual({ verified: true, userIdentifier: 'ada' })
    expect(JSON.stringify(device.told)).not.toMatch(/silver|gold|claims|"Ada"/)
  })

  it('[ID9] is nothing of an anonymous visitor, and another customer’s stays another customer’s', async () => {
    const server = await start()
    const { device: agent } = await server.agent()
    const ada = await customer(server)
    const bob = await customer(server, 'Bob', 'silver', 'bob')
    const anonymous = await server.visitor()
    await anonymous.device.send(anonymous.ready.conversation!.id, 'hi')
    const summaries = await Promise.all(
      [ada.conversationId, bob.conversationId, anonymous.ready.conversation!.id].map((id) =>
        watch(agent, id),
      ),
    )
    expect(summaries.map(claimsOf)).toEqual([
      [ADA, GOLD],
      [
        { ...ADA, value: 'Bob' },
        { ...GOLD, value: 'silver' },
      ],
      null,
    ])
    expect(summaries[2]?.visitor).toEqual({ verified: false })
  })

  it('[ID9] is not touched by a context that is refused', async () => {
    const server = await start()
    const { device: agent } = await server.agent()
    const { device, conversationId } = await customer(server)
    const forged = await mintToken({ secret: 'another secret that is long enough', more: { name: 'Eve' } })
    const error = await device.refusal('identity:authenticate', {
      userIdentifier: 'ada',
      context: { Auth: { Token: forged }, CustomerInfo: { plan: 'platinum' } },
      mergePolicy: 'merge',
    })
    expect(error.code).toBe('context-invalid')
    expect(claimsOf(await watch(agent, conversationId))).toEqual([ADA, GOLD])
  })

  it('[ID9] is what the configuration asks for now: a label that is gone or read elsewhere shows nothing old', async () => {
    const first = await start({ display: { ...DISPLAY, toString: { context: 'CustomerInfo.plan' } } })
    const { conversationId } = await customer(first)
    await first.halt()
    servers.splice(servers.indexOf(first), 1)
    const display: DisplayConfig = { Plan: { claim: 'plan' } }
    const server = await start({ again: first, display })
    const { device: agent } = await server.agent()
    expect(claimsOf(await watch(agent, conversationId))).toEqual([])
  })
})

describe('[ID9] a browser that lies', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    [
      'by the shape of a verified claim',
      { CustomerInfo: { plan: { label: 'Plan', value: 'gold', verified: true } } },
    ],
    ['by a list of claims', { CustomerInfo: { plan: ['gold'] }, claims: [{ ...GOLD, verified: true }] }],
    [
      'by the name of a proven claim',
      { name: 'Root', Name: 'Root', claim: { name: 'Root' }, CustomerInfo: {} },
    ],
    ['by what the verifier would have said', { claims: { name: 'Root' }, verified: { name: 'Root' } }],
  ])('%s proves nothing', async (_title, context) => {
    const server = await start()
    const { device: agent } = await server.agent()
    const { device } = await server.visitor({ intent: 'identify' })
    const { conversation } = await device.ask<Authenticated>('identity:authenticate', {
      userIdentifier: 'ada',
      context: { ...context, Auth: { Token: await mintToken({ more: { name: 'Ada' } }) } },
      mergePolicy: 'merge',
    })
    await device.send(conversation.id, 'hi')
    expect(claimsOf(await watch(agent, conversation.id))).toEqual([ADA])
  })

  it('with text of any kind is shown as text that nobody verified', async () => {
    const server = await start()
    const { device: agent } = await server.agent()
    const { conversationId } = await customer(server, 'Ada', '<b>gold</b> \u202edeifireV ✓')
    expect(claimsOf(await watch(agent, conversationId))).toEqual([
      ADA,
      { ...GOLD, value: '<b>gold</b> deifireV ✓' },
    ])
  })
})
