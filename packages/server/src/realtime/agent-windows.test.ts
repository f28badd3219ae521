import type { ConversationId, FetchedMessages, WireError } from '@chat-widget/protocol'
import { afterEach, expect, it } from 'vitest'
import { createAgentAccounts } from '../agents/agent-accounts.ts'
import { CHEAP_PASSWORDS } from '../agents/cheap-passwords.testing.ts'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId, openAgent } from './test-device.testing.ts'

let server: TestRealtime
afterEach(() => server.stop())

it('[DL9] an agent who signs out is cut at once in every window of that sign-in, and in no other', async () => {
  server = await startRealtime({ tuning: { headIntervalMs: 600_000, consoleCheckMs: 600_000 } })
  const one = await server.agent('Grace')
  const window = await openAgent(server.url, one.cookie)
  const other = await server.agent('Ada')
  await server.agents.signOut(one.token)
  for (const { device } of [one, window]) {
    await device.gone()
    expect(device.all<WireError>('session:ended')).toMatchObject([{ code: 'session-invalid' }])
  }
  expect(other.device.disconnected).toBeNull()
  await other.device.ask('conversations:list', { limit: 1 })
})

/** Accounts as a command has them, in another process than the server. */
const elsewhere = () => createAgentAccounts({ storage: server.storage, passwordCost: CHEAP_PASSWORDS })
const EMAIL = 'grace@example.com'

/** A server with an owner, beside whom others may be removed or lowered. */
async function startWithOwner(): Promise<void> {
  server = await startRealtime({ tuning: { consoleCheckMs: 20 } })
  await server.agents.add({ name: 'Olive', email: 'olive@example.com', password: 'correct horse' })
}

it.each([
  ['removes the agent', () => elsewhere().remove(EMAIL)],
  ['changes the password', () => elsewhere().setPassword(EMAIL, 'another password')],
] as const)('[OP8] an agent is cut in every window once a command %s', async (_what, act) => {
  await startWithOwner()
  const grace = await server.agent('Grace')
  const other = await server.agent('Ada')
  const { device: visitor, ready } = await server.visitor()
  const id = ready.conversation?.id as ConversationId
  await visitor.send(id, 'hello')
  const clientId = newClientId()
  await grace.device.ask('message:send', { conversationId: id, clientId, body: { text: 'hi' } })
  await act()
  await grace.device.gone()
  expect(grace.device.all<WireError>('session:ended')).toMatchObject([{ code: 'session-invalid' }])
  await expect(openAgent(server.url, grace.cookie)).rejects.toMatchObject({
    data: { code: 'unauthenticated' },
  })
  expect(other.device.disconnected).toBeNull()
  const { messages } = await other.device.ask<FetchedMessages>('messages:fetch', {
    conversationId: id,
    limit: 10,
  })
  expect(messages.at(-1)?.author).toMatchObject({ kind: 'agent', name: 'Grace' })
})

it('[OP8] a console connects again, and is told the role, once a command changes it', async () => {
  await startWithOwner()
  const { device, cookie } = await server.agent('Grace')
  await elsewhere().setRole(EMAIL, 'reader')
  await device.gone()
  expect(device.all('session:ended')).toEqual([])
  const again = await openAgent(server.url, cookie)
  expect(again.ready.agent.role).toBe('reader')
  again.device.close()
})

it('[OP9] a reader reads, and can change nothing', async () => {
  server = await startRealtime()
  const { device: visitor, ready } = await server.visitor()
  const conversationId = ready.conversation?.id as ConversationId
  await visitor.send(conversationId, 'hello')
  await server.agents.add({
    name: 'Vera',
    email: 'vera@example.com',
    password: 'correct horse',
    role: 'reader',
  })
  const { device } = await server.agent('Vera')
  await device.ask('conversations:list', { limit: 1 })
  await device.ask('conversation:watch', { conversationId })
  await device.ask('messages:fetch', { conversationId, limit: 1 })
  await device.ask('conversation:trace', { conversationId })
  for (const [event, rest] of [
    ['message:send', { clientId: newClientId(), body: { text: 'hi' } }],
    ['conversation:read', { seq: 1 }],
    ['conversation:close', {}],
    ['conversation:hand', { handler: 'agents' }],
    ['action:run', { runId: newClientId(), name: 'orders', params: {} }],
    ['typing', { typing: true }],
  ] as const)
    expect((await device.refusal(event, { conversationId, ...rest })).code).toBe('forbidden')
  // Templates are of those who answer.
  expect((await device.refusal('templates:list', { app: 'shop' })).code).toBe('forbidden')
  await visitor.send(conversationId, 'again')
  await device.message(({ seq }) => seq === 2)
  expect(visitor.all('receipt')).toEqual([])
  expect(visitor.all('typing')).toEqual([])
  await device.ask('conversation:unwatch', { conversationId })
})

it('[DL9] one window watches a bounded number of conversations', async () => {
  const plenty = { burst: 1_000, perSecond: 1_000 }
  server = await startRealtime({
    tuning: { agentRate: plenty, sendRate: plenty, visitorRate: plenty, addressRequestRate: plenty },
  })
  const { device } = await server.agent()
  const visitor = await server.visitor()
  const ids: string[] = []
  for (let n = 0; n < 201; n += 1) {
    const { id } = await visitor.device.ask<{ readonly id: never }>('conversation:start', {})
    await visitor.device.send(id, 'hello')
    ids.push(id)
  }
  for (const conversationId of ids.slice(0, 200)) await device.ask('conversation:watch', { conversationId })
  const last = { conversationId: ids[200] }
  expect((await device.refusal('conversation:watch', last)).code).toBe('too-large')
  await device.ask('conversation:unwatch', { conversationId: ids[0] })
  await device.ask('conversation:watch', last)
})
