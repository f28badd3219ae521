/**
 * Cost of a page view while the chat is closed, counted at the server, and the cases in which the chat connects by
 * itself.
 */
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type HostSite, pageWithWidget, startHostSite } from './support/host-site.ts'
import { rest } from './support/rest.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { mintToken, shopConfig } from './support/shop.ts'
import { sqliteRows } from './support/stored-messages.ts'
import { startTcpProxy, type TcpProxy } from './support/tcp-proxy.ts'
import { until } from './support/wait.ts'
import { conversationOf, isConnected, stateOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let server: ServerHere
let network: TcpProxy
let site: HostSite
beforeAll(async () => {
  server = await startServerHere(shopConfig())
  network = await startTcpProxy(() => server.url)
  site = await startHostSite()
})
afterAll(async () => {
  await site?.close()
  await network?.close()
  await server?.close()
})

const rows = () => sqliteRows(join(server.folder, 'data'))
let customers = 0

/** A page that sets a customer as it loads, in a browser of its own or in `context`. */
async function openShop(
  attributes: string,
  {
    context,
    customer,
    file = 'chat-widget.js',
  }: {
    readonly context?: BrowserContext
    /** `null`: nobody is signed in on the page. */
    readonly customer: string | null
    readonly file?: string
  },
) {
  const page = await (context ?? (await browser.context())).newPage()
  const calls: boolean[] = []
  await page.exposeFunction('askHost', async (needsRefresh: boolean) => {
    calls.push(needsRefresh)
    return { Auth: { Token: await mintToken(customer ?? '') } }
  })
  const asked = network.asked.length
  const boot = `<script>
    const requestContextProvider = (needsRefresh) => askHost(needsRefresh)
    const user = ${customer === null ? 'null' : `{ userIdentifier: '${customer}', requestContextProvider }`}
    const receipts = []
    document.addEventListener('identity-change', ({ detail }) => detail.receipt && receipts.push(detail.receipt))
    window.ChatWidget = function () { (ChatWidget.q = ChatWidget.q || []).push(arguments) }
    ChatWidget('setUser', user)
  </script>`
  const body = `${boot}<script>
    customElements.whenDefined('chat-widget').then(() => { document.querySelector('chat-widget').user = user })
  </script>`
  const data = attributes.replace(/(\S+)=/g, 'data-$1=')
  const html =
    file === 'embed.js'
      ? `<!doctype html><html lang="en"><title>Shop</title><body>${boot}<script async src="${network.url}/embed.js" ${data}></script></body></html>`
      : pageWithWidget(network.url, { attributes, body })
  await page.goto(site.page(`/${file}/${++customers}`, html))
  const chat = widgetOn(page)
  await chat.launcher.waitFor({ state: 'visible' })
  return { page, chat, calls, asked: () => network.asked.slice(asked) }
}

/** Waits until the page has done what it does by itself. */
async function isQuiet(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((idle) => requestIdleCallback(idle)))
  await page.waitForLoadState('networkidle')
}

const isIdentified = (page: Page) =>
  until('the customer is signed in', async () => (await stateOf(page)).identity.status === 'identified')

const call = (page: Page, script: string) => page.evaluate(`document.querySelector('chat-widget').${script}`)

const newCustomer = () => `customer-${++customers}@example.com`

describe('[ID18] a page view with a closed chat, nothing being there to tell,', () => {
  // The first test of the file: a chat of an earlier one may still be storing something.
  it('costs one file though a customer is set (chat-widget.js, embed.js); opened, the customer is verified once', async () => {
    const before = rows()
    const shops: Awaited<ReturnType<typeof openShop>>[] = []
    for (const file of ['chat-widget.js', 'embed.js']) {
      const shop = await openShop('app="shop"', { customer: newCustomer(), file })
      await isQuiet(shop.page)
      expect(shop.asked()).toEqual([`/${file}`])
      expect(shop.calls).toEqual([])
      expect(await stateOf(shop.page)).toMatchObject({
        identity: { status: 'authenticating', userIdentifier: expect.any(String) },
        connection: { status: 'closed' },
      })
      shops.push(shop)
    }
    // Before any is opened: what a chat has to store, it may store after the visitor has the answer.
    expect(rows()).toBe(before)

    for (const { page, chat, calls } of shops) {
      await chat.open()
      await isIdentified(page)
      await chat.say('hello')
      await chat.isSent()
      expect(calls).toEqual([false])
    }
  })

  it.each(['persistent', 'on-interaction', 'session', 'none'])(
    'costs one file on the next page as well, with storage="%s"',
    async (storage) => {
      const context = await browser.context()
      const attributes = `app="shop" storage="${storage}"`
      const first = await openShop(attributes, { context, customer: newCustomer() })
      await isQuiet(first.page)
      const next = await openShop(attributes, { context, customer: newCustomer() })
      await isQuiet(next.page)
      expect([...first.asked()]).toEqual(['/chat-widget.js', '/chat-widget.js'])
      expect([...first.calls, ...next.calls]).toEqual([])
    },
  )

  it('costs one file where the visitor has opened the chat before, and nothing was said', async () => {
    const context = await browser.context()
    const first = await openShop('app="shop"', { context, customer: null })
    await first.chat.open()
    await isConnected(first.page)
    await first.page.close()
    const { page, calls, asked } = await openShop('app="shop"', { context, customer: newCustomer() })
    await isQuiet(page)
    expect([asked(), calls]).toEqual([['/chat-widget.js'], []])
  })

  it('costs one file after the customer has changed and left, and the element has moved', async () => {
    const { page, calls, asked } = await openShop('app="shop"', { customer: newCustomer() })
    await page.evaluate(() => {
      const chat = document.querySelector('chat-widget') as HTMLElement & { user: unknown }
      chat.user = { userIdentifier: 'somebody@example.com', requestContextProvider: () => ({}) }
      chat.user = null
      document.body.prepend(chat)
    })
    await isQuiet(page)
    expect([asked(), calls]).toEqual([['/chat-widget.js'], []])
    expect((await stateOf(page)).identity).toEqual({ status: 'anonymous' })
  })
})

it('[ID13] [ID18] after a logout in another tab, a chat that never connected asks its own page anew', async () => {
  const context = await browser.context()
  const customer = newCustomer()
  const first = await openShop('app="shop"', { context, customer })
  const closed = await openShop('app="shop"', { context, customer })
  await first.chat.open()
  await isIdentified(first.page)
  await call(first.page, 'logout()')
  await isQuiet(closed.page)
  expect(closed.calls).toEqual([])
  expect((await stateOf(closed.page)).identity.status).toBe('authenticating')
  await closed.chat.open()
  await isIdentified(closed.page)
  expect([first.calls, closed.calls]).toEqual([[false], [false]])
  expect((await stateOf(first.page)).identity.status).toBe('anonymous')
  await isConnected(first.page)
})

describe('[ID18] a closed chat verifies the customer at once', () => {
  it.each(['chat-widget.js', 'embed.js'])('with connect="eager" (%s)', async (file) => {
    const { page, calls } = await openShop('app="shop" connect="eager"', { customer: newCustomer(), file })
    await isIdentified(page)
    expect(calls).toEqual([false])
    expect((await stateOf(page)).open).toBe(false)
  })

  it.each([
    ['connect()', 'chat-widget.js', "document.querySelector('chat-widget').connect()"],
    ["ChatWidget('connect')", 'embed.js', "ChatWidget('connect')"],
  ])('by %s, which resolves then', async (_what, file, script) => {
    const { page, calls } = await openShop('app="shop"', { customer: newCustomer(), file })
    await page.evaluate(script)
    expect((await stateOf(page)).identity.status).toBe('identified')
    expect(calls).toEqual([false])
  })

  it('where they have a conversation: the launcher shows what is unread', async () => {
    const context = await browser.context()
    const customer = newCustomer()
    const first = await openShop('app="shop"', { context, customer })
    await first.chat.open()
    await isIdentified(first.page)
    await first.chat.say('hello')
    await first.chat.isSent()
    const id = await conversationOf(first.page)
    await first.page.close()
    await rest(server.url, 'POST', `/${id}/messages`, { text: 'Good morning' })

    const { page, chat, calls } = await openShop('app="shop"', { context, customer })
    await chat.element.getByRole('button', { name: /1 unread message/ }).waitFor()
    expect([(await stateOf(page)).open, calls]).toEqual([false, [false]])
  })

  it('where the anonymous visitor has a conversation, which becomes theirs', async () => {
    const context = await browser.context()
    const first = await openShop('app="shop"', { context, customer: null })
    await first.chat.open()
    await isConnected(first.page)
    await first.chat.say('who am I?')
    await first.chat.isSent()
    const id = await conversationOf(first.page)
    await first.page.close()

    const { page } = await openShop('app="shop"', { context, customer: newCustomer() })
    await isIdentified(page)
    expect(await page.evaluate('receipts')).toMatchObject([{ mergedConversations: [id] }])
    expect((await stateOf(page)).open).toBe(false)
  })

  it('in another tab, where they have begun to chat in this one; a logout in either is one in both', async () => {
    const context = await browser.context()
    const customer = newCustomer()
    const closed = await openShop('app="shop"', { context, customer })
    const opened = await openShop('app="shop"', { context, customer })
    await opened.chat.open()
    await opened.chat.say('hello')
    await opened.chat.isSent()
    await isIdentified(closed.page)
    expect([...closed.calls, ...opened.calls], '[ID3]').toEqual([false])
    await call(closed.page, 'logout()')
    expect((await stateOf(opened.page)).identity.status).toBe('anonymous')
  })
})
