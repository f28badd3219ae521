/** The main story: a visitor chats in the shop, signs in, an expired token is renewed unnoticed, an agent answers. */
import { decodeJwt } from 'jose'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { signInToConsole } from './support/console-page.ts'
import { type Demo, openDemo, shopOn } from './support/demo.ts'
import { slowNetwork } from './support/slow-network.ts'
import { until } from './support/wait.ts'
import { conversationOf, isConnected, stateOf, widgetOn } from './support/widget-page.ts'

/** Short, so that a test can wait for its end; the client renews it 5 s before. */
const TOKEN_SECONDS = 9
/** The server accepts events for this long after `exp`. */
const GRACE_SECONDS = 5
/** A page's clock can only be stopped at a future time. */
const STOPS_WITHIN_MS = 15_000

const browser = useBrowser({ moves: true })
let demo: Demo
beforeAll(async () => {
  demo = await openDemo({ tokenLifetimeSeconds: TOKEN_SECONDS })
})
afterAll(() => demo?.close())

const [alex, sam] = [0, 1].map((index) => () => demo.customers[index]!) as [
  () => Demo['customers'][number],
  () => Demo['customers'][number],
]
const ORDERS = { alex: /NW-1042/ }

async function visit(page: Page, path = '/') {
  await page.goto(demo.shopUrl + path)
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  return { chat, shop: shopOn(page) }
}

type Visit = Awaited<ReturnType<typeof visit>>

/** Asks about the order and signs in when the card says so. */
async function askAndSignIn({ chat, shop }: Visit): Promise<Visit> {
  await chat.say('Where is my order?')
  await chat.log.getByRole('button', { name: 'Sign in' }).click()
  await shop.fillIn(alex())
  await chat.shows(ORDERS.alex)
  return { chat, shop }
}

/** Calls of the provider with `needsRefresh`, as the page's log shows them. */
const refreshes = (page: Page) =>
  shopOn(page).entries('provider-call').and(page.locator('[data-needs-refresh=true]'))

/** End of the newest token that the shop gave to this page, in milliseconds since the epoch. */
function tokenEnd(page: Page): () => number {
  let end = 0
  page.on('response', async (response) => {
    if (!response.url().endsWith('/chat-token') || !response.ok()) return
    // The page may be closed before the answer was read.
    const answer = (await response.json().catch(() => null)) as { token: string } | null
    if (answer !== null) end = Math.max(end, (decodeJwt(answer.token).exp ?? 0) * 1_000)
  })
  return () => end
}

describe('a visitor', () => {
  it('writes, sees the message being sent and sent, and finds it again after a reload', async () => {
    const page = await browser.page()
    const network = await slowNetwork(page)
    const { chat } = await visit(page)

    network.hold()
    await chat.say('Hello there')
    await chat.shows('Sending…')
    network.release()
    await chat.isSent()
    await chat.shows(/welcome to Northwind/)
    const before = { texts: await chat.texts(), conversation: (await stateOf(page)).conversation?.id }

    await page.reload()
    await until('the panel is open', async () => {
      if (!(await stateOf(page)).open) await chat.open()
      return chat.input.isVisible()
    })
    await chat.shows('Hello there')
    await chat.shows(/welcome to Northwind/)
    expect(await chat.texts()).toEqual(before.texts)
    expect((await stateOf(page)).conversation?.id).toBe(before.conversation)
  })

  it.each([
    ['by element', '/', false],
    ['by one script tag, and at the second try,', '/embed', true],
  ])(
    '[ID15] %s is asked to sign in, does it in the shop, and gets the answer in the same conversation',
    async (_how, path, givesUpFirst) => {
      const page = await browser.page()
      const { chat, shop } = await visit(page, path)
      await chat.say('Where is my order?')
      const button = chat.log.getByRole('button', { name: 'Sign in' })
      await button.waitFor()
      const anonymous = await stateOf(page)
      expect(anonymous.identity.status).toBe('anonymous')
      expect(await shop.entries('login-button').count()).toBe(0)

      await button.click()
      await shop.entries('login-button').waitFor()
      if (givesUpFirst) {
        await page.getByTestId('login-dialog').getByTestId('login-cancel').click()
        await chat.shows('Sign-in was canceled.')
        expect((await stateOf(page)).identity.status).toBe('anonymous')
        await chat.log.getByRole('button', { name: /Sign in|Try again/ }).click()
      }
      await shop.fillIn(alex())
      await chat.shows(ORDERS.alex)
      await chat.shows('You are signed in.')
      await shop.entries('identity-change').first().waitFor()

      const identified = await stateOf(page)
      expect(identified.identity).toMatchObject({
        status: expect.stringMatching(/identified|refreshing/),
        userIdentifier: alex().email,
      })
      expect(identified.conversation?.id).toBe(anonymous.conversation?.id)
      expect(await shop.entries('login-button').count()).toBe(givesUpFirst ? 2 : 1)
      const texts = await chat.texts()
      expect(texts.filter((text) => text.includes('Where is my order?'))).toHaveLength(1)
      expect(texts.filter((text) => ORDERS.alex.test(text))).toHaveLength(1)
    },
  )

  it('[ID4] does not notice that the token is renewed ahead of its end', async () => {
    const page = await browser.page()
    const { chat } = await askAndSignIn(await visit(page))
    await refreshes(page).first().waitFor()
    await chat.say('And where is my order now?')
    await expect
      .poll(async () => (await chat.texts()).filter((text) => ORDERS.alex.test(text)).length)
      .toBe(2)
    expect(await chat.panel.getByText('Sign in again').count()).toBe(0)
  })

  it('[ID4] [ID7] [ID10] is answered after a short wait when the server is the first to see that the token expired', async () => {
    const page = await browser.page()
    await page.clock.install()
    const network = await slowNetwork(page)
    const end = tokenEnd(page)
    const visited = await visit(page)
    // The device sleeps: its timers stop, and so does its clock. It does so before there is a token to renew.
    await page.clock.pauseAt(await page.evaluate((ms) => Date.now() + ms, STOPS_WITHIN_MS))
    const { chat } = await askAndSignIn(visited)
    network.hold()
    await until('the newest token has expired', () => end() > 0 && Date.now() > end() + GRACE_SECONDS * 1_000)
    const calls = await refreshes(page).count()

    // It wakes up, and the visitor asks before the device has noticed.
    await chat.say('And where is my order now?')
    await page.clock.resume()
    network.release()
    await expect
      .poll(async () => (await chat.texts()).filter((text) => ORDERS.alex.test(text)).length)
      .toBe(2)
    expect(await refreshes(page).count()).toBeGreaterThan(calls)
    const texts = await chat.texts()
    expect(texts.filter((text) => text.includes('And where is my order now?'))).toHaveLength(1)
  })
})

describe('an agent', () => {
  it('[DL4] sees a verified visitor live, answers, and both sides see each message once, in one order', async () => {
    const visitor = await browser.page()
    const { chat } = await askAndSignIn(await visit(visitor))
    const desk = await signInToConsole(await browser.page(), demo.consoleUrl, demo.agent)
    const id = await conversationOf(visitor)
    const row = desk.conversations.filter({ has: desk.page.locator(`[data-id="${id}"]`) })
    await row.getByText(alex().email).waitFor()
    await row.getByText('Verified').waitFor()
    await desk.openConversation(id)
    await desk.log.getByText(ORDERS.alex).first().waitFor()
    await desk.view.getByText('Verified').first().waitFor()
    const plan = expect.stringMatching(/^Plan Trail Club Not verified/)
    expect(await desk.claims(), '[ID9] by the token, and by the page').toEqual(['Name Alex Verified', plan])

    await desk.reply('Hello Alex, Grace here.')
    await chat.shows('Hello Alex, Grace here.')
    await chat.say('Nice to meet you, Grace!')
    await desk.log.getByText('Nice to meet you, Grace!').waitFor()
    await desk.reply('Anything else?')
    await chat.shows('Anything else?')

    const seen = await chat.texts()
    expect(await desk.texts()).toEqual(seen)
    expect(seen.slice(-3)).toEqual(['Hello Alex, Grace here.', 'Nice to meet you, Grace!', 'Anything else?'])
    expect(seen.filter((text) => text.includes('Grace'))).toHaveLength(2)
  })

  it('sends a login card to an anonymous visitor, who signs in by it; each sees the other typing', async () => {
    const visitor = await browser.page()
    const { chat, shop } = await visit(visitor)
    const desk = await signInToConsole(await browser.page(), demo.consoleUrl, demo.agent)
    await chat.say('A person, please: my lantern is broken')
    await desk.openConversation(await conversationOf(visitor))
    await desk.view.getByText('Anonymous').first().waitFor()
    await desk.sendLoginCard()

    await chat.log.getByRole('button', { name: 'Sign in' }).click()
    await shop.fillIn(sam())
    await chat.shows('You are signed in.')
    await desk.view.getByText('Verified').first().waitFor()
    await desk.view.getByText(sam().email).first().waitFor()
    await desk.reply('Thank you, Sam.')
    await chat.shows('Thank you, Sam.')
    await expect.poll(async () => (await desk.texts()).join()).toBe((await chat.texts()).join())

    await chat.input.pressSequentially('It has')
    await desk.view.getByText(/is typing/).waitFor()
    await desk.view.getByRole('textbox', { name: 'Reply' }).pressSequentially('One mo')
    await chat.panel.getByText(/is typing/).waitFor()
  })
})
