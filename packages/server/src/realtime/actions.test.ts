import type { Authenticated, BotRequest, Message } from '@chat-widget/protocol'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import {
  authentication,
  mintToken,
  type StartOptions,
  signIn,
  startRealtime,
  type TestRealtime,
} from './realtime.testing.ts'
import { newClientId } from './test-device.testing.ts'

const servers: TestRealtime[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

const log: string[] = []

/** A shop whose bot asks for the orders at each question, and posts the outcome. */
async function start(options: StartOptions = {}) {
  const server = await startRealtime({
    withBot: true,
    logger: pino({ level: 'trace' }, { write: (line) => log.push(line) }),
    actions: ({ url }) => ({
      orders: { url: `${url}/orders?limit=3`, headers: { authorization: 'Bearer {Auth.Token}' } },
    }),
    ...options,
  })
  servers.push(server)
  server.company.behaviour.bot = ({ request }) =>
    request.type !== 'action-result'
      ? { messages: [{ action: { name: 'orders', params: { page: 2, limit: 999 } } }] }
      : { messages: [{ text: `result: ${JSON.stringify([request.ok, request.status, request.body])}` }] }
  server.company.behaviour.api = () => ({ status: 200, body: { order: 'on its way' } })
  return server
}

const OUTCOME = 'result: [true,200,{"order":"on its way"}]'

const bearer = (server: TestRealtime) =>
  server.company.apiCalls.map(({ headers }) => String(headers.authorization).replace('Bearer ', ''))

const results = (server: TestRealtime) =>
  server.company.botCalls
    .map(({ request }) => request)
    .filter((request: BotRequest) => request.type === 'action-result')

describe('[ID16] an action', () => {
  it("calls the company's API with the token of the verified context, and tells the bot what came of it", async () => {
    const server = await start()
    const { device } = await server.visitor({ intent: 'identify' })
    const { token, conversationId } = await signIn(device)
    await device.send(conversationId, 'where is my order?')
    await device.message(({ text }) => text === OUTCOME)
    expect(bearer(server)).toEqual([token])
    const { method, url } = server.company.apiCalls[0]!
    expect(method).toBe('GET')
    // The bot cannot replace values of the configuration.
    expect(`${url.pathname}${url.search}`).toBe('/orders?limit=3&page=2')
    expect(results(server)).toEqual([
      {
        type: 'action-result',
        app: 'shop',
        conversation: { id: conversationId },
        visitor: { verified: true, userIdentifier: 'ada' },
        name: 'orders',
        ok: true,
        status: 200,
        body: { order: 'on its way' },
      },
    ])
  })

  it('tells nothing of the context, not even where the company echoes what it was sent', async () => {
    const server = await start()
    server.company.behaviour.api = ({ headers, url }) => ({
      status: 200,
      body: { authorization: headers.authorization, url: url.href },
    })
    const { device } = await server.visitor({ intent: 'identify' })
    const { token, conversationId } = await signIn(device)
    await device.send(conversationId, 'where is my order?')
    await expect.poll(() => results(server)).toHaveLength(1)
    expect(results(server)[0]?.body).toMatchObject({ authorization: 'Bearer •••' })
    expect(JSON.stringify(server.company.botCalls)).not.toContain(token)
  })

  it('in the style of ASAPP brings what the context keeps under Auth', async () => {
    const server = await start({
      contextStyle: 'asapp',
      actions: ({ url }) => ({ orders: { url: `${url}/orders`, method: 'POST' } }),
    })
    const { device } = await server.visitor({ intent: 'identify' })
    const { context, ...rest } = await authentication()
    const { Token } = context.Auth
    const Auth = { Token, Headers: { 'x-tenant': 'nw' }, Cookies: { sid: 's1' }, Body: { channel: 'chat' } }
    const { conversation } = await device.ask<Authenticated>('identity:authenticate', {
      ...rest,
      context: { Auth },
    })
    await device.send(conversation.id, 'where is my order?')
    await device.message(({ text }) => text === OUTCOME)
    const [call] = server.company.apiCalls
    expect(call?.headers).toMatchObject({
      authorization: `Bearer ${Token}`,
      'x-tenant': 'nw',
      cookie: 'sid=s1',
    })
    expect(JSON.parse(call?.body ?? '')).toEqual({ channel: 'chat', page: 2, limit: 999 })
  })

  it('of an anonymous visitor shows a login card at once, and runs once after the sign-in', async () => {
    const server = await start()
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'where is my order?')
    expect(await device.message(({ kind }) => kind === 'login')).toMatchObject({
      text: 'Please sign in to continue.',
      login: { button: 'Sign in', reason: 'action' },
    })
    expect(server.company.apiCalls).toEqual([])
    const { token } = await signIn(device)
    await device.message(({ text }) => text === OUTCOME)
    expect(bearer(server)).toEqual([token])
    await signIn(device, { id: 'renewal' })
    await expect.poll(() => server.storage.botDeliveries.count()).toBe(0)
    expect(server.company.apiCalls).toHaveLength(1)
    expect(device.all<Message>('message').map(({ kind, text }) => [kind, text])).toEqual([
      ['text', 'where is my order?'],
      ['login', 'Please sign in to continue.'],
      ['event', 'Signed in as ada.'],
      ['text', OUTCOME],
    ])
  })

  it('refused with 401 makes the device refresh, and runs once more', async () => {
    const server = await start()
    const { device } = await server.visitor({ intent: 'identify' })
    const { token, conversationId } = await signIn(device)
    server.company.behaviour.api = ({ headers }) =>
      headers.authorization === `Bearer ${token}`
        ? { status: 401, body: null }
        : { status: 200, body: { order: 'on its way' } }
    await device.send(conversationId, 'where is my order?')
    expect(await device.heard('context:needed')).toEqual({ refresh: true, cause: 'action' })
    const renewed = await signIn(device, { id: 'fresh' })
    await device.message(({ text }) => text === OUTCOME)
    expect(bearer(server)).toEqual([token, renewed.token])
    expect(device.all<Message>('message').map(({ kind }) => kind)).toEqual(['text', 'text'])
  })

  it('refused again shows a login card, which a sign-in answers by running it once more', async () => {
    const server = await start()
    const { device } = await server.visitor({ intent: 'identify' })
    const { conversationId } = await signIn(device)
    server.company.behaviour.api = () => ({ status: 401, body: { error: 'expired' } })
    await device.send(conversationId, 'where is my order?')
    await device.heard('context:needed')
    await signIn(device, { id: 'fresh' })
    expect(await device.message(({ kind }) => kind === 'login')).toMatchObject({
      login: { reason: 'action' },
    })
    expect(server.company.apiCalls).toHaveLength(2)
    expect(results(server)).toEqual([])

    server.company.behaviour.api = () => ({ status: 200, body: { order: 'on its way' } })
    await signIn(device, { id: 'signed in anew' })
    await device.message(({ text }) => text === OUTCOME)
    expect(server.company.apiCalls).toHaveLength(3)
  })

  it('[ID15] that is owed from a sign-in on waits for the context which that brings', async () => {
    const moments = new EventTarget()
    const moment = (name: string) => new Promise((resolve) => moments.addEventListener(name, resolve))
    const come = (name: string) => moments.dispatchEvent(new Event(name))
    const owed = moment('owed')
    let isSigningIn = false
    // The lane that posted the card is still running when the sign-in stores the next run, which begins at once.
    const server = await start({
      wrapStorage: (storage) => ({
        ...storage,
        sessions: {
          ...storage.sessions,
          async renew(request) {
            const effects = await storage.sessions.renew(request)
            if (!isSigningIn) return effects
            const running = moment('running')
            come('owed')
            await running
            return effects
          },
        },
        conversations: {
          ...storage.conversations,
          async find(id) {
            const conversation = await storage.conversations.find(id)
            if (isSigningIn) setImmediate(come, 'running')
            return conversation
          },
        },
        jobs: {
          ...storage.jobs,
          async done(...job) {
            const isDone = await storage.jobs.done(...job)
            await owed
            return isDone
          },
        },
      }),
    })
    const { device } = await server.visitor({ intent: 'identify' })
    const { conversationId } = await signIn(device)
    server.company.behaviour.api = () => ({ status: 401, body: null })
    await device.send(conversationId, 'where is my order?')
    await device.heard('context:needed')
    await signIn(device, { id: 'fresh' })
    await device.message(({ kind }) => kind === 'login')

    server.company.behaviour.api = () => ({ status: 200, body: { order: 'on its way' } })
    isSigningIn = true
    const { token } = await signIn(device, { id: 'signed in anew' })
    await device.message(({ text }) => text === OUTCOME)
    expect(bearer(server).slice(2)).toEqual([token])
  })

  it('that even a sign-in does not help is told to the bot, and asks for no further sign-in', async () => {
    const server = await start()
    server.company.behaviour.api = () => ({ status: 401, body: null })
    const { device, ready } = await server.visitor()
    await device.send(ready.conversation!.id, 'where is my order?')
    await device.message(({ kind }) => kind === 'login')
    await signIn(device)
    await device.heard('context:needed')
    await signIn(device, { id: 'fresh' })
    await device.message(({ text }) => text === 'result: [false,401,null]')
    expect(device.all<Message>('message').filter(({ kind }) => kind === 'login')).toHaveLength(1)
  })

  it('asks for the context when the server has none any more, without a refresh', async () => {
    const first = await start()
    const one = await first.visitor({ intent: 'identify' })
    const { conversationId, answer } = await signIn(one.device)
    await one.device.send(conversationId, 'before')
    await one.device.message(({ text }) => text === OUTCOME)
    await first.halt()
    servers.splice(0)

    const { folder, company } = first
    const server = await start({ again: { folder, company } })
    const { device } = await server.visitor({ session: answer.session?.token })
    await device.send(conversationId, 'after the restart')
    expect(await device.heard('context:needed')).toEqual({ refresh: false, cause: 'lost' })
    await signIn(device)
    await device.message(({ text, seq }) => text === OUTCOME && seq > 3)
  })

  it('asks a device that connects while it waits', async () => {
    const server = await start()
    const one = await server.visitor({ intent: 'identify' })
    const { conversationId, answer } = await signIn(one.device)
    server.company.behaviour.api = ({ headers }) =>
      String(headers.authorization).length > 0 && server.company.apiCalls.length > 1
        ? { status: 200, body: { order: 'on its way' } }
        : { status: 401, body: null }
    await one.device.send(conversationId, 'where is my order?')
    await one.device.heard('context:needed')
    one.device.close()
    const { device } = await server.visitor({ session: answer.session?.token })
    expect(await device.heard('context:needed')).toEqual({ refresh: true, cause: 'action' })
    await signIn(device, { id: 'fresh' })
    await device.message(({ text }) => text === OUTCOME)
  })

  it('for which no device brings a context in time shows a login card', async () => {
    const server = await start({ tuning: { contextWaitMs: 50 } })
    const { device } = await server.visitor({ intent: 'identify' })
    const { conversationId } = await signIn(device)
    server.company.behaviour.api = () => ({ status: 401, body: null })
    await device.send(conversationId, 'where is my order?')
    await device.message(({ kind }) => kind === 'login')
    expect(server.company.apiCalls).toHaveLength(1)
  })

  it.each([
    ['has no such name', 'nonsense', [false, 0, { error: { code: 'unknown-action' } }]],
    [
      'is named like something on a prototype',
      'constructor',
      [false, 0, { error: { code: 'unknown-action' } }],
    ],
    ['is answered by a redirect', 'moved', [false, 302, null]],
    ['is answered by an error', 'broken', [false, 500, { error: 'oops' }]],
  ])('that %s fails, and the bot is told', async (_title, name, outcome) => {
    const server = await start({
      actions: ({ url }) => ({
        moved: { url: `${url}/moved` },
        broken: { url: `${url}/broken` },
      }),
    })
    const { bot } = server.company.behaviour
    server.company.behaviour.bot = (call) =>
      call.request.type === 'message' ? { messages: [{ action: { name, params: {} } }] } : bot(call)
    server.company.behaviour.api = ({ url }) =>
      url.pathname === '/moved' ? { status: 302, body: null } : { status: 500, body: { error: 'oops' } }
    const { device } = await server.visitor({ intent: 'identify' })
    const { conversationId } = await signIn(device)
    await device.send(conversationId, 'do it')
    await device.message(({ text }) => text === `result: ${JSON.stringify(outcome)}`)
  })

  it('asked for over and over about one message is stopped, and the agents take over', async () => {
    const server = await start()
    server.company.behaviour.bot = () => ({ messages: [{ action: { name: 'orders', params: {} } }] })
    const { device } = await server.visitor({ intent: 'identify' })
    const { conversationId } = await signIn(device)
    await device.send(conversationId, 'loop')
    expect(await device.message(({ kind }) => kind === 'event')).toMatchObject({
      event: { type: 'handed-to-agents' },
    })
    expect(server.company.apiCalls).toHaveLength(5)
  })

  it('posts its parameters, with a key that stays the same when a crash repeats it', async () => {
    const server = await start({
      actions: ({ url }) => ({
        cancel: { url: `${url}/cancel`, method: 'POST', headers: { 'x-user': '{User.Id}' } },
      }),
    })
    const { bot } = server.company.behaviour
    server.company.behaviour.bot = (call) =>
      call.request.type === 'message'
        ? { messages: [{ action: { name: 'cancel', params: { id: 7 } } }] }
        : bot(call)
    const { device } = await server.visitor({ intent: 'identify' })
    const context = { Auth: { Token: await mintToken() }, User: { Id: 42 } }
    const request = { userIdentifier: 'ada', context, mergePolicy: 'merge' }
    const { conversation } = await device.ask<Authenticated>('identity:authenticate', request)
    await device.send(conversation.id, 'cancel it')
    await device.message(({ text }) => text === OUTCOME)
    expect(server.company.apiCalls[0]).toMatchObject({
      method: 'POST',
      body: '{"id":7}',
      headers: { 'x-user': '42', 'idempotency-key': `${server.company.botCalls[0]?.id}.0` },
    })
  })
})

it('[ID15] an agent’s login card says so when the visitor signed in', async () => {
  const server = await startRealtime()
  servers.push(server)
  const { device, ready } = await server.visitor()
  const conversationId = ready.conversation!.id
  await device.send(conversationId, 'hi')
  const agent = await server.agent()
  await agent.device.ask('message:send', {
    conversationId,
    clientId: newClientId(),
    body: { login: { text: 'Please sign in.', button: 'Sign in' } },
  })
  await signIn(device)
  expect(await device.message(({ text }) => text.startsWith('Signed in'))).toMatchObject({
    event: { type: 'signed-in', userIdentifier: 'ada' },
  })
})

it('no log line holds a token', () => {
  expect(log.filter((line) => line.includes('eyJ'))).toEqual([])
})
