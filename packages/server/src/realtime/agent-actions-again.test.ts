/** Actions of agents across crashes, restarts and lost connections. */
import { ACTION_WAIT_MS, ChatError, type Message } from '@chat-widget/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { noteLeases } from '../jobs/noted-leases.testing.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../storage/storage.ts'
import {
  customer,
  newRunId,
  outcome,
  outcomesOf,
  runAction,
  startShop,
  stranger,
} from './agent-actions.testing.ts'
import { type StartOptions, signIn, type TestRealtime } from './realtime.testing.ts'

const servers: TestRealtime[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

async function start(options: StartOptions = {}) {
  const server = await startShop(options)
  servers.push(server)
  return server
}

/** Ends this server and starts another on its data. */
async function restart(server: TestRealtime, options: StartOptions = {}) {
  await server.halt()
  servers.splice(servers.indexOf(server), 1)
  return start({ again: server, ...options })
}

/** A database whose one operation fails while `fails()`. */
const failingAt =
  (method: 'find' | 'conclude', fails = () => true) =>
  (storage: Storage): Storage => {
    const call = storage.actionRuns[method] as (...args: readonly unknown[]) => Promise<unknown>
    const guarded = async (...args: readonly unknown[]) => {
      if (fails()) throw new ChatError('unavailable', 'the disk is gone')
      return call(...args)
    }
    return { ...storage, actionRuns: { ...storage.actionRuns, [method]: guarded } }
  }

const ORDERS = { order: 'on its way' }
const RESULT = { kind: 'result', ok: true, status: 200, body: ORDERS }

const keys = (server: TestRealtime) =>
  server.company.apiCalls.map(({ headers }) => headers['idempotency-key'])

describe('[ID16] a run', () => {
  it('that a restart interrupts goes on, under the same key, and its agent is told', async () => {
    const first = await start()
    first.company.behaviour.api = () => ({ status: 401, body: null })
    const one = await customer(first)
    const grace = await first.agent()
    const runId = await runAction(grace.device, one.conversationId, { name: 'cancel', params: { id: 7 } })
    // It waits for a fresh context when the server stops.
    await one.device.heard('context:needed')

    const server = await restart(first)
    server.company.behaviour.api = () => ({ status: 200, body: ORDERS })
    const { device: agent } = await server.agent()
    const { device } = await server.visitor({ session: one.session })
    await device.heard('context:needed')
    await signIn(device, { id: 'fresh' })
    await outcome(agent, runId, 'result')
    expect(outcomesOf(agent, runId)).toEqual([RESULT])
    expect(keys(server)).toEqual([runId, runId])
    expect(server.company.apiCalls.map(({ body }) => body)).toEqual(['{"id":7}', '{"id":7}'])
  })

  it('[ID15] whose login card was answered goes on after a crash that came before the replay', async () => {
    let signedIn = false
    const first = await start({ wrapStorage: failingAt('find', () => signedIn) })
    const { device: visitor, conversationId } = await stranger(first)
    const grace = await first.agent()
    const runId = await runAction(grace.device, conversationId)
    await outcome(grace.device, runId, 'login-needed')
    signedIn = true
    const { answer } = await signIn(visitor)
    await visitor.message(({ kind }) => kind === 'event')
    expect(first.company.apiCalls).toEqual([])

    const server = await restart(first)
    server.company.behaviour.api = () => ({ status: 200, body: ORDERS })
    const { device: agent } = await server.agent()
    const { device } = await server.visitor({ session: answer.session?.token })
    await device.heard('context:needed')
    await signIn(device)
    await outcome(agent, runId, 'result')
    expect(server.company.apiCalls).toHaveLength(1)
  })

  it('leaves one login card, however often a crash comes between the card and what is known of it', async () => {
    const first = await start({ wrapStorage: failingAt('conclude') })
    const { device: visitor, conversationId } = await stranger(first)
    const grace = await first.agent()
    const runId = await runAction(grace.device, conversationId)
    await visitor.message(({ kind }) => kind === 'login')

    const second = await restart(first, { wrapStorage: failingAt('conclude') })
    const server = await restart(second)
    await expect.poll(() => server.storage.jobs.count()).toEqual([])
    const messages = await server.storage.messages.list({ conversationId, limit: 10 })
    expect(messages.map(({ kind }) => kind)).toEqual(['text', 'event', 'login'])
    expect((await server.storage.actionRuns.find(runId))?.state).toBe('blocked')
  })

  it('[ID15] whose card is answered while nobody could note that it waits runs once', async () => {
    let failing = true
    const server = await start({ wrapStorage: failingAt('conclude', () => failing) })
    server.company.behaviour.api = () => ({ status: 200, body: ORDERS })
    const { device, conversationId } = await stranger(server)
    const { device: agent } = await server.agent()
    const runId = await runAction(agent, conversationId)
    await device.message(({ kind }) => kind === 'login')
    await signIn(device)
    await device.message(({ kind }) => kind === 'event')
    failing = false
    await outcome(agent, runId, 'result')
    // The next run of the lane comes after the rest of this one.
    const next = await runAction(agent, conversationId)
    await outcome(agent, next, 'result')
    expect(outcomesOf(agent, runId).filter(({ kind }) => kind === 'result')).toHaveLength(1)
    expect(device.all<Message>('message').filter(({ kind }) => kind === 'login')).toHaveLength(1)
  })

  it('whose outcome cannot be stored for a while does not call the company again', async () => {
    let failures = 0
    const failsFirst = () => {
      failures += 1
      return failures <= 3
    }
    const server = await start({ wrapStorage: failingAt('conclude', failsFirst) })
    server.company.behaviour.api = () => ({ status: 200, body: ORDERS })
    const { conversationId } = await customer(server)
    const { device: agent } = await server.agent()
    const runId = await runAction(agent, conversationId, { name: 'cancel' })
    expect(await outcome(agent, runId, 'result')).toEqual(RESULT)
    expect(failures).toBe(4)
    expect(server.company.apiCalls).toHaveLength(1)
  })

  it('that begins too late does not begin: the agent may have asked anew', async () => {
    const server = await start({
      wrapStorage: (storage) => ({
        ...storage,
        actionRuns: {
          ...storage.actionRuns,
          begin: (request) =>
            storage.actionRuns.begin({ ...request, at: request.at - ACTION_WAIT_MS - 1_000 }),
        },
      }),
    })
    const { conversationId } = await customer(server)
    const { device: agent } = await server.agent()
    const runId = await runAction(agent, conversationId)
    expect(await outcome(agent, runId, 'no-answer')).toEqual({ kind: 'no-answer' })
    expect(server.company.apiCalls).toEqual([])
  })

  it('asked about after a restart has an outcome that nobody knows any more, or still needs a login', async () => {
    const first = await start()
    const { conversationId: anonymous } = await stranger(first)
    const { conversationId } = await customer(first)
    const { device: grace } = await first.agent()
    const [done, blocked] = [newRunId(), newRunId()]
    await runAction(grace, conversationId, { runId: done })
    await runAction(grace, anonymous, { runId: blocked })
    await outcome(grace, done, 'result')
    await outcome(grace, blocked, 'login-needed')

    const server = await restart(first)
    const { device: agent } = await server.agent()
    await runAction(agent, conversationId, { runId: done })
    await runAction(agent, anonymous, { runId: blocked })
    expect(await outcome(agent, done, 'no-answer')).toEqual({ kind: 'no-answer' })
    await outcome(agent, blocked, 'login-needed')
    expect(server.company.apiCalls).toHaveLength(1)
  })

  it('waits for the one before it in the same conversation, and for no other', async () => {
    const server = await start()
    server.company.behaviour.api = ({ url }) =>
      url.pathname === '/orders' ? { status: 401, body: null } : { status: 200, body: ORDERS }
    const { device, conversationId } = await customer(server)
    const { device: agent } = await server.agent()
    const first = await runAction(agent, conversationId)
    const second = await runAction(agent, conversationId)
    const other = await runAction(agent, conversationId, { name: 'cancel' })
    await outcome(agent, other, 'result')
    await device.heard('context:needed')
    expect(server.company.apiCalls.filter(({ url }) => url.pathname === '/orders')).toHaveLength(1)
    server.company.behaviour.api = () => ({ status: 200, body: ORDERS })
    await signIn(device, { id: 'fresh' })
    await outcome(agent, second, 'result')
    const told = agent.all<{ runId: string }>('action:outcome').map(({ runId }) => runId)
    expect(told).toEqual([other, first, second])
  })

  it('makes the agents the handler only by its card, like any message of an agent', async () => {
    const server = await start({ withBot: true })
    const { device, conversationId } = await stranger(server)
    const { device: agent } = await server.agent()
    const handler = async () => (await server.storage.conversations.find(conversationId))?.handler
    expect(await handler()).toBe('bot')
    const runId = await runAction(agent, conversationId)
    await outcome(agent, runId, 'login-needed')
    expect(await handler()).toBe('agents')
    await signIn(device)
    await outcome(agent, runId, 'result')
    expect(device.all<Message>('message').map(({ kind }) => kind)).toEqual([
      ...['text', 'event', 'login', 'event'],
    ])
  })
})

it('[JB2] [ID16] a server that starts on the same database while an action runs does not run it again', async () => {
  const first = await start({ ownFile: true })
  first.company.behaviour.api = () => ({ status: 401, body: null })
  const { device, conversationId } = await customer(first)
  const { device: agent } = await first.agent()
  const runId = await runAction(agent, conversationId, { name: 'cancel' })
  // It waits for a fresh context.
  await device.heard('context:needed')
  const { leases, wrapStorage } = noteLeases()
  const second = await startShop({
    again: first,
    openStorage: () => openStorage({ dataDir: first.folder, exclusive: false }),
    wrapStorage,
  })
  try {
    // One look for each kind of job.
    await expect.poll(() => leases.length).toBeGreaterThan(1)
    first.company.behaviour.api = () => ({ status: 200, body: ORDERS })
    await signIn(device, { id: 'fresh' })
    expect(await outcome(agent, runId, 'result')).toEqual(RESULT)
    await expect.poll(() => first.storage.jobs.count()).toEqual([])
    expect(keys(first)).toEqual([runId, runId])
    expect(leases.flat()).toEqual([])
  } finally {
    await second.halt()
  }
})

it('[DL9] an outage makes one thing to do of any number of calls to go on', async () => {
  let failing = false
  let failures = 0
  let reads = 0
  let tellUncertain = () => {}
  const server = await start({
    wrapStorage: (storage) => ({
      ...storage,
      onUncertain(listener) {
        tellUncertain = listener
        return storage.onUncertain(listener)
      },
      jobs: {
        ...storage.jobs,
        async lease(request) {
          if (request.kind !== 'action-run') return storage.jobs.lease(request)
          if (failing) {
            failures += 1
            // Other work meets the same outage.
            tellUncertain()
            throw new ChatError('unavailable', 'the disk is gone')
          }
          reads += 1
          return storage.jobs.lease(request)
        },
      },
    }),
    jobTuning: { restMs: 1, pollMs: 3_600_000 },
  })
  await expect.poll(() => reads).toBe(1)
  failing = true
  tellUncertain()
  await expect.poll(() => failures).toBeGreaterThan(10)
  failing = false
  await expect.poll(() => reads).toBeGreaterThan(1)
  // Everything that waited has run once this many reads are done one after the other.
  for (let count = 0; count < 50; count += 1) await server.storage.conversations.list({ limit: 1 })
  expect(reads).toBe(2)
})
