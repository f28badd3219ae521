/** [ID6] A site that can no longer prove the visitor: nothing is lost, and nothing is sent as somebody else's. */
import { describe, expect, it } from 'vitest'
import { recordAnnouncements } from './support/announcements.ts'
import { useBrowser } from './support/browser.ts'
import { storedText } from './support/browser-storage.ts'
import { type LoginHostOptions, type LoginTab, startLoginHost } from './support/login-host.ts'
import { type OrderShop, startOrderShop } from './support/order-shop.ts'
import { mintToken } from './support/shop.ts'
import { until } from './support/wait.ts'
import { focusedIn, isConnected, stateOf } from './support/widget-page.ts'

const browser = useBrowser({ reuses: true })
/** Contains letters that no random id has. */
const ADA = 'ada@example.com'
const SECRET = 'my order is NW-77'

interface Setup extends LoginHostOptions {
  readonly continueAsGuest?: boolean
}

/** Ada is signed in, has written something, and the site's session ends. */
async function visit({ continueAsGuest = true, ...options }: Setup = {}) {
  const shop = await startOrderShop({ login: { continueAsGuest } })
  const page = await browser.page()
  const host = await startLoginHost(page.context(), shop.server.url, options)
  const tab = await host.open(page)
  await tab.signIn(ADA)
  await until('ada is identified', async () => (await stateOf(tab.page)).identity.status === 'identified')
  await tab.chat.say(SECRET)
  await tab.chat.isSent()
  const beginToEnd = async () => {
    host.answer(() => Promise.reject(new Error('the session of the site is over')))
    shop.api.refuse(() => true)
    // The bot asks the company's API, which refuses the token: a fresh one is needed, and unavailable.
    await tab.chat.say('orders?')
  }
  const end = async () => {
    await beginToEnd()
    await again(tab).waitFor()
  }
  const heal = () => {
    host.answer((userIdentifier) => mintToken(userIdentifier))
    shop.api.refuse(() => false)
  }
  return { shop, host, tab, beginToEnd, end, heal }
}

const again = ({ chat }: LoginTab) => chat.panel.getByRole('button', { name: 'Sign in again' })
const asGuest = ({ chat }: LoginTab) => chat.panel.getByRole('button', { name: 'Continue as guest' })

/** Messages that the bot received, i.e. that were sent, and by whom. */
const sent = ({ bot }: OrderShop, text: string): readonly (string | null)[] =>
  bot.requests.flatMap(({ request }) =>
    request.type === 'message' && request.message.text === text
      ? [request.visitor.verified ? request.visitor.userIdentifier : null]
      : [],
  )

describe('where the provider keeps failing', () => {
  it('[ID6] [ID4] transcript, draft and queue stay in view, and it is announced once, without moving focus from who types', async () => {
    const { host, tab, beginToEnd } = await visit()
    const announced = await recordAnnouncements(tab.page)
    const before = host.calls.length
    await beginToEnd()
    let draft = ''
    do {
      draft += 'on '
      await tab.chat.input.pressSequentially('on ')
    } while (!(await again(tab).isVisible()))
    expect(await focusedIn(tab.page)).toBe('Your message')
    expect(await tab.chat.input.inputValue()).toBe(draft)
    expect(host.calls.slice(before), 'three tries for fresh credentials').toEqual([true, true, true])
    await tab.chat.say('first in the queue')
    await tab.chat.input.pressSequentially('half a thou')
    await tab.chat.shows('Waiting for sign-in…')
    expect(await focusedIn(tab.page)).toBe('Your message')
    await tab.chat.input.pressSequentially('ght')
    expect(await tab.chat.input.inputValue()).toBe('half a thought')
    expect(await tab.chat.texts()).toEqual([SECRET, 'orders?', 'first in the queue'])
    expect((await announced()).filter((text) => text.includes('sign in again'))).toHaveLength(1)
    expect(await tab.page.evaluate('chat().getState().identity')).toMatchObject({
      status: 'reauthentication-required',
      code: 'provider-failed',
    })
  })

  it('[ID6] [ID15] "Sign in again" is a login-button, and the queue goes once and in order when it succeeds', async () => {
    const { shop, tab, end, heal } = await visit()
    await end()
    for (const text of ['one', 'two', 'three']) await tab.chat.say(text)
    await tab.chat.input.fill('and a draft')
    await again(tab).click()
    expect(await tab.taps()).toEqual([
      {
        requestId: expect.any(String),
        reason: 'expired',
        conversationId: (await stateOf(tab.page)).conversation?.id,
        messageId: null,
      },
    ])
    const announced = await recordAnnouncements(tab.page)
    heal()
    await tab.signIn(ADA)
    await again(tab).waitFor({ state: 'detached' })
    await tab.chat.isSent()
    await until('the bot has the last of them', () => sent(shop, 'three').length > 0)
    const texts = shop.bot.requests.flatMap(({ request }) =>
      request.type === 'message' ? [request.message.text] : [],
    )
    expect(texts.slice(-3)).toEqual(['one', 'two', 'three'])
    for (const text of ['one', 'two', 'three']) expect(sent(shop, text)).toEqual([ADA])
    expect(await tab.chat.input.inputValue()).toBe('and a draft')
    expect((await announced()).filter((text) => text === 'You are signed in.')).toHaveLength(1)
  })

  it('[ID6] [ID15] canceled, failed or refused again, it says so and can be tapped again; by keyboard, too', async () => {
    const { tab, end, heal } = await visit()
    await end()
    await again(tab).click()
    await tab.chat.panel.getByText('Waiting for sign-in…').first().waitFor()
    await tab.chat.panel.getByRole('button', { name: 'Cancel' }).click()
    await again(tab).click()
    const [first, second] = await tab.taps()
    expect(second?.requestId).not.toBe(first?.requestId)
    await tab.fail(second!.requestId, 'This account is locked.')
    await tab.chat.panel.getByText('Sign-in did not work: This account is locked.').waitFor()
    await again(tab).click()
    expect(await tab.taps()).toHaveLength(3)

    // The user is set, and the provider fails three times more.
    await tab.signIn(ADA)
    await tab.chat.panel.getByText('Sign-in did not work.').waitFor()

    // Focus moves to the composer when there is nothing left to tap.
    await again(tab).focus()
    await tab.page.keyboard.press('Enter')
    await expect.poll(() => focusedIn(tab.page)).toBe('Cancel')
    expect(await tab.taps()).toHaveLength(4)
    heal()
    await tab.signIn(ADA)
    await expect.poll(() => focusedIn(tab.page)).toBe('Your message')
  })
})

describe('"Continue as guest"', () => {
  it('[ID6] [ID12] [ID14] begins a new anonymous conversation, and leaves nothing of the customer on screen, in the document, in storage or to be sent', async () => {
    const { shop, tab, end } = await visit()
    const of = (await stateOf(tab.page)).conversation?.id
    await end()
    await tab.chat.say('for ada’s eyes only')
    await tab.chat.input.fill('half a secret')
    await tab.chat.panel.getByText('without this conversation').waitFor()
    await again(tab).click()
    const [tap] = await tab.taps()
    await tab.cancel(tap!.requestId)
    await until('the draft is stored', async () => (await storedText(tab.page)).includes('half a secret'))
    expect(await storedText(tab.page)).toContain('eyes only')
    await asGuest(tab).click()
    await until('the visitor is anonymous', async () => {
      const { identity, conversation } = await stateOf(tab.page)
      return identity.status === 'anonymous' && conversation !== null && conversation.id !== of
    })
    await isConnected(tab.page)
    expect(await tab.chat.texts()).toEqual([])
    expect(await tab.chat.input.inputValue()).toBe('')
    expect(await tab.page.evaluate('chat().user'), 'the host can see that nobody is signed in').toBeNull()
    const traces = [SECRET, 'eyes only', 'half a secret', ADA, tap!.requestId, tap!.conversationId!]
    const [html, stored] = [await everyText(tab), await storedText(tab.page)]
    expect(traces.filter((trace) => html.includes(trace))).toEqual([])
    expect(traces.filter((trace) => stored.includes(trace))).toEqual([])

    await tab.page.reload()
    await tab.chat.open()
    await isConnected(tab.page)
    expect(await tab.chat.texts()).toEqual([])
    await tab.chat.say('as a guest')
    await tab.chat.isSent()
    await until('the bot has it', () => sent(shop, 'as a guest').length > 0)
    expect(sent(shop, 'as a guest')).toEqual([null])
    expect(sent(shop, 'for ada’s eyes only')).toEqual([])
  })

  it('[ID6] is not offered where the app forbids it', async () => {
    const { tab, end } = await visit({ continueAsGuest: false })
    await end()
    expect(await asGuest(tab).count()).toBe(0)
    expect(await tab.chat.panel.getByText('guest').count()).toBe(0)
  })
})

/** All markup and all field values of the widget, through every shadow root. */
const everyText = ({ page }: LoginTab): Promise<string> =>
  page.evaluate(() => {
    const read = (root: ParentNode & { innerHTML: string }): string =>
      [...root.querySelectorAll('*')].reduce(
        (text, element) =>
          text +
          (element instanceof HTMLTextAreaElement ? element.value : '') +
          (element.shadowRoot === null ? '' : read(element.shadowRoot)),
        root.innerHTML,
      )
    const root = document.querySelector('chat-widget')?.shadowRoot
    return root ? read(root) : ''
  })
