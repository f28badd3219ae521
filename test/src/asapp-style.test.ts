/** Contexts with the keys of ASAPP's web SDK, from the site's provider to the company's API. */
import type { BotAnswer, BotRequest } from '@chat-widget/protocol'
import { expect, it, onTestFinished } from 'vitest'
import { openDevice, showsText } from './support/device.ts'
import { startFakeApi } from './support/fake-api.ts'
import { startFakeBot } from './support/fake-bot.ts'
import { startServerHere } from './support/server-here.ts'
import { mintToken, shopConfig } from './support/shop.ts'

const orderBot = (request: BotRequest): BotAnswer =>
  request.type === 'action-result'
    ? { messages: [{ text: `outcome: ${request.status} ${JSON.stringify(request.body)}` }] }
    : { messages: [{ action: { name: 'orders' } }] }

async function startShop() {
  const api = await startFakeApi({ orders: [] })
  onTestFinished(() => api.close())
  const bot = await startFakeBot(orderBot)
  onTestFinished(() => bot.close())
  const { apps } = shopConfig({ bot, actions: { orders: { url: api.url } } }) as { apps: [object] }
  const server = await startServerHere({ apps: [{ ...apps[0], contextStyle: 'asapp' }] })
  onTestFinished(() => server.close())
  return { api, server }
}

/** A customer of the test's own, whose provider returns this beside the token. */
async function askForOrders(url: string, auth: object) {
  const userIdentifier = crypto.randomUUID()
  const device = await openDevice(url, {
    userIdentifier,
    requestContextProvider: async () => ({ Auth: { Token: await mintToken(userIdentifier), ...auth } }),
  })
  await device.client.send('orders?')
  return device
}

it('[ID16] a token alone signs the request, and headers may go with it', async () => {
  const { api, server } = await startShop()
  const device = await askForOrders(server.url, { Headers: { 'x-tenant': 'nw' } })
  await showsText(device, 'outcome: 200 {"orders":[]}')
  expect(api.tokens).toHaveLength(1)
})

it('[ID16] what could steer the request makes the action fail before the company is asked', async () => {
  const { api, server } = await startShop()
  for (const auth of [
    { Headers: { Host: 'internal.example.com' } },
    { Headers: { 'X-Forwarded-For': '127.0.0.1' } },
    { Headers: { x: 'y\r\nx-admin: 1' } },
    { Headers: { 'x: y\r\nx-admin': '1' } },
    { Cookies: { sid: '1; admin=1' } },
  ])
    await showsText(await askForOrders(server.url, auth), 'outcome: 0 {"error":{"code":"value-refused"}}')
  expect(api.tokens).toEqual([])
})
