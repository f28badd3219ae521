import type { AppId, WebhookDeliveryPage, WebhookInfo } from '@chat-widget/protocol'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startRealtime, type TestRealtime } from '../realtime/realtime.testing.ts'
import type { TestDevice } from '../realtime/test-device.testing.ts'
import { type Receiver, startReceiver } from './receiver.testing.ts'

let receiver: Receiver
let server: TestRealtime
beforeAll(async () => {
  receiver = await startReceiver()
  const webhook = receiver.webhook('/crm?key=secret', ['message.created', 'conversation.created'])
  server = await startRealtime({
    tuning: { webhookBackoffMs: [3_600_000, 3_600_000], webhookTimeoutMs: 5_000 },
  })
  server.apps.replace(server.apps.list.map((app) => ({ ...app, webhooks: [webhook] })))
  const account = { password: 'correct horse', apps: ['shop' as AppId] }
  for (const [name, role] of [
    ['Olive', 'owner'],
    ['Adam', 'admin'],
    ['Shane', 'agent'],
    ['Rita', 'reader'],
  ] as const)
    await server.agents.add({ ...account, name, role, email: `${name.toLowerCase()}@example.com` })
  // Of each app, one delivery is given up, and one waits for an hour.
  receiver.behaviour.answer = ({ request }) => (request.type === 'conversation.created' ? 410 : 503)
  for (const app of ['shop', 'other']) {
    const { device, ready } = await server.visitor({ app })
    await device.send(ready.conversation!.id, 'hello')
  }
  const owner = await as('Olive')
  await vi.waitFor(async () => {
    expect((await deliveries(owner, 'given-up')).deliveries).toHaveLength(2)
    const { deliveries: waiting } = await deliveries(owner, 'waiting')
    expect(waiting.map(({ problem }) => problem)).toEqual(['status 503', 'status 503'])
  })
})
afterAll(async () => {
  await server.stop()
  await receiver.stop()
})

const as = async (name: string) => (await server.agent(name)).device
const codeOf = async (device: TestDevice, event: string, request: object) => {
  const result = await device.request(event, request)
  return result.ok ? 'ok' : result.error.code
}
const deliveries = (device: TestDevice, state: string) =>
  device.ask<WebhookDeliveryPage>('deliveries:list', { state, limit: 10 })

it('[WB4] [AG3] shows an administrator the webhooks of their apps, and what waits or was given up, without secrets', async () => {
  const adam = await as('Adam')
  const { webhooks } = await adam.ask<{ webhooks: WebhookInfo[] }>('webhooks:list', {})
  expect(webhooks).toEqual([
    {
      ...{ app: 'shop', address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/crm$/) },
      ...{ events: ['message.created', 'conversation.created'], waiting: 1, failing: 1, givenUp: 1 },
    },
  ])
  const given = await deliveries(adam, 'given-up')
  expect(given).toMatchObject({
    deliveries: [
      { app: 'shop', event: 'conversation.created', state: 'given-up', tries: 1, problem: 'status 410' },
    ],
    cursor: null,
  })
  expect(JSON.stringify([webhooks, given, await deliveries(adam, 'waiting')])).not.toMatch(
    /secret|whsec|hello/,
  )
})

it('[WB4] [AG1] [AG2] sends again what an administrator asks for, of their apps, and notes it', async () => {
  receiver.behaviour.answer = () => 200
  const adam = await as('Adam')
  const owner = await as('Olive')
  const others = (await deliveries(owner, 'given-up')).deliveries.filter(({ app }) => app === 'other')
  expect(await codeOf(adam, 'deliveries:replay', { id: others[0]!.id })).toBe('not-found')
  const [waiting] = (await deliveries(adam, 'waiting')).deliveries
  await adam.ask('deliveries:replay', { id: waiting!.id })
  expect(await adam.ask('deliveries:replay', { id: null })).toEqual({ replayed: 1 })
  await expect.poll(async () => (await deliveries(adam, 'waiting')).deliveries).toEqual([])
  expect((await deliveries(adam, 'given-up')).deliveries).toEqual([])
  expect((await deliveries(owner, 'given-up')).deliveries).toHaveLength(1)
  const { entries } = await server.storage.audit.list({ limit: 2 })
  expect(entries).toMatchObject(
    [1, 1].map((count) => ({
      ...{
        kind: 'deliveries-replayed',
        app: 'shop',
        byAgent: { name: 'Adam' },
        details: { deliveries: count },
      },
    })),
  )
})

it('[AG2] is refused to who does not manage, whatever they were', async () => {
  for (const name of ['Shane', 'Rita'])
    for (const [event, request] of [
      ['webhooks:list', {}],
      ['deliveries:list', { state: 'waiting', limit: 1 }],
      ['deliveries:replay', { id: null }],
    ] as const)
      expect([name, event, await codeOf(await as(name), event, request)]).toEqual([name, event, 'forbidden'])
  const adam = await as('Adam')
  expect(await codeOf(adam, 'deliveries:list', { state: 'waiting', limit: 101 })).toBe('bad-request')
  expect(await codeOf(adam, 'deliveries:list', { state: 'waiting', limit: 1, cursor: 'rubbish' })).toBe(
    'bad-request',
  )
  await server.storage.agents.setAccess(
    (await server.storage.agents.findByEmail('adam@example.com'))!.id,
    { role: 'agent' },
    { at: Date.now() },
  )
  expect(await codeOf(adam, 'deliveries:replay', { id: null })).toBe('forbidden')
})
