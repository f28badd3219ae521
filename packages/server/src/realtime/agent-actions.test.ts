import type { AgentReady, Message } from '@chat-widget/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { DEFAULT_FILES } from '../config/files-limits.ts'
import {
  auditOf,
  customer,
  newRunId,
  outcome,
  outcomesOf,
  runAction,
  startShop,
  stranger,
} from './agent-actions.testing.ts'
import { type StartOptions, signIn, type TestRealtime } from './realtime.testing.ts'
import type { TestDevice } from './test-device.testing.ts'

const servers: TestRealtime[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

async function start(options: StartOptions = {}) {
  const server = await startShop(options)
  servers.push(server)
  server.company.behaviour.api = () => ({ status: 200, body: ORDERS })
  return server
}

const ORDERS = { order: 'on its way' }
const RESULT = { kind: 'result', ok: true, status: 200, body: ORDERS }

const bearer = (server: TestRealtime) =>
  server.company.apiCalls.map(({ headers }) => String(headers.authorization).replace('Bearer ', ''))

const cards = (device: TestDevice) => device.all<Message>('message').filter(({ kind }) => kind === 'login')

describe('[ID16] an agent', () => {
  it('is told the names of the actions of each app, and nothing else of them', async () => {
    const server = await start()
    const { ready } = await server.agent()
    const names = ['orders', 'cancel']
    const { maxBytes, types } = DEFAULT_FILES
    const files = { maxBytes, types }
    expect(ready.apps).toEqual([
      { id: 'shop', name: 'shop', hasBot: false, actions: names, files },
      { id: 'other', name: 'other', hasBot: false, actions: names, files },
    ] satisfies readonly Record<keyof AgentReady['apps'][number], unknown>[])
  })

  it("runs one with the visitor's verified context; it is told the outcome, and so is who watches", async () => {
    const server = await start()
    const { device, token, conversationId } = await customer(server)
    const [asking, watching, elsewhere] = [
      await server.agent(),
      await server.agent('Ada'),
      await server.agent('Bo'),
    ]
    await watching.device.ask('conversation:watch', { conversationId })
    const runId = await runAction(asking.device, conversationId, { params: { page: 2, limit: 999 } })
    for (const { device: agent } of [asking, watching]) {
      expect(await outcome(agent, runId, 'result')).toEqual(RESULT)
      expect(agent.all('action:outcome')).toEqual([
        { conversationId, runId, name: 'orders', outcome: RESULT },
      ])
    }
    expect(bearer(server)).toEqual([token])
    const { url } = server.company.apiCalls[0]!
    // The agent cannot replace values of the configuration.
    expect(`${url.pathname}${url.search}`).toBe('/orders?limit=3&page=2')
    await elsewhere.device.ask('conversation:watch', { conversationId })
    expect(elsewhere.device.all('action:outcome')).toEqual([])
    expect(device.all<Message>('message')).toHaveLength(1)
  })

  it('hears of it in each of its windows, once', async () => {
    const server = await start()
    const { conversationId } = await customer(server)
    const [one, other] = [await server.agent(), await server.agent()]
    await one.device.ask('conversation:watch', { conversationId })
    const runId = await runAction(one.device, conversationId)
    await outcome(other.device, runId, 'result')
    await outcome(one.device, runId, 'result')
    await one.device.ask('conversation:watch', { conversationId })
    expect(outcomesOf(one.device, runId)).toEqual([RESULT])
  })

  it('posts parameters, with the run id as the key by which the company knows a repetition', async () => {
    const server = await start()
    const { conversationId } = await customer(server)
    const { device: agent } = await server.agent()
    const runId = await runAction(agent, conversationId, { name: 'cancel', params: { id: 7, all: true } })
    await outcome(agent, runId, 'result')
    expect(server.company.apiCalls).toMatchObject([
      { method: 'POST', body: '{"id":7,"all":true}', headers: { 'idempotency-key': runId } },
    ])
  })

  it.each([
    ['an unknown action', { name: 'nonsense' }, 'not-found'],
    ['a name that stands on a prototype', { name: 'constructor' }, 'not-found'],
    ['an unknown conversation', { conversationId: newRunId() }, 'not-found'],
    ['a parameter that is an object', { params: { a: {} } }, 'bad-request'],
    ['a target of its own', { url: 'http://evil.example.org' }, 'bad-request'],
    ['a run id that is no UUID', { runId: '1' }, 'bad-request'],
  ])('is refused %s', async (_what, change, code) => {
    const server = await start()
    const { conversationId } = await customer(server)
    const { device: agent } = await server.agent()
    const request = { conversationId, runId: newRunId(), name: 'orders', params: {}, ...change }
    expect(await agent.refusal('action:run', request)).toMatchObject({ code })
    expect(server.company.apiCalls).toEqual([])
  })

  it('repeating a run id runs nothing and is told the outcome again; another run needs an id of its own', async () => {
    const server = await start()
    const { conversationId } = await customer(server)
    const first = await server.agent()
    const runId = newRunId()
    await Promise.all([1, 2, 3].map(() => runAction(first.device, conversationId, { runId })))
    await outcome(first.device, runId, 'result')
    first.device.close()
    const { device: agent } = await server.agent()
    await runAction(agent, conversationId, { runId })
    expect(await outcome(agent, runId, 'result')).toEqual(RESULT)
    expect(server.company.apiCalls).toHaveLength(1)
    const request = { conversationId, runId, name: 'cancel', params: {} }
    expect(await agent.refusal('action:run', request)).toMatchObject({ code: 'bad-request' })
    const { device: another } = await server.agent('Ada')
    const stolen = { ...request, name: 'orders' }
    expect(await another.refusal('action:run', stolen)).toMatchObject({ code: 'bad-request' })
  })

  it('is told nothing of token or context, not even where the company echoes what it was sent', async () => {
    const server = await start({
      actions: ({ url }) => ({
        echo: { url: `${url}/echo?t={Auth.Token}`, headers: { 'x-token': 'Bearer {Auth.Token}' } },
      }),
    })
    server.company.behaviour.api = ({ headers, url }) => ({ status: 400, body: { headers, url: url.href } })
    const { token, conversationId } = await customer(server)
    const { device: agent } = await server.agent()
    const runId = await runAction(agent, conversationId, { name: 'echo' })
    expect(await outcome(agent, runId, 'result')).toMatchObject({
      status: 400,
      body: { headers: { 'x-token': 'Bearer •••' }, url: expect.stringContaining('?t=•••') },
    })
    expect(server.company.apiCalls[0]?.headers['x-token']).toBe(`Bearer ${token}`)
    expect(JSON.stringify(agent.told)).not.toContain(token)
  })

  it.each([
    ['a redirect', { status: 302, body: null }, { kind: 'result', ok: false, status: 302, body: null }],
    ['an error', { status: 500, body: { e: 1 } }, { kind: 'result', ok: false, status: 500, body: { e: 1 } }],
    [
      'more than a payload',
      { status: 200, body: 'x'.repeat(65_000) },
      { kind: 'failed', reason: 'too-large', status: 200 },
    ],
  ])('is told that the company answered by %s', async (_what, reply, expected) => {
    const server = await start()
    server.company.behaviour.api = () => reply
    const { conversationId } = await customer(server)
    const { device: agent } = await server.agent()
    const runId = await runAction(agent, conversationId)
    expect(await outcome(agent, runId, expected.kind as 'result')).toEqual(expected)
  })

  it('is told that the company cannot be reached', async () => {
    const server = await start({ actions: () => ({ orders: {} }) })
    const { conversationId } = await customer(server)
    const { device: agent } = await server.agent()
    const runId = await runAction(agent, conversationId)
    expect(await outcome(agent, runId, 'failed')).toEqual({
      kind: 'failed',
      reason: 'unreachable',
      status: 0,
    })
  })
})

describe('[ID16] a login card', () => {
  it('[ID15] comes at once to an anonymous visitor, and after the sign-in the action runs once', async () => {
    const server = await start()
    const { device, conversationId } = await stranger(server)
    const { device: agent } = await server.agent()
    const runId = await runAction(agent, conversationId)
    expect(await device.message(({ kind }) => kind === 'login')).toMatchObject({
      author: { kind: 'agent', id: expect.any(String), name: 'Grace' },
      text: 'Please sign in to continue.',
      login: { button: 'Sign in', reason: 'action' },
    })
    expect(await outcome(agent, runId, 'login-needed')).toEqual({ kind: 'login-needed' })
    expect(server.company.apiCalls).toEqual([])
    const { token } = await signIn(device)
    expect(await outcome(agent, runId, 'result')).toEqual(RESULT)
    await signIn(device, { id: 'renewal' })
    await runAction(agent, conversationId, { runId })
    expect(bearer(server)).toEqual([token])
    expect(cards(device)).toHaveLength(1)
    expect(new Set(outcomesOf(agent, runId).map(({ kind }) => kind))).toEqual(
      new Set(['login-needed', 'result']),
    )
  })

  it('[ID4] comes when a fresh context is refused too, and not again when the sign-in did not help', async () => {
    const server = await start()
    server.company.behaviour.api = () => ({ status: 401, body: null })
    const { device, token, conversationId } = await customer(server)
    const { device: agent } = await server.agent()
    const runId = await runAction(agent, conversationId)
    expect(await device.heard('context:needed')).toEqual({ refresh: true, cause: 'action' })
    const renewed = await signIn(device, { id: 'fresh' })
    await outcome(agent, runId, 'login-needed')
    expect(bearer(server)).toEqual([token, renewed.token])

    const anew = await signIn(device, { id: 'signed in anew' })
    await expect.poll(() => device.all('context:needed')).toHaveLength(2)
    const last = await signIn(device, { id: 'fresh again' })
    expect(await outcome(agent, runId, 'result')).toEqual({
      kind: 'result',
      ok: false,
      status: 401,
      body: null,
    })
    expect(bearer(server).slice(2)).toEqual([anew.token, last.token])
    expect(cards(device)).toHaveLength(1)
  })

  it('[ID4] does not come when the fresh context is accepted', async () => {
    const server = await start()
    const { device, token, conversationId } = await customer(server)
    server.company.behaviour.api = ({ headers }) =>
      headers.authorization === `Bearer ${token}`
        ? { status: 401, body: null }
        : { status: 200, body: ORDERS }
    const { device: agent } = await server.agent()
    const runId = await runAction(agent, conversationId)
    await device.heard('context:needed')
    await signIn(device, { id: 'fresh' })
    expect(await outcome(agent, runId, 'result')).toEqual(RESULT)
    expect(cards(device)).toEqual([])
  })

  it('comes when no device brings a context in time', async () => {
    const server = await start({ tuning: { contextWaitMs: 50 } })
    server.company.behaviour.api = () => ({ status: 401, body: null })
    const { device, conversationId } = await customer(server)
    const { device: agent } = await server.agent()
    const runId = await runAction(agent, conversationId)
    await outcome(agent, runId, 'login-needed')
    await device.message(({ kind }) => kind === 'login')
    expect(server.company.apiCalls).toHaveLength(1)
  })
})

it('[ID16] the audit says who ran what, where, and how it ended, without parameters and bodies', async () => {
  const server = await start()
  const { device, conversationId } = await stranger(server)
  const { device: agent, ready } = await server.agent()
  const runId = await runAction(agent, conversationId, { params: { q: 'private words' } })
  await outcome(agent, runId, 'login-needed')
  await signIn(device)
  await outcome(agent, runId, 'result')
  const row = {
    app: 'shop',
    agent: ready.agent.id,
    conversation: conversationId,
    run: runId,
    action: 'orders',
  }
  expect(await auditOf(server)).toEqual([
    { ...row, outcome: 'login-needed', status: null },
    { ...row, outcome: 'result', status: 200 },
  ])
})
