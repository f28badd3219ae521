import { randomUUID } from 'node:crypto'
import type { AppId, ConversationId, ConversationPage, ConversationSummary } from '@chat-widget/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId, openAgent } from './test-device.testing.ts'

const OTHER = 'other' as AppId

let server: TestRealtime
beforeAll(async () => {
  server = await startRealtime({ actions: ({ url }) => ({ orders: { url: `${url}/orders` } }) })
  // The first account is an owner.
  await server.agents.add({ name: 'Ada', email: 'ada@example.com', password: 'correct horse' })
  await server.agents.add({
    ...{ name: 'Olga', email: 'olga@example.com', password: 'correct horse', apps: [OTHER] },
  })
})
afterAll(() => server.stop())

/** A visitor who wrote something. */
async function visitorOf(app: string) {
  const { device, ready } = await server.visitor({ app })
  const id = ready.conversation?.id as ConversationId
  await device.send(id, `hello ${app}`)
  return { device, id }
}

it('[AG3] an agent sees, hears and changes nothing of another app, as if it were not there', async () => {
  const [shop, own] = [await visitorOf('shop'), await visitorOf('other')]
  const { device, ready } = await server.agent('Olga')
  expect(ready.apps.map(({ id }) => id)).toEqual(['other'])
  expect(ready.agent.apps).toEqual(['other'])

  const list = async (more: object) =>
    (await device.ask<ConversationPage>('conversations:list', { limit: 10, ...more })).conversations.map(
      ({ id }) => id,
    )
  expect(await list({})).toEqual([own.id])
  expect(await list({ app: 'other', status: 'open' })).toEqual([own.id])
  expect(await list({ app: 'shop' })).toEqual([])

  const nowhere = randomUUID()
  const body = { text: 'hi' }
  for (const [event, rest] of [
    ['conversation:watch', {}],
    ['messages:fetch', { limit: 1 }],
    ['conversation:trace', {}],
    ['conversation:read', { seq: 1 }],
    ['conversation:close', {}],
    ['conversation:hand', { handler: 'agents' }],
    ['message:send', { clientId: newClientId(), body }],
    ['message:edit', { seq: 1, clientId: newClientId(), body }],
    ['message:delete', { seq: 1 }],
    ['file:upload', { name: 'a.txt', size: 1 }],
    ['action:run', { runId: randomUUID(), name: 'orders', params: {} }],
    ['typing', { typing: true }],
  ] as const) {
    const ofOthers = await device.refusal(event, { conversationId: shop.id, ...rest })
    expect([event, ofOthers.code]).toEqual([event, 'not-found'])
    expect(await device.refusal(event, { conversationId: nowhere, ...rest })).toEqual(ofOthers)
  }
  await device.request('conversations:delivered', { positions: [{ conversationId: shop.id, seq: 1 }] })
  const template = { id: randomUUID(), name: 'One', body }
  for (const [event, rest] of [
    ['templates:list', {}],
    ['template:save', template],
    ['template:delete', { id: template.id }],
  ] as const) {
    expect((await device.refusal(event, { app: 'shop', ...rest })).code).toBe('unknown-app')
    await device.ask(event, { app: 'other', ...rest })
  }

  await shop.device.send(shop.id, 'again')
  await own.device.send(own.id, 'again')
  await device.heard<ConversationSummary>('conversation:updated', ({ headSeq }) => headSeq === 2)
  await device.heard<{ count: number }>('unread', ({ count }) => count === 2)
  expect(device.all<ConversationSummary>('conversation:updated').filter(({ id }) => id !== own.id)).toEqual(
    [],
  )
  expect(device.all<{ count: number }>('unread').filter(({ count }) => count > 2)).toEqual([])
  expect(shop.device.all('typing')).toEqual([])
  expect(shop.device.all('receipt')).toEqual([])
  expect(shop.device.all('delivered')).toEqual([])
  expect((await server.realtime.conversations.find(shop.id)).status).toBe('open')
})

it('[AG3] a change of apps holds at once: the console connects again, and hears of the others', async () => {
  const shop = await visitorOf('shop')
  const { device, cookie } = await server.agent('Olga')
  await server.agents.setApps('olga@example.com', ['shop' as AppId])
  await device.gone()
  const again = await openAgent(server.url, cookie)
  expect(again.ready.apps.map(({ id }) => id)).toEqual(['shop'])
  await again.device.ask('conversation:watch', { conversationId: shop.id })
  await shop.device.send(shop.id, 'again')
  await again.device.message(({ seq }) => seq === 2)
  await server.agents.setApps('olga@example.com', [OTHER])
  await again.device.gone()
})

it('[AG3] an agent of an app that the server does not have sees nothing', async () => {
  await visitorOf('shop')
  const apps = ['gone' as AppId]
  await server.agents.add({ name: 'Gil', email: 'gil@example.com', password: 'correct horse', apps })
  const { device, ready } = await server.agent('Gil')
  expect(ready.apps).toEqual([])
  const { conversations } = await device.ask<ConversationPage>('conversations:list', { limit: 10 })
  expect(conversations).toEqual([])
})
