/** A visitor with several conversations: their unread messages, and the way back to each. */
import { readFile } from 'node:fs/promises'
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
const browser = useBrowser({ reuses: true })

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

  it('[CV2] [CV3] [CV4] [CV6] [CV8] lose nothing: two of them, a rating and a transcript, in two tabs', async () => {
    const page = await browser.page()
    const address = host.page('/', pageWithWidget(server.url))
    await page.addInitScript(() => {
      const ended: unknown[] = []
      Object.assign(globalThis, { ended })
      document.addEventListener('conversation-end', (event) => ended.push((event as CustomEvent).detail))
    })
    await page.goto(address)
    const chat = widgetOn(page)
    const button = (name: string | RegExp) =>
      chat.element.getByRole('button', { name, exact: typeof name === 'string' })
    const rows = chat.element.locator('[part~=conversation]')
    await chat.open()
    await isConnected(page)
    expect(await button(/^Conversations/).count()).toBe(0)
    await chat.say('a question')
    await chat.isSent()
    const first = (await stateOf(page)).conversation!.id

    // The list's file cannot be loaded at first: that is said, and the next tap tries again.
    const listFile = /\/chat-home-/
    await page.route(listFile, (route) => route.abort())
    await button('Conversations').click()
    await chat.element.getByText(/could not be loaded/).waitFor()
    await chat.shows('a question')
    await page.unroute(listFile)

    // Unsent messages and the draft belong to the first one.
    await button('Conversations').click()
    await rows.getByText('a question').waitFor()
    await button('Back to the conversation').click()
    await page.context().setOffline(true)
    await chat.say('written offline')
    await button('Conversations').click()
    await rows.getByText('1 message not sent yet').waitFor()
    await page.context().setOffline(false)
    await rows.getByText('1 message not sent yet').waitFor({ state: 'detached' })
    await button('Back to the conversation').click()
    await chat.input.fill('half a thought')
    await button('New conversation').click()
    await expect.poll(() => chat.input.inputValue()).toBe('')
    await chat.say('another one')
    await chat.isSent()
    expect((await stateOf(page)).conversation!.id).not.toBe(first)

    // Unread in the one that is not shown.
    await answer(first, 'The **answer**')
    await button('Conversations, 1 unread message').click()
    await rows.first().getByText('The answer').waitFor()
    expect(await rows.count()).toBe(2)
    await rows.first().click()
    await chat.shows('The answer')
    await expect.poll(async () => (await stateOf(page)).unread).toBe(0)
    await expect.poll(() => chat.input.inputValue()).toBe('half a thought')

    // A second tab shows the same.
    const other = await page.context().newPage()
    await other.goto(address)
    const chatThere = widgetOn(other)
    await chatThere.open()
    await chatThere.shows('The answer')
    await expect.poll(() => chatThere.input.inputValue()).toBe('half a thought')
    expect((await stateOf(other)).conversation!.id).toBe(first)
    await chat.input.fill('')

    // Closed: a new one is offered, and a rating is asked for, once.
    expect((await rest(server.url, 'POST', `/${first}/close`)).status).toBe(200)
    await chat.element.getByText('This conversation is closed.').waitFor()
    await chatThere.element.getByText('This conversation is closed.').waitFor()
    expect(await chat.input.count()).toBe(0)
    expect(await page.evaluate(() => (globalThis as unknown as { ended: unknown[] }).ended)).toEqual([
      { conversationId: first },
    ])
    await chat.element.getByRole('radio', { name: '4 of 5: good' }).check()
    await chat.element.getByRole('textbox').fill('Quick, and <b>kind</b>')
    await button('Send rating').click()
    await chat.element.getByText('Thank you for your rating.').waitFor()
    await expect.poll(() => chatThere.element.getByRole('radio').count()).toBe(0)
    const { body } = await rest(server.url, 'GET', '')
    expect(body.conversations.find(({ id }) => id === first)?.rated).toEqual({
      rating: 4,
      text: 'Quick, and <b>kind</b>',
    })

    // The transcript in three forms.
    const download = async (entry: string) => {
      await button('More').click()
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        chat.element.getByRole('menuitem', { name: entry }).click(),
      ])
      return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') }
    }
    const text = await download('As text')
    expect(text.name).toMatch(/^transcript-[-\d]+\.txt$/)
    for (const said of ['Visitor: a question', 'Visitor: written offline', 'The **answer**', 'Rated 4 of 5'])
      expect(text.text).toContain(said)
    const html = await download('As a page to print')
    expect(html.name).toMatch(/\.html$/)
    expect(html.text).toContain('Quick, and &lt;b&gt;kind&lt;/b&gt;')
    // Printed by a browser with dark pages: dark on white, and within a sheet of A4.
    const sheet = await browser.page({ colorScheme: 'dark', viewport: { width: 794, height: 1123 } })
    await sheet.setContent(html.text)
    await sheet.emulateMedia({ media: 'print' })
    const look = await sheet.evaluate(() => {
      const { color, colorScheme } = getComputedStyle(document.body)
      const own = getComputedStyle(document.querySelector('.own .text')!).backgroundColor
      const { scrollWidth, clientWidth } = document.documentElement
      return { color, colorScheme, own, fits: scrollWidth <= clientWidth }
    })
    expect(look).toEqual({
      color: 'rgb(0, 0, 0)',
      colorScheme: 'light',
      own: 'rgb(255, 255, 255)',
      fits: true,
    })
    expect((await sheet.pdf()).subarray(0, 5).toString()).toBe('%PDF-')
    const json = await download('As data (JSON)')
    expect(JSON.parse(json.text).messages[0].text).toBe('a question')

    // A new one, in both tabs; also after a reload.
    await button('Start a new conversation').click()
    await chat.say('a third one')
    await chat.isSent()
    const third = (await stateOf(page)).conversation!.id
    await chatThere.shows('a third one')
    await page.reload()
    await isConnected(page)
    await expect.poll(async () => (await stateOf(page)).conversation?.id).toBe(third)
  })
})
