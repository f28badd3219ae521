/** [ID15] A login that happens on another page than the one that asked for it: a login page, or another tab. */
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type LoginHost, type LoginTab, startLoginHost } from './support/login-host.ts'
import { ORDERS, outcomes, questions, startOrderShop } from './support/order-shop.ts'
import { stateOf } from './support/widget-page.ts'

const browser = useBrowser()

/** The host navigates to its login page within the event, and knows its customer on return. */
const REDIRECTING = `<script type="module">
  document.addEventListener('login-button', ({ detail }) => {
    sessionStorage.setItem('request', detail.requestId)
    location.assign('/login')
  })
  const customer = sessionStorage.getItem('customer')
  if (customer !== null) signIn(customer)
  if (sessionStorage.getItem('gives-up') !== null) {
    await customElements.whenDefined('chat-widget')
    chat().cancelLogin(sessionStorage.getItem('request'))
  }
</script>`

const LOGIN_PAGE = `<!doctype html><html lang="en"><title>Login</title>
<button id="in" onclick="sessionStorage.setItem('customer', 'ada'); location.assign('/')">Log in</button>
<button id="back" onclick="location.assign('/')">Back to the shop</button></html>`

async function redirectingShop() {
  const shop = await startOrderShop()
  const context = await browser.context()
  const host = await startLoginHost(context, shop.server.url, { body: REDIRECTING })
  host.site.page('/login', LOGIN_PAGE)
  const tab = await host.open(await context.newPage())
  return { shop, host, tab }
}

/** Asks, taps the card, and arrives on the login page. */
async function leaveByCard({ page, askForCard, signInButton }: LoginTab, question: string) {
  await askForCard(question)
  await signInButton.click()
  await page.waitForURL('**/login')
}

/** Returns to the shop's page, with the chat open. */
async function comeBack(host: LoginHost, page: Page, by: '#in' | '#back') {
  await page.click(by)
  await page.waitForURL(`${host.site.url}/`)
  const tab = host.on(page)
  await tab.chat.open()
  return tab
}

const requestKept = (page: Page) => page.evaluate("sessionStorage.getItem('request')") as Promise<string>

describe('a login on a page of its own', () => {
  it('[ID15] is still waited for on the way back, and what the cards blocked is replayed once', async () => {
    const { shop, host, tab } = await redirectingShop()
    await tab.askForCard('orders?')
    await leaveByCard(tab, 'account?')
    const back = await comeBack(host, tab.page, '#in')
    await back.chat.shows('account of ada')
    await back.chat.shows(ORDERS)
    await expect.poll(() => back.chat.log.getByText('You are signed in.').count()).toBe(2)
    expect(await back.taps(), 'the host is not asked again').toEqual([])
    expect(host.calls).toEqual([false])
    expect(questions(shop, 'account?', true)).toBe(1)
    expect(outcomes(shop)).toBe(1)
    expect(shop.api.tokens).toHaveLength(1)
    await back.page.reload()
    await back.chat.open()
    await back.chat.shows('You are signed in.')
    expect(questions(shop, 'account?', true)).toBe(1)
    expect(outcomes(shop)).toBe(1)
  })

  it('[ID15] not done: the card still waits; visitor and host can cancel it, the host as soon as the page is there, and it is tapped again', async () => {
    const { shop, host, tab } = await redirectingShop()
    await leaveByCard(tab, 'account?')
    const first = await requestKept(tab.page)
    const back = await comeBack(host, tab.page, '#back')
    await back.chat.shows('Waiting for sign-in…')
    expect((await stateOf(back.page)).identity.status).toBe('anonymous')
    await back.chat.log.getByRole('button', { name: 'Cancel' }).click()
    await back.chat.shows('Sign-in was canceled.')
    await back.signInButton.click()
    await back.page.waitForURL('**/login')
    expect(await requestKept(back.page)).not.toBe(first)

    await back.page.evaluate("sessionStorage.setItem('gives-up', '')")
    const canceled = await comeBack(host, back.page, '#back')
    await canceled.chat.shows('Sign-in was canceled.')
    await canceled.page.reload()
    await canceled.chat.open()
    await canceled.chat.shows('Sign-in was canceled.')
    await canceled.page.evaluate("sessionStorage.removeItem('gives-up')")
    await canceled.signInButton.click()
    await canceled.page.waitForURL('**/login')
    const again = await comeBack(host, canceled.page, '#in')
    await again.chat.shows('account of ada')
    expect(questions(shop, 'account?', true)).toBe(1)
  })
})

describe('two tabs', () => {
  it('[ID15] each keep what they wait for, also when one leaves the page; of one card each has a request, and what it blocked is replayed once when both sign in', async () => {
    const shop = await startOrderShop()
    const context = await browser.context()
    const host = await startLoginHost(context, shop.server.url)
    const first = await host.open(await context.newPage())
    await first.askForCard('account?')
    const second = await host.open(await context.newPage())
    await second.signInButton.waitFor()

    await first.askForCard('orders?')
    await first.signInButton.click()
    await first.chat.shows('Waiting for sign-in…')
    await second.cards.nth(1).waitFor()
    await second.cards.first().getByRole('button', { name: 'Sign in' }).click()
    await second.chat.shows('Waiting for sign-in…')
    await first.page.reload()
    await first.chat.open()
    await first.cards.last().getByText('Waiting for sign-in…').waitFor()

    await first.cards.first().getByRole('button', { name: 'Sign in' }).click()
    await first.cards.first().getByText('Waiting for sign-in…').waitFor()
    const [[one], [other]] = [await first.taps(), await second.taps()]
    expect(one?.messageId).toBe(other?.messageId)
    expect(one?.requestId).not.toBe(other?.requestId)
    await first.signIn('ada')
    await second.signIn('ada')
    for (const tab of [first, second]) {
      await tab.chat.shows('account of ada')
      await tab.chat.shows(ORDERS)
      await expect.poll(() => tab.chat.log.getByText('You are signed in.').count()).toBe(2)
      expect((await tab.chat.texts()).filter((text) => text === 'account of ada')).toHaveLength(1)
    }
    expect(questions(shop, 'account?', true)).toBe(1)
    expect(outcomes(shop)).toBe(1)
  })
})
