/** A customer who is erased while one of their devices is open, one is away, and one has the page closed. */
import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type ChatSite, useChatSite } from './support/chat-site.ts'
import { startLoginHost } from './support/login-host.ts'
import { rest } from './support/rest.ts'
import { API_KEY } from './support/shop.ts'
import { conversationOf, stateOf, widgetOn } from './support/widget-page.ts'

let server: ChatSite['server']
useChatSite((started) => {
  server = started.server
})
const browser = useBrowser()

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
