/** The life of a login button ([ID15]), as the visitor, the host and the bot see it. */
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type LoginTab, startLoginHost } from './support/login-host.ts'
import { ORDERS, outcomes, questions, startOrderShop } from './support/order-shop.ts'
import { until } from './support/wait.ts'
import { focusedIn, stateOf } from './support/widget-page.ts'

const browser = useBrowser({ reuses: true })
const MINUTE = 60_000
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** `prepare` is called with a page of the test's own. */
async function visit(body = '', prepare?: (page: Page) => Promise<void>) {
  const shop = await startOrderShop()
  const page = await (prepare === undefined ? browser.page() : browser.page({}))
  await prepare?.(page)
  const context = page.context()
  const host = await startLoginHost(context, shop.server.url, { body })
  return { shop, context, host, tab: await host.open(page) }
}

/** Gets a card that waits for a sign-in, and taps it. */
async function tapCard({ askForCard, signInButton, cards, taps }: LoginTab, question = 'account?') {
  await askForCard(question)
  await signInButton.click()
  await cards.last().getByText('Waiting for sign-in…').waitFor()
  return (await taps()).at(-1)!
}

const isIdentified = (tab: LoginTab) =>
  until('the visitor is identified', async () => (await stateOf(tab.page)).identity.status === 'identified')

const countOf = async ({ chat }: LoginTab, text: string) =>
  (await chat.texts()).filter((one) => one === text).length

describe('a tap', () => {
  it('[ID15] by keyboard keeps focus in the card, whatever becomes of it; failed, the host’s reason is on the card', async () => {
    const { tab } = await visit()
    await tab.askForCard('account?')
    await tab.signInButton.focus()
    await tab.page.keyboard.press('Enter')
    await tab.chat.shows('Waiting for sign-in…')
    await expect.poll(() => focusedIn(tab.page)).toBe('Cancel')
    await tab.page.keyboard.press('Enter')
    await tab.chat.shows('Sign-in was canceled.')
    await expect.poll(() => focusedIn(tab.page)).toBe('Sign in')
    await tab.page.keyboard.press('Enter')
    await tab.chat.shows('Waiting for sign-in…')
    await tab.fail((await tab.taps()).at(-1)!.requestId, 'This account is locked.')
    await tab.chat.shows('Sign-in did not work: This account is locked.')
    await expect.poll(() => focusedIn(tab.page)).toBe('Try again')
    await tab.page.keyboard.press('Enter')
    await tab.chat.shows('Waiting for sign-in…')
    expect(await tab.taps()).toHaveLength(3)
    await tab.signIn('ada')
    await tab.chat.shows('You are signed in.')
    expect(await focusedIn(tab.page), 'not lost to the page').not.toBe('')
    await tab.page.keyboard.press('Escape')
    await tab.chat.panel.waitFor({ state: 'hidden' })
  })
})

describe('an outcome', () => {
  it('[ID15] [ID16] signed-in: two cards at once, tapped or not, say so, and what each blocked is replayed once', async () => {
    const { shop, tab } = await visit()
    await tapCard(tab, 'account?')
    await tab.askForCard('orders?')
    expect(await tab.cards.count()).toBe(2)
    await tab.signIn('ada')
    await tab.chat.shows('account of ada')
    await tab.chat.shows(ORDERS)
    await expect.poll(() => tab.chat.log.getByText('You are signed in.').count()).toBe(2)
    expect(questions(shop, 'account?', false)).toBe(1)
    expect(questions(shop, 'account?', true)).toBe(1)
    expect(await countOf(tab, 'account of ada')).toBe(1)
    expect(outcomes(shop)).toBe(1)
    expect(shop.api.tokens).toHaveLength(1)
    expect(await tab.chat.log.getByText('You signed in', { exact: true }).count()).toBe(1)
    expect(await tab.chat.log.getByRole('button').count(), 'nothing is left to be tapped').toBe(0)
  })

  it('[ID15] canceled, by the host and by the visitor: each card has an id of its own, its end is final, and it can be tapped again', async () => {
    const { shop, tab } = await visit()
    const waiting = tab.chat.log.getByText('Waiting for sign-in…')
    const canceled = tab.chat.log.getByText('Sign-in was canceled.')
    await tab.askForCard('account?')
    await tab.signInButton.dblclick()
    await waiting.waitFor()
    expect(await tab.taps(), 'twice in a row is one request, which goes on').toHaveLength(1)
    expect(await canceled.count()).toBe(0)
    const [first] = await tab.taps()
    expect(first).toEqual({
      requestId: expect.stringMatching(UUID),
      reason: 'message',
      conversationId: (await stateOf(tab.page)).conversation?.id,
      messageId: expect.any(String),
    })
    const second = await tapCard(tab, 'orders?')
    expect(second).toMatchObject({ reason: 'action', conversationId: first?.conversationId })
    expect(second.requestId).not.toBe(first?.requestId)
    expect(second.messageId).not.toBe(first?.messageId)

    await tab.cancel('no-such-request')
    await tab.fail('no-such-request', 'nobody asked')
    await tab.chat.say('I cannot sign in here')
    await tab.chat.isSent()
    expect(await waiting.count(), 'an id that is not known changes nothing').toBe(2)
    await tab.cancel(first!.requestId)
    await canceled.waitFor()
    await tab.fail(first!.requestId, 'too late')
    await tab.cancel(first!.requestId)
    await tab.chat.say('still here')
    await tab.chat.isSent()
    expect([await canceled.count(), await waiting.count()]).toEqual([1, 1])
    expect(await tab.chat.log.getByText('too late').count()).toBe(0)

    await tab.chat.log.getByRole('button', { name: 'Cancel' }).click()
    await expect.poll(() => canceled.count()).toBe(2)
    expect((await stateOf(tab.page)).identity.status).toBe('anonymous')
    await tab.signInButton.click()
    await waiting.waitFor()
    const third = (await tab.taps())[2]
    expect(third).toEqual({ ...second, requestId: expect.stringMatching(UUID) })
    expect([first?.requestId, second.requestId]).not.toContain(third?.requestId)
    expect(questions(shop, 'account?', true)).toBe(0)
    await tab.signIn('ada')
    await expect.poll(() => tab.chat.log.getByText('You are signed in.').count()).toBe(2)
  })

  it('[ID15] timed-out, after 15 minutes without an answer: the card can be tapped again', async () => {
    const { shop, tab } = await visit('', (own) => own.clock.install())
    const { page } = tab
    const now = () => page.evaluate(() => Date.now())
    const [before, after] = [await now(), await tapCard(tab).then(now)]
    await page.clock.pauseAt(before + 15 * MINUTE - 1)
    await tab.chat.shows('Waiting for sign-in…')
    await page.clock.pauseAt(after + 15 * MINUTE)
    await tab.chat.shows('Sign-in took too long.')
    await page.clock.resume()
    await tab.chat.log.getByRole('button', { name: 'Try again' }).click()
    await tab.chat.shows('Waiting for sign-in…')
    await tab.signIn('ada')
    await tab.chat.shows('account of ada')
    expect(questions(shop, 'account?', true)).toBe(1)
  })
})

describe('what a sign-in settles', () => {
  it('[ID15] a card in a conversation that is not the current one any more', async () => {
    const { shop, tab } = await visit()
    const tap = await tapCard(tab)
    await tab.chat.panel.getByRole('button', { name: 'New conversation' }).click()
    await until(
      'another conversation is current',
      async () => (await stateOf(tab.page)).conversation?.id !== tap.conversationId,
    )
    await tab.chat.say('something else')
    await tab.chat.isSent()
    await tab.signIn('ada')
    await until('the bot was asked again', () => questions(shop, 'account?', true) === 1)
    const replayed = shop.bot.requests.find(
      ({ request }) =>
        request.visitor.verified && request.type === 'message' && request.message.text === 'account?',
    )
    expect(replayed?.request.conversation.id).toBe(tap.conversationId)
    expect(await countOf(tab, 'something else')).toBe(1)
    expect(questions(shop, 'account?', true)).toBe(1)
  })

  it('[ID15] [ID3] for a visitor who is identified already, the provider is asked afresh and nothing is doubled', async () => {
    const { shop, host, tab } = await visit()
    await tab.signIn('ada')
    await isIdentified(tab)
    shop.api.refuse(() => true)
    expect(await tapCard(tab, 'orders?')).toMatchObject({ reason: 'action' })
    shop.api.refuse(() => false)
    const before = { calls: host.calls.length, tokens: shop.api.tokens.length }
    await tab.signIn('ada')
    await tab.chat.shows(ORDERS)
    await tab.chat.shows('You are signed in.')
    expect(host.calls.slice(before.calls)).toEqual([false])
    expect(shop.api.tokens.slice(before.tokens)).toHaveLength(1)
    expect(await countOf(tab, ORDERS)).toBe(1)
  })
})

describe('the host', () => {
  const LISTENING = `<script>
    window.mistakes = []
    window.addEventListener('error', (event) => {
      event.preventDefault()
      mistakes.push(event.error.message)
    })
    document.addEventListener('login-button', (event) => event.preventDefault())
  </script>
  <script type="module">
    window.order = []
    await customElements.whenDefined('chat-widget')
    chat().addEventListener('login-button', (event) => {
      order.push(['event', event.detail])
      throw new Error('listener')
    })
    window.setDelegate = () => {
      chat().delegate = {
        didTapUserLoginButton(detail) {
          order.push(['delegate', detail])
          throw new Error('delegate')
        },
      }
    }
  </script>`

  it('[ID15] is told by event and then by delegate, once it has set one, of the same; neither preventDefault() nor an error keeps the other away, and the chat goes on', async () => {
    const { tab } = await visit(LISTENING)
    const first = await tapCard(tab)
    await tab.page.evaluate('setDelegate()')
    await tab.cancel(first.requestId)
    await tab.signInButton.click()
    const [, second] = await tab.taps()
    expect(await tab.page.evaluate('order')).toEqual([
      ['event', first],
      ['event', second],
      ['delegate', second],
    ])
    expect(await tab.page.evaluate('mistakes')).toEqual(['listener', 'listener', 'delegate'])
    await tab.chat.say('still here')
    await tab.chat.isSent()
    await tab.signIn('ada')
    await tab.chat.shows('account of ada')
  })
})
