/** Deletions while the customer's devices are open: of the customer, and of a conversation that grew old. */
import type { Page } from 'playwright'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type ChatSite, useChatSite } from './support/chat-site.ts'
import { startLoginHost } from './support/login-host.ts'
import { rest } from './support/rest.ts'
import { startServerHere } from './support/server-here.ts'
import { API_KEY, mintToken, shopConfig } from './support/shop.ts'
import { conversationOf, stateOf, widgetOn } from './support/widget-page.ts'

let server: ChatSite['server']
useChatSite((started) => {
  server = started.server
})
const browser = useBrowser()
afterEach(() => void vi.useRealTimers())

const launcherSays = (page: Page, name: RegExp) =>
  widgetOn(page).element.getByRole('button', { name }).waitFor()
const UNREAD = /1 unread/
const NOTHING = /^Open chat$/

it('[PD2] has nothing unread on a device that is connected, that comes back, and on a page opened later', async () => {
  /** A device of the customer with a closed chat. */
  const device = async (first?: string) => {
    const context = await browser.context()
    const host = await startLoginHost(context, server.url)
    const page = await context.newPage()
    const { chat, signIn } = await host.open(page)
    await signIn('ada')
    await expect.poll(async () => (await stateOf(page)).identity.status).toBe('identified')
    if (first !== undefined) {
      await chat.say(first)
      await chat.isSent()
    }
    const id = await conversationOf(page)
    await chat.panel.getByRole('button', { name: 'Close chat' }).click()
    return { context, page, id }
  }
  const here = await device('my secret')
  const [away, closed] = [await device(), await device()]
  await rest(server.url, 'POST', `/${here.id}/messages`, { text: 'an answer' })
  for (const { page } of [here, away, closed]) await launcherSays(page, UNREAD)
  const address = closed.page.url()
  await closed.page.close()
  await away.context.setOffline(true)
  await expect.poll(async () => (await stateOf(away.page)).connection.status).not.toBe('connected')

  const erased = await fetch(`${server.url}/v1/apps/shop/users/erase`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Token ${API_KEY}` },
    body: JSON.stringify({ userIdentifier: 'ada' }),
  })
  expect(erased.status).toBe(200)
  await launcherSays(here.page, NOTHING)
  await expect.poll(async () => (await stateOf(here.page)).identity.status).toBe('reauthentication-required')
  await launcherSays(here.page, NOTHING)
  await here.page.reload()
  await launcherSays(here.page, NOTHING)
  const later = await closed.context.newPage()
  await later.goto(address)
  await launcherSays(later, NOTHING)
  await away.context.setOffline(false)
  await expect.poll(async () => (await stateOf(away.page)).identity.status).toBe('reauthentication-required')
  await launcherSays(away.page, NOTHING)
})

it('[PD3] shows nothing of a conversation whose days are over, on the page that shows it and in the list of another', async () => {
  const DAY_MS = 24 * 3_600_000
  vi.useFakeTimers({ toFake: ['Date'] })
  const now = Date.now()
  vi.setSystemTime(now - 31 * DAY_MS)
  const { url, close } = await startServerHere(shopConfig({ keepDays: { conversations: 30 } }))
  onTestFinished(close)
  const device = async () => {
    const context = await browser.context()
    const host = await startLoginHost(context, url)
    host.answer((userIdentifier) => mintToken(userIdentifier, 90 * 24 * 3_600))
    const page = await context.newPage()
    const tab = await host.open(page)
    await tab.signIn('ada')
    await expect.poll(async () => (await stateOf(page)).identity.status).toBe('identified')
    return { page, chat: tab.chat }
  }
  const call = (page: Page, method: string, id?: string) =>
    page.evaluate(
      ([name, value]) =>
        (document.querySelector('chat-widget') as unknown as Record<string, (id?: string) => Promise<void>>)[
          name
        ]?.(value),
      [method, id] as const,
    )
  const one = await device()
  await one.chat.say('my old secret')
  await one.chat.isSent()
  const old = await conversationOf(one.page)

  vi.setSystemTime(now - DAY_MS)
  const other = await device()
  await call(other.page, 'newConversation')
  await other.chat.say('just now')
  await other.chat.isSent()
  const recent = await conversationOf(other.page)
  await call(one.page, 'showConversation', old)
  await one.chat.shows('my old secret')
  const listed = async () => (await stateOf(other.page)).conversations.map(({ id }) => id)
  await expect.poll(listed).toEqual([recent, old])

  vi.setSystemTime(now)
  await expect.poll(() => one.chat.log.getByText('my old secret').count(), { timeout: 20_000 }).toBe(0)
  await expect.poll(listed).toEqual([recent])
  await one.chat.say('hello again')
  await one.chat.isSent()
  expect(await conversationOf(one.page)).toBe(recent)
  await other.chat.shows('hello again')
})
