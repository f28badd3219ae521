/** What devices are told of their app, and the messages that the server adds to those of visitors. */
import type { AppId, AppInfo, Authenticated, FetchedMessages, Message, Ready } from '@chat-widget/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { authentication, startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId, type TestDevice } from './test-device.testing.ts'

const GREETING = { text: 'How can we help?', quickReplies: [{ label: 'My order', value: 'order' }] }
const PRE_CHAT = {
  fields: [{ name: 'name', label: 'Name', type: 'text', required: true }],
  submit: 'Begin',
} as const
const AWAY = {
  title: 'We are away',
  fields: [{ name: 'email', label: 'Email', type: 'email', required: true }],
  submit: 'Send',
} as const
/** A Friday. */
const [OPEN, CLOSED, MONDAY] = ['2026-11-27T12:00:00Z', '2026-11-27T18:00:00Z', '2026-11-30T08:00:00Z'].map(
  Date.parse,
)

let server: TestRealtime
let clock = OPEN as number
beforeAll(async () => {
  server = await startRealtime({
    now: () => clock,
    tuning: { headIntervalMs: 25, agentGraceMs: 25 },
    shop: {
      name: 'Northwind',
      appearance: { accent: '#1f4d3f', greeting: GREETING.text, quickReplies: GREETING.quickReplies },
      hours: { timeZone: 'Europe/Berlin', open: { 'mon-fri': '09:00-17:00' } },
      preChat: PRE_CHAT,
      outOfHours: AWAY,
    },
  })
})
afterAll(() => server.stop())

const availabilityOf = ({ appearance }: AppInfo) => appearance?.availability

async function all(device: TestDevice, { conversation }: Ready) {
  const request = { conversationId: conversation?.id, after: 0, limit: 50 }
  return (await device.ask<FetchedMessages>('messages:fetch', request)).messages
}
const texts = (messages: readonly Message[]) =>
  messages.map(({ seq, author, text }) => [seq, author.kind, text])

it('[WH1] devices are told of their app, and again when the configuration changes', async () => {
  const { device, ready } = await server.visitor()
  const other = await server.visitor({ app: 'other' })
  expect(ready.app).toMatchObject({
    name: 'Northwind',
    appearance: { accent: '#1f4d3f', greeting: GREETING.text, preChat: PRE_CHAT },
  })
  expect(other.ready.app.appearance).toBeUndefined()
  const before = [...server.apps.list]
  server.apps.replace(
    before.map((app) =>
      app.id === 'shop' ? { ...app, appearance: { ...app.appearance, accent: '#000' } } : app,
    ),
  )
  const { appearance } = await device.heard<AppInfo>('app')
  expect([appearance?.accent, appearance?.greeting]).toEqual(['#000', GREETING.text])
  server.apps.replace(before)
  await device.heard<AppInfo>('app', (app) => app.appearance?.accent === '#1f4d3f')
  expect(other.device.all('app')).toEqual([])
})

it('[WH2] [AG3] agents answer in their hours, while one of them is there', async () => {
  const { device, ready } = await server.visitor()
  expect(availabilityOf(ready.app)).toEqual({ status: 'away' })
  await server.agents.add({ name: 'V', email: 'v@example.com', password: 'correct horse', role: 'reader' })
  const reader = await server.agent('V')
  const apps = ['other' as AppId]
  await server.agents.add({ name: 'O', email: 'o@example.com', password: 'correct horse', apps })
  const ofOther = await server.agent('O')
  expect(device.all('app')).toEqual([])
  const agent = await server.agent()
  await device.heard<AppInfo>('app', (app) => availabilityOf(app)?.status === 'online')
  clock = CLOSED as number
  await device.heard<AppInfo>('app', (app) => availabilityOf(app)?.opensAt === MONDAY)
  clock = MONDAY as number
  await expect
    .poll(() => availabilityOf(device.all<AppInfo>('app').at(-1) as AppInfo))
    .toEqual({ status: 'online' })
  agent.device.close()
  await expect
    .poll(() => availabilityOf(device.all<AppInfo>('app').at(-1) as AppInfo))
    .toEqual({ status: 'away' })
  reader.device.close()
  ofOther.device.close()
})

it('[WH3] a conversation begins with the greeting, once, however many devices begin it at the same moment', async () => {
  clock = OPEN as number
  await server.agent()
  const identify = async () => {
    const { device } = await server.visitor({ intent: 'identify' })
    const { conversation } = await device.ask<Authenticated>(
      'identity:authenticate',
      await authentication({ sub: 'eve' }),
    )
    return { device, ready: { conversation } as Ready }
  }
  const [one, two] = [await identify(), await identify()]
  // Nothing is stored while it is only shown.
  expect(await server.storage.conversations.find(one.ready.conversation!.id)).toBeNull()
  const requests = [one, two].map(({ device, ready }, index) => {
    const request = { clientId: newClientId(), text: `from ${index}` }
    const send = (conversationId = ready.conversation?.id) =>
      device.request<Message>('message:send', { ...request, conversationId })
    return { send, first: send() }
  })
  const results = await Promise.all(requests.map(({ first }) => first))
  const won = results.find(({ ok }) => ok)
  if (won?.ok !== true) throw new Error('neither has begun it')
  const { conversationId } = won.value
  // The other one sends it there ([DL10]); a repeat is answered as the first time.
  for (const { send } of requests) await send(conversationId)
  const begun = [one, two].find(({ ready }) => ready.conversation?.id === conversationId)
  const messages = await all(begun!.device, begun!.ready)
  expect(texts(messages).slice(0, 1)).toEqual([[1, 'bot', GREETING.text]])
  expect(messages.map(({ author }) => author.kind)).toEqual(['bot', 'visitor', 'visitor'])
  expect(messages[0]).toMatchObject({ author: { name: 'Northwind' }, quickReplies: GREETING.quickReplies })
})

it('[WH3] a quick reply of the greeting begins the conversation, and is told like any other', async () => {
  const { device, ready } = await server.visitor()
  const { device: other } = await server.visitor({ session: ready.session?.token })
  const clientId = newClientId()
  const reply = {
    conversationId: ready.conversation?.id,
    clientId,
    text: 'x',
    reply: { to: 1, value: 'order' },
  }
  expect(
    await device.refusal('message:send', { ...reply, reply: { to: 1, value: 'no such' } }),
  ).toMatchObject({
    code: 'bad-request',
  })
  expect(await all(device, ready)).toEqual([])
  expect(await device.ask('message:send', reply)).toMatchObject({
    seq: 2,
    text: 'My order',
    reply: reply.reply,
  })
  expect(await device.ask('message:send', reply)).toMatchObject({ seq: 2 })
  await other.message(({ seq }) => seq === 2)
  expect(texts(other.all<Message>('message'))).toEqual([
    [1, 'bot', GREETING.text],
    [2, 'visitor', 'My order'],
  ])
  const again = { ...reply, clientId: newClientId() }
  expect(await device.refusal('message:send', again)).toMatchObject({ code: 'already-answered' })
})

it('[WH4] the pre-chat form is stored with its answer, which is checked, before the first message', async () => {
  const { device, ready } = await server.visitor()
  const answer = (to: number, values: object) =>
    device.request<Message>('message:send', {
      ...{ conversationId: ready.conversation?.id, clientId: newClientId(), to, values },
    })
  for (const [to, values] of [
    [2, {}],
    [2, { name: 'Ada', age: '3' }],
    [1, { name: 'Ada' }],
    [3, { name: 'Ada' }],
  ] as const)
    expect(await answer(to, values)).toMatchObject({ ok: false, error: { code: 'bad-request' } })
  expect(await all(device, ready)).toEqual([])
  expect(await answer(2, { name: 'Ada' })).toMatchObject({ ok: true, value: { seq: 3 } })
  expect(await answer(2, { name: 'Eve' })).toMatchObject({ ok: false, error: { code: 'already-answered' } })
  const messages = await all(device, ready)
  expect(messages.map(({ kind }) => kind)).toEqual(['text', 'form', 'form-answer'])
  expect(messages[2]?.text).toBe('Name: Ada')
})

it('[WH6] away, agents’ customers are asked for an address, once in a conversation', async () => {
  clock = CLOSED as number
  const { device, ready } = await server.visitor()
  await device.send(ready.conversation!.id, 'anybody?')
  await device.send(ready.conversation!.id, 'hello?')
  const messages = await all(device, ready)
  expect(messages.map(({ kind, author }) => `${author.kind}: ${kind}`)).toEqual([
    'bot: text',
    'visitor: text',
    'system: form',
    'visitor: text',
  ])
  expect(messages[2]).toMatchObject({ form: AWAY, author: { name: 'Northwind' } })
  // Nobody has read it.
  expect((await server.storage.conversations.find(ready.conversation!.id))?.agentReadSeq).toBe(1)
  const answer = (email: string) =>
    device.request<Message>('message:send', {
      ...{ conversationId: ready.conversation?.id, clientId: newClientId(), to: 3, values: { email } },
    })
  expect(await answer('nobody')).toMatchObject({ ok: false, error: { code: 'bad-request' } })
  expect(await answer('ada@example.com')).toMatchObject({
    ok: true,
    value: { text: 'Email: ada@example.com' },
  })

  clock = MONDAY as number
  const { device: later, ready: open } = await server.visitor()
  await later.send(open.conversation!.id, 'anybody?')
  expect((await all(later, open)).map(({ kind }) => kind)).toEqual(['text', 'text'])
})

it('[WH5] an agent has a picture, and one whom an integration names joins like any other, once', async () => {
  clock = OPEN as number
  const avatar = 'https://shop.example.com/grace.png'
  const { device, ready } = await server.visitor()
  const conversationId = ready.conversation!.id
  await device.send(conversationId, 'hello')
  await server.agent()
  await server.agents.setAvatar('grace@example.com', avatar)
  const { device: grace, ready: console } = await server.agent()
  expect(console.agent.avatar).toBe(avatar)
  await grace.ask('message:send', { conversationId, clientId: newClientId(), body: { text: 'hi' } })
  const maya = { kind: 'agent', name: 'Maya', avatar: 'https://shop.example.com/maya.png' } as const
  for (const text of ['one', 'two'])
    await server.realtime.conversations.post({
      app: 'shop' as AppId,
      conversationId,
      body: { text },
      author: maya,
    })
  await server.realtime.conversations.post({
    app: 'shop' as AppId,
    conversationId,
    body: { text: 'by the bot' },
  })
  const told = (await all(device, ready)).slice(2)
  expect(
    told.map((message) => (message.kind === 'event' ? message.event : [message.author.name, message.text])),
  ).toEqual([
    { type: 'joined', agent: { name: 'Grace', avatar } },
    ['Grace', 'hi'],
    { type: 'joined', agent: { name: 'Maya', avatar: maya.avatar } },
    ['Maya', 'one'],
    ['Maya', 'two'],
    [undefined, 'by the bot'],
  ])
  expect(told[1]?.author).toMatchObject({ kind: 'agent', avatar })
  expect(told[3]?.author).toMatchObject(maya)
  expect(told[3]?.author.id).toBe(told[4]?.author.id)
  expect((await server.storage.conversations.find(conversationId))?.handler).toBe('agents')
})
