import { randomUUID } from 'node:crypto'
import type { AgentId, AgentRole, AppId, AuditPage, TeamMember, WireError } from '@chat-widget/protocol'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import { openAgent, type TestDevice } from './test-device.testing.ts'

const SHOP = 'shop' as AppId
const OTHER = 'other' as AppId
const PASSWORD = 'correct horse'

let server: TestRealtime
const ids = new Map<string, AgentId>()
beforeAll(async () => {
  server = await startRealtime()
})
afterAll(() => server.stop())
beforeEach(async () => {
  for (const [name, role, apps] of [
    ['Olive', 'owner', undefined],
    ['Adam', 'admin', [SHOP]],
    ['Gwen', 'admin', undefined],
    ['Shane', 'agent', [SHOP]],
    ['Both', 'agent', [SHOP, OTHER]],
    ['Rita', 'reader', [OTHER]],
  ] as const) {
    const email = `${name.toLowerCase()}@example.com`
    const account = { name, email, password: PASSWORD, role, ...(apps !== undefined && { apps: [...apps] }) }
    const agent = await server.agents
      .add(account)
      .catch(async () => (await server.agents.setAccess(email, { role, apps: apps ?? null }))!)
    ids.set(name, agent.id)
  }
})

const idOf = (name: string): AgentId => ids.get(name)!
const as = async (name: string) => (await server.agent(name)).device
const codeOf = async (device: TestDevice, event: string, request: object) => {
  const result = await device.request(event, request)
  return result.ok ? 'ok' : result.error.code
}
const signIn = (email: string, password: string) => server.agents.signIn(email, password)

it('[AG2] each sees the accounts of their apps, and is told which of them they may change', async () => {
  const listed = async (name: string) => {
    const { agents } = await (await as(name)).ask<{ agents: TeamMember[] }>('agents:list', {})
    return agents.map((agent) => [agent.name, agent.isManaged, agent.apps ?? 'all'])
  }
  expect(await listed('Olive')).toEqual([
    ['Adam', true, [SHOP]],
    ['Both', true, [SHOP, OTHER]],
    ['Gwen', true, 'all'],
    ['Olive', true, 'all'],
    ['Rita', true, [OTHER]],
    ['Shane', true, [SHOP]],
  ])
  expect(await listed('Adam')).toEqual([
    ['Adam', false, [SHOP]],
    ['Both', false, [SHOP]],
    ['Gwen', false, 'all'],
    ['Olive', false, 'all'],
    ['Shane', true, [SHOP]],
  ])
  for (const name of ['Shane', 'Rita'])
    for (const [event, request] of [
      ['agents:list', {}],
      ['audit:list', { limit: 1 }],
      ['agent:add', { name: 'X', email: 'x@example.com', role: 'agent', apps: [SHOP] }],
      ['agent:change', { agentId: idOf(name), role: 'owner' }],
      ['agent:password', { agentId: idOf(name) }],
      ['agent:remove', { agentId: idOf(name) }],
    ] as const)
      expect([name, event, await codeOf(await as(name), event, request)]).toEqual([name, event, 'forbidden'])
})

it('[AG2] an admin gives no more than they have, and reaches nobody above or beside them', async () => {
  const device = await as('Adam')
  const change = (name: string, access: object) =>
    codeOf(device, 'agent:change', { agentId: idOf(name), ...access })
  for (const role of ['owner', 'admin'] as AgentRole[])
    expect(await change('Shane', { role })).toBe('forbidden')
  expect(await change('Shane', { apps: null })).toBe('forbidden')
  expect(await change('Shane', { apps: [SHOP, OTHER] })).toBe('forbidden')
  expect(await change('Shane', { role: 'reader' })).toBe('ok')
  expect(await change('Adam', { role: 'owner' })).toBe('forbidden')
  expect(await change('Both', { apps: [SHOP] })).toBe('forbidden')
  for (const name of ['Olive', 'Gwen', 'Both']) {
    const agentId = idOf(name)
    for (const event of ['agent:password', 'agent:remove', 'agent:sessions'])
      expect([event, name, await codeOf(device, event, { agentId })]).toEqual([event, name, 'forbidden'])
    expect(await codeOf(device, 'agent:sign-out', { agentId, sessionId: null })).toBe('forbidden')
  }
  // Of another app: as if there were none.
  for (const agentId of [idOf('Rita'), randomUUID()])
    for (const event of ['agent:password', 'agent:remove', 'agent:sessions'])
      expect(await codeOf(device, event, { agentId })).toBe('not-found')
  const add = (email: string, more: object) =>
    codeOf(device, 'agent:add', { name: 'New', email, role: 'agent', apps: [SHOP], ...more })
  expect(await add('new@example.com', { apps: null })).toBe('forbidden')
  expect(await add('new@example.com', { apps: [OTHER] })).toBe('forbidden')
  expect(await add('new@example.com', { apps: ['nowhere'] })).toBe('unknown-app')
  expect(await add('new@example.com', { apps: [] })).toBe('bad-request')
  expect(await add('SHANE@example.com', {})).toBe('conflict')
  expect(await add('new@example.com', {})).toBe('ok')
  await server.agents.remove('new@example.com')
})

it('[AG2] what an admin could do before they were lowered fails, though their window is open', async () => {
  const { device } = await server.agent('Gwen')
  // As another server does it, of which this one has not heard yet.
  await server.storage.agents.setAccess(idOf('Gwen'), { role: 'agent' }, { at: Date.now() })
  expect(await codeOf(device, 'agent:remove', { agentId: idOf('Shane') })).toBe('forbidden')
})

it('[AG4] who is removed is cut at once, in every window, and nobody is cut beside them', async () => {
  const owner = await as('Olive')
  const [one, other] = [await server.agent('Shane'), await server.agent('Shane')]
  const bystander = await as('Both')
  await owner.ask('agent:remove', { agentId: idOf('Shane') })
  for (const { device, cookie } of [one, other]) {
    await device.gone()
    expect(device.all<WireError>('session:ended')).toMatchObject([{ code: 'session-invalid' }])
    await expect(openAgent(server.url, cookie)).rejects.toMatchObject({ data: { code: 'unauthenticated' } })
  }
  expect(bystander.disconnected).toBeNull()
  // A namesake with the same email is another person.
  const apps = [SHOP]
  await owner.ask('agent:add', { name: 'Shane', email: 'shane@example.com', role: 'agent', apps })
  const { agents } = await owner.ask<{ agents: TeamMember[] }>('agents:list', {})
  expect(agents.find(({ name }) => name === 'Shane')?.id).not.toBe(idOf('Shane'))
  await server.agents.remove('shane@example.com')
})

it('[AG4] sessions are listed to their owner and to who manages them, and ended one by one or all', async () => {
  const [one, other] = [await server.agent('Shane'), await server.agent('Shane')]
  const list = async (device: TestDevice) =>
    (
      await device.ask<{ sessions: { id: string; isOwn: boolean }[] }>('agent:sessions', {
        agentId: idOf('Shane'),
      })
    ).sessions
  const mine = await list(one.device)
  expect(mine.filter(({ isOwn }) => isOwn)).toHaveLength(1)
  expect(JSON.stringify(mine)).not.toContain(server.agents.sessionKey(one.token))
  const admin = await as('Adam')
  const theirs = await list(admin)
  expect(theirs.map(({ id }) => id)).toEqual(mine.map(({ id }) => id))
  const own = mine.find(({ isOwn }) => isOwn)?.id
  await admin.ask('agent:sign-out', { agentId: idOf('Shane'), sessionId: own })
  await one.device.gone()
  expect(other.device.disconnected).toBeNull()
  const third = await server.agent('Shane')
  await other.device.ask('agent:sign-out', { agentId: idOf('Shane'), sessionId: null })
  await third.device.gone()
  expect(await list(other.device)).toHaveLength(1)
  // A reader has an account as well.
  const rita = await as('Rita')
  expect(
    (await rita.ask<{ sessions: object[] }>('agent:sessions', { agentId: idOf('Rita') })).sessions,
  ).not.toEqual([])
})

it('[AG5] a temporary password ends after a week, and gives way to one that the agent chooses', async () => {
  const owner = await as('Olive')
  const { password } = await owner.ask<{ password: string }>('agent:password', { agentId: idOf('Both') })
  expect(await signIn('both@example.com', PASSWORD)).toBeNull()
  const session = await signIn('both@example.com', password)
  expect(session?.agent.hasTemporaryPassword).toBe(true)
  const { device } = await openAgent(server.url, `chat_console=${session?.token}`)
  const other = await signIn('both@example.com', password)
  const change = (present: string, next: string) => codeOf(device, 'account:password', { present, next })
  expect(await change('wrong password', 'a better one')).toBe('forbidden')
  expect(await change(password, 'short')).toBe('bad-request')
  expect(await change(password, 'a better one')).toBe('ok')
  expect(device.all('session:ended')).toEqual([])
  expect(await server.agents.authenticate(other?.token ?? '')).toBeNull()
  expect((await signIn('both@example.com', 'a better one'))?.agent.hasTemporaryPassword).toBeUndefined()
  await server.storage.agents.setPasswordHash(idOf('Both'), (await hashOf('both@example.com'))!, {
    ...{ at: Date.now(), expiresAt: Date.now() - 1 },
  })
  expect(await signIn('both@example.com', 'a better one')).toBeNull()
  device.close()
  await server.agents.setPassword('both@example.com', PASSWORD)
})
const hashOf = async (email: string) => (await server.storage.agents.findByEmail(email))?.passwordHash

it('[AG5] tries of one’s own password are limited, however many windows there are', async () => {
  const windows = await Promise.all(['Gwen', 'Gwen', 'Gwen'].map(as))
  const tries = Array.from({ length: 12 }, (_, n) =>
    codeOf(windows[n % 3]!, 'account:password', { present: `try ${n}`, next: 'a better one' }),
  )
  const codes = await Promise.all(tries)
  expect(codes.filter((code) => code === 'forbidden')).toHaveLength(10)
  expect(codes.filter((code) => code === 'rate-limited')).toHaveLength(2)
})

it('[AG1] the audit is told to those who manage, of their apps, without names of others', async () => {
  const owner = await as('Olive')
  await owner.ask('agent:change', { agentId: idOf('Both'), apps: [OTHER] })
  await owner.ask('agent:change', { agentId: idOf('Both'), apps: [SHOP, OTHER] })
  const { password } = await owner.ask<{ password: string }>('agent:password', { agentId: idOf('Both') })
  const read = async (name: string) => (await as(name)).ask<AuditPage>('audit:list', { limit: 100 })
  const all = await read('Olive')
  expect(all.entries.find(({ kind }) => kind === 'agent-apps')).toMatchObject({
    by: { kind: 'agent', agent: { name: 'Olive', email: 'olive@example.com' } },
    about: { name: 'Both' },
    details: { from: [OTHER], to: [SHOP, OTHER] },
  })
  expect(JSON.stringify(all)).not.toContain(password)
  const some = await read('Adam')
  expect(some.entries.find(({ kind }) => kind === 'agent-apps')?.details).toEqual({ from: [], to: [SHOP] })
  expect(some.entries.filter(({ about }) => about?.name === 'Rita')).toEqual([])
  expect(JSON.stringify(some)).not.toContain(OTHER)
  const page = await owner.ask<AuditPage>('audit:list', { limit: 1 })
  const next = await owner.ask<AuditPage>('audit:list', { limit: 1, cursor: page.cursor })
  expect([page, next].map(({ entries }) => entries[0]?.id)).toEqual(
    (await owner.ask<AuditPage>('audit:list', { limit: 2 })).entries.map(({ id }) => id),
  )
  await server.agents.setPassword('both@example.com', PASSWORD)
})
