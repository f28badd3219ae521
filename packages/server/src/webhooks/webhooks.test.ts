import { WEBHOOK_EVENTS, type WebhookRequest } from '@chat-widget/protocol'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type StartOptions, signIn, startRealtime, type TestRealtime } from '../realtime/realtime.testing.ts'
import { newClientId } from '../realtime/test-device.testing.ts'
import { DEFAULT_TUNING } from '../realtime/tuning.ts'
import { type Receiver, startReceiver } from './receiver.testing.ts'

let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver.stop())

let server: TestRealtime | null = null
afterEach(async () => {
  receiver.received.length = 0
  receiver.behaviour.answer = () => 200
  await server?.stop()
  server = null
})

async function start(options: StartOptions = {}) {
  const tuning = { webhookBackoffMs: [1, 2], webhookTimeoutMs: 5_000, ...options.tuning } as const
  server = await startRealtime({ ...options, tuning })
  return server
}

const all = (path = '/all') => receiver.webhook(path, WEBHOOK_EVENTS)
const typesOf = (path: string) => receiver.at(path).map(({ request }) => request.type)
const textsOf = (path: string) =>
  receiver
    .at(path)
    .flatMap(({ request }) => (request.type === 'message.created' ? [request.message.text] : []))
const failed = async ({ storage }: TestRealtime) =>
  storage.jobs.list({ kind: 'webhook', onlyFailed: true, limit: 100 })

it('[WB1] tells each event that was asked for, signed, in order, with an id of its own', async () => {
  const some = receiver.webhook('/some', ['conversation.closed', 'user.identified'])
  const { visitor, agent, realtime } = await start({ shop: { webhooks: [all(), some] } })
  const { device, ready } = await visitor()
  const id = ready.conversation!.id
  await device.send(id, 'hello')
  const grace = await agent()
  await grace.device.ask('message:send', {
    conversationId: id,
    clientId: newClientId(),
    body: { text: 'good morning' },
  })
  await signIn(device)
  await realtime.conversations.close(id)

  const anonymous = { verified: false }
  const ada = { verified: true, userIdentifier: 'ada' }
  const told: readonly Partial<WebhookRequest>[] = [
    { type: 'conversation.created', conversation: { id, status: 'open', handler: 'agents' } },
    { type: 'message.created', message: expect.objectContaining({ seq: 1, text: 'hello' }) },
    { type: 'message.created', message: expect.objectContaining({ seq: 2, kind: 'event' }) },
    { type: 'message.created', message: expect.objectContaining({ seq: 3, text: 'good morning' }) },
    { type: 'message.created', message: expect.objectContaining({ seq: 4, kind: 'event' }) },
    { type: 'conversation.closed', conversation: { id, status: 'closed', handler: 'agents' } },
  ]
  await expect.poll(() => typesOf('/all')).toHaveLength(7)
  const requests = receiver.at('/all').map(({ request }) => request)
  expect(requests.filter(({ type }) => type !== 'user.identified')).toMatchObject(told)
  for (const { app, timestamp } of requests)
    expect([app, Number.isNaN(Date.parse(timestamp))]).toEqual(['shop', false])
  expect(requests[0]).toMatchObject({ visitor: anonymous })
  expect(requests.find(({ type }) => type === 'user.identified')).toMatchObject({
    ...{ visitor: ada, conversations: [id] },
  })
  await expect.poll(() => typesOf('/some').toSorted()).toEqual(['conversation.closed', 'user.identified'])
  expect(new Set(receiver.received.map((one) => one.id)).size).toBe(9)
  await expect.poll(() => server!.storage.jobs.count()).toEqual([])
})

it('[WB1] tells of a handler that changed, however it changed, and of nothing where none is asked for', async () => {
  const { visitor, realtime, company } = await start({
    ...{ withBot: true, shop: { webhooks: [receiver.webhook('/handed', ['conversation.handed-over'])] } },
  })
  company.behaviour.bot = () => ({ handOver: true })
  const { device, ready } = await visitor()
  await device.send(ready.conversation!.id, 'hello')
  await expect.poll(() => typesOf('/handed')).toHaveLength(1)
  await realtime.conversations.setHandler(ready.conversation!.id, 'bot', 'company-asked')
  await expect
    .poll(() => receiver.at('/handed').map(({ request }) => request))
    .toMatchObject([
      { type: 'conversation.handed-over', conversation: { handler: 'agents' } },
      { type: 'conversation.handed-over', conversation: { handler: 'bot' } },
    ])
  const other = await visitor({ app: 'other' })
  await other.device.send(other.ready.conversation!.id, 'hello')
  const counted = (await server!.storage.jobs.count()).filter(({ kind }) => kind === 'webhook')
  expect(counted).toEqual([])
})

it('[WB2] tries again under the same id, holds up the conversation’s later events, and no other’s', async () => {
  const { visitor } = await start({ shop: { webhooks: [all()] } })
  let refused = 0
  const isMine = (request: WebhookRequest) =>
    request.type === 'message.created' && request.message.text === 'one'
  receiver.behaviour.answer = ({ request }) => {
    if (!isMine(request) || refused === 3) return 204
    refused += 1
    return 503
  }
  const { device, ready } = await visitor()
  for (const text of ['one', 'two', 'three']) await device.send(ready.conversation!.id, text)
  await expect.poll(() => textsOf('/all')).toEqual(['one', 'one', 'one', 'one', 'two', 'three'])
  expect(new Set(receiver.received.filter(({ request }) => isMine(request)).map(({ id }) => id)).size).toBe(1)
})

it('[WB2] gives up after a day, keeps it with the reason, goes on with the next, and delivers it when it is replayed', async () => {
  expect(DEFAULT_TUNING.webhookPatienceMs).toBe(24 * 3_600_000)
  const { visitor, storage, jobs } = await start({
    ...{ shop: { webhooks: [all()] }, tuning: { webhookPatienceMs: 1_000 } },
  })
  receiver.behaviour.answer = ({ request }) => (request.type === 'conversation.created' ? 500 : 200)
  const { device, ready } = await visitor()
  await device.send(ready.conversation!.id, 'hello')
  await expect.poll(() => textsOf('/all')).toEqual(['hello'])
  expect(typesOf('/all').length).toBeGreaterThan(2)
  const [given] = await failed(server!)
  expect(given).toMatchObject({ problem: 'status 500', payload: { event: { type: 'conversation.created' } } })

  receiver.behaviour.answer = () => 200
  const before = receiver.received.length
  const replay = (id: string) =>
    storage.webhookDeliveries.replay({ id, limit: 1, by: { kind: 'command' }, at: Date.now() })
  expect(await replay(given!.key)).toBe(1)
  expect(await replay('another')).toBe(0)
  jobs.wake()
  await expect.poll(() => receiver.received.slice(before)).toMatchObject([{ id: given!.key }])
  await expect.poll(() => storage.jobs.count()).toEqual([])
})

it('[WB2] is not tried again where the receiver is gone, and follows a reload of the configuration', async () => {
  const { visitor, apps } = await start({ shop: { webhooks: [all('/old')] } })
  receiver.behaviour.answer = ({ path }) => (path === '/gone' ? 410 : path === '/old' ? 500 : 200)
  const { device, ready } = await visitor()
  const send = (text: string) => device.send(ready.conversation!.id, text)
  await send('one')
  await expect.poll(() => typesOf('/old').length).toBeGreaterThan(0)
  const [shop, other] = apps.list
  apps.replace([
    { ...shop!, webhooks: [all('/new'), receiver.webhook('/gone', ['message.created'])] },
    other!,
  ])
  await send('two')
  await expect.poll(() => textsOf('/new')).toEqual(['two'])
  await expect
    .poll(async () => (await failed(server!)).map(({ problem }) => problem).toSorted())
    .toEqual(['not configured any more', 'not configured any more', 'status 410'])
  expect(typesOf('/gone')).toHaveLength(1)
})

it('[WB3] a receiver that hangs holds up nobody else’s, of the same app and of others', async () => {
  const { visitor } = await start({
    shop: { webhooks: [receiver.webhook('/hangs', ['message.created']), all('/works')] },
    tuning: { webhookTimeoutMs: 60_000 },
  })
  receiver.behaviour.answer = ({ path }) => (path === '/hangs' ? null : 200)
  for (let n = 0; n < 25; n += 1) {
    const { device, ready } = await visitor()
    await device.send(ready.conversation!.id, 'hello')
  }
  await expect.poll(() => typesOf('/works')).toHaveLength(50)
  await expect.poll(() => typesOf('/hangs')).toHaveLength(20)
})

it('[WB3] a receiver that fails for many conversations is left alone for half a minute', async () => {
  const { visitor, storage } = await start({
    shop: { webhooks: [receiver.webhook('/fails', ['message.created'])] },
  })
  receiver.behaviour.answer = () => 500
  for (let n = 0; n < 12; n += 1) {
    const { device, ready } = await visitor()
    await device.send(ready.conversation!.id, 'hello')
  }
  const paused = async () => {
    const jobs = await storage.jobs.list({ kind: 'webhook', onlyFailed: false, limit: 100 })
    return jobs.filter(({ problem }) => problem === 'paused after failures')
  }
  await expect.poll(async () => (await paused()).length).toBe(12)
  const { length } = receiver.received
  await server!.storage.ping()
  expect(receiver.received).toHaveLength(length)
})
