/** A visitor with several conversations: their unread messages, and the way back to each. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { openDevice } from './support/device.ts'
import { pageWithWidget, startHostSite } from './support/host-site.ts'
import { rest } from './support/rest.ts'
import { startServerHere } from './support/server-here.ts'
import { customer, shopConfig } from './support/shop.ts'
import { isConnected, stateOf, widgetOn } from './support/widget-page.ts'

let server: Awaited<ReturnType<typeof startServerHere>>
let host: Awaited<ReturnType<typeof startHostSite>>
beforeAll(async () => {
  server = await startServerHere(shopConfig())
  host = await startHostSite()
})
afterAll(async () => {
  await host.close()
  await server.close()
})
const browser = useBrowser()

const answer = async (conversationId: string, text: string) =>
  expect((await rest(server.url, 'POST', `/${conversationId}/messages`, { text })).status).toBeLessThan(300)

describe('several conversations', () => {
  it('[DL15] count together, on every device, and each can be shown again', async () => {
    const { client } = await openDevice(server.url, customer('several'))
    const counts: number[] = []
    client.on('unread-change', (count) => counts.push(count))
    await client.send('the first')
    const first = client.getState().conversation!.id
    const second = await client.newConversation()
    expect(second).not.toBe(first)
    await client.send('the second')
    await answer(first, 'about the first')
    await expect.poll(() => client.getState().unread).toBe(1)
    expect(counts).toEqual([1])
    expect(client.getState().conversations.map(({ id, unread }) => [id, unread])).toEqual([
      [second, 0],
      [first, 1],
    ])

    const other = await openDevice(server.url, customer('several'))
    await expect.poll(() => other.client.getState().unread).toBe(1)

    await client.showConversation(first)
    expect(client.getState().conversation?.id).toBe(first)
    await expect
      .poll(() => client.getState().timeline.items.map((item) => item.kind === 'stored' && item.message.text))
      .toEqual(['the first', 'about the first'])
    client.markRead()
    await expect.poll(() => other.client.getState().unread).toBe(0)
    expect((await client.send('and on')).conversationId).toBe(first)
  })

  it('[DL15] are their owner’s alone', async () => {
    const { client } = await openDevice(server.url, customer('owner'))
    await client.send('mine')
    const mine = client.getState().conversation!.id
    const somebody = await openDevice(server.url, customer('somebody'))
    await somebody.client.send('theirs')
    await expect(somebody.client.showConversation(mine)).rejects.toMatchObject({ code: 'not-found' })
    expect(somebody.client.getState().conversations.map(({ lastMessage }) => lastMessage.text)).toEqual([
      'theirs',
    ])
    await somebody.client.setUser(customer('owner'))
    await expect
      .poll(() => somebody.client.getState().conversations.map(({ lastMessage }) => lastMessage.text))
      .toEqual(['mine'])
  })

  it('[DL15] have a way back in the panel, to the one before and to what is unread', async () => {
    const page = await browser.page()
    await page.goto(host.page('/', pageWithWidget(server.url)))
    const chat = widgetOn(page)
    await chat.open()
    await isConnected(page)
    await chat.say('a question')
    await chat.isSent()
    const first = (await stateOf(page)).conversation!.id
    const back = chat.element.getByRole('button', { name: /Previous conversation/ })
    expect(await back.count()).toBe(0)
    await chat.element.getByRole('button', { name: 'New conversation' }).click()
    await back.click()
    await chat.shows('a question')
    await chat.element.getByRole('button', { name: 'New conversation' }).click()
    await back.waitFor()
    await chat.say('another one')
    await chat.isSent()
    await back.waitFor({ state: 'detached' })
    await answer(first, 'The answer')
    await chat.element.getByRole('button', { name: 'Previous conversation, 1 unread message' }).click()
    await chat.shows('The answer')
    await expect.poll(async () => (await stateOf(page)).unread).toBe(0)
    expect((await stateOf(page)).conversation!.id).toBe(first)
    await page.reload()
    await isConnected(page)
    await expect.poll(async () => (await stateOf(page)).conversation?.id).toBe(first)
  })
})
