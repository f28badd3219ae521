/**
 * The story that this widget began with: ASAPP's "User Authentication", on a web page. A user with a request context
 * provider, login buttons, and a token that expires.
 */
import { describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { startLoginHost } from './support/login-host.ts'
import { ORDERS, questions, startOrderShop } from './support/order-shop.ts'
import { mintToken } from './support/shop.ts'
import { until } from './support/wait.ts'
import { stateOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser({ reuses: true })

async function openShop(body = '') {
  const shop = await startOrderShop()
  const page = await browser.page()
  const host = await startLoginHost(page.context(), shop.server.url, { body })
  return { shop, context: page.context(), host, page }
}

type Page = Awaited<ReturnType<typeof openShop>>['page']

const isIdentifiedAs = (page: Page, userIdentifier: string) =>
  until(`${userIdentifier} is identified`, async () => {
    if (!(await page.evaluate("customElements.get('chat-widget') !== undefined"))) return false
    const { identity } = await stateOf(page)
    return identity.status === 'identified' && identity.userIdentifier === userIdentifier
  })

const isAnonymous = (page: Page) =>
  until('the visitor is anonymous', async () => {
    const { identity, connection } = await stateOf(page)
    return identity.status === 'anonymous' && connection.status === 'connected'
  })

describe('Set a user with a request context provider', () => {
  it('[ID1] [ID2] "you can connect to chat as an anonymous user": with no user at all; one that is set while the chat is open is detected', async () => {
    const { host, page, shop } = await openShop()
    const tab = await host.open(page)
    await tab.chat.say('who am I?')
    await tab.chat.isSent()
    await until('the bot has it', () => questions(shop, 'who am I?', false) === 1)
    const { conversation, identity } = await stateOf(page)
    expect(identity).toEqual({ status: 'anonymous' })
    await tab.signIn('ada')
    await isIdentifiedAs(page, 'ada')
    expect((await stateOf(page)).conversation?.id).toBe(conversation?.id)
    await tab.chat.shows('who am I?')
  })

  it('[ID2] [ID13] [ID14] "by specifying a nil user": null works at any time; an identifier that is none is a mistake that says what to do, and nobody changes', async () => {
    const { host, page } = await openShop()
    const tab = await host.open(page)
    await page.evaluate('chat().user = null')
    await isAnonymous(page)
    await tab.signIn('ada')
    await isIdentifiedAs(page, 'ada')
    await page.evaluate('chat().user = null')
    await isAnonymous(page)
    expect(await page.evaluate('chat().user')).toBeNull()
    await tab.signIn('ada')
    await isIdentifiedAs(page, 'ada')
    for (const identifier of ['undefined', "''"]) {
      const told = await page.evaluate(`new Promise((resolve) => {
        let event
        document.addEventListener('widget-error', ({ detail }) => { event = detail.code }, { once: true })
        try {
          chat().user = { userIdentifier: ${identifier}, requestContextProvider: () => ({}) }
        } catch (error) {
          resolve({ event, name: error.name, message: error.message })
        }
      })`)
      expect(told).toEqual({
        event: 'user-malformed',
        name: 'TypeError',
        message: 'user.userIdentifier must be a non-empty string of at most 256 characters',
      })
      await isIdentifiedAs(page, 'ada')
    }
    await page.evaluate('chat().user = { userIdentifier: null, requestContextProvider: () => ({}) }')
    await isAnonymous(page)
  })

  it('[ID3] [ID16] "specify a user identifier string and a request context provider": its token reaches the company', async () => {
    const { shop, host, page } = await openShop()
    const tokens: string[] = []
    host.answer(async (userIdentifier) => {
      tokens.push(await mintToken(userIdentifier))
      return tokens.at(-1)!
    })
    const tab = await host.open(page)
    await tab.signIn('testuser@example.com')
    await isIdentifiedAs(page, 'testuser@example.com')
    await tab.chat.say('orders?')
    await tab.chat.shows(ORDERS)
    expect(host.calls).toEqual([false])
    expect(shop.api.tokens).toEqual(tokens)
  })
})

describe('Handle login buttons', () => {
  it('[ID15] "the SDK will call a delegate method", the host sets the user, "the SDK will detect the change"', async () => {
    const { shop, host, page } = await openShop(`<script type="module">
      window.told = []
      await customElements.whenDefined('chat-widget')
      chat().delegate = {
        didTapUserLoginButton(detail) {
          told.push(detail.reason)
          signIn('ada')
        },
      }
    </script>`)
    const { chat, askForCard, signInButton } = await host.open(page)
    await askForCard('account?')
    expect(host.calls, 'nobody is asked before the tap').toEqual([])
    await signInButton.click()
    await chat.shows('account of ada')
    expect(await page.evaluate('told')).toEqual(['message'])
    expect(host.calls).toEqual([false])
    expect(questions(shop, 'account?', true)).toBe(1)
  })
})

describe('"The SDK will detect the change" of the user', () => {
  it('[ID2] while the chat is closed', async () => {
    const { host, page } = await openShop()
    const tab = await host.open(page)
    await tab.chat.panel.getByRole('button', { name: 'Close chat' }).click()
    await tab.signIn('ada')
    await isIdentifiedAs(page, 'ada')
    expect((await stateOf(page)).open).toBe(false)
  })

  it('[ID2] before the chat was ever opened', async () => {
    const { host, page } = await openShop()
    await page.goto(host.site.url)
    await widgetOn(page).launcher.waitFor()
    await page.evaluate("signIn('ada'); void chat().connect()")
    await isIdentifiedAs(page, 'ada')
    expect(await widgetOn(page).panel.count()).toBe(0)
  })

  it('[ID2] before the element’s script is there, and before the element is in the document', async () => {
    const { host, page } = await openShop()
    let arrive = () => {}
    const onItsWay = new Promise<void>((resolve) => (arrive = resolve))
    await page.route('**/chat-widget.js', (route) => onItsWay.then(() => route.continue()))
    await page.goto(host.site.url, { waitUntil: 'commit' })
    await page.locator('chat-widget').waitFor({ state: 'attached' })
    await page.evaluate("signIn('ada'); chat().connect = 'eager'")
    arrive()
    await isIdentifiedAs(page, 'ada')
    await page.evaluate(`{
      const before = chat()
      const element = document.createElement('chat-widget')
      element.app = 'shop'
      element.connect = 'eager'
      element.user = { ...before.user, userIdentifier: 'bob', requestContextProvider: async () => ({
        Auth: { Token: await askSite('bob', false) },
      }) }
      before.remove()
      document.body.append(element)
    }`)
    await isIdentifiedAs(page, 'bob')
  })

  it('[ID2] [ID5] [ID12] while another sign-in runs: the first one’s late answer counts for nobody', async () => {
    const { host, page } = await openShop()
    const tab = await host.open(page)
    let late = (_token: string) => {}
    host.answer((userIdentifier) =>
      userIdentifier === 'ada' ? new Promise((resolve) => (late = resolve)) : mintToken(userIdentifier),
    )
    await tab.signIn('ada')
    await until('ada’s provider was asked', () => host.calls.length === 1)
    await tab.signIn('bob')
    await isIdentifiedAs(page, 'bob')
    late(await mintToken('ada'))
    await tab.chat.say('account?')
    await tab.chat.shows('account of bob')
    expect((await stateOf(page)).identity).toMatchObject({ status: 'identified', userIdentifier: 'bob' })
  })

  it('[ID2] [ID3] while the device is offline: the provider is asked when it is back', async () => {
    const { host, page, context } = await openShop()
    const tab = await host.open(page)
    await context.setOffline(true)
    await until('the chat is offline', async () => (await stateOf(page)).connection.status === 'offline')
    await tab.signIn('ada')
    await tab.chat.say('account?')
    expect((await stateOf(page)).identity.status).toBe('authenticating')
    expect(host.calls).toEqual([])
    await context.setOffline(false)
    await isIdentifiedAs(page, 'ada')
    await tab.chat.shows('account of ada')
    expect(host.calls).toEqual([false])
  })
})

describe('Token expiration and refreshing the context', () => {
  it('[ID4] "the SDK will call the request context provider with an argument that is true"', async () => {
    const { host, page, shop } = await openShop()
    // Renewed 5 s before its end, i.e. 2 s after it was issued.
    host.answer((userIdentifier) => mintToken(userIdentifier, host.calls.length === 1 ? 7 : 3_600))
    const tab = await host.open(page)
    await tab.signIn('ada')
    await until('it was called again', () => host.calls.length === 2)
    expect(host.calls).toEqual([false, true])
    await isIdentifiedAs(page, 'ada')
    await tab.chat.say('orders?')
    await tab.chat.shows(ORDERS)
    expect(shop.api.tokens).toHaveLength(1)
  })

  it('[ID7] "block the calling thread until you can return the updated context": messages wait, and go once', async () => {
    const { host, page, shop } = await openShop()
    const tab = await host.open(page)
    await tab.signIn('ada')
    await isIdentifiedAs(page, 'ada')
    let give = () => {}
    host.answer(
      (userIdentifier) =>
        new Promise((resolve) => {
          give = () => resolve(mintToken(userIdentifier))
        }),
    )
    shop.api.refuse(() => true)
    await tab.chat.say('orders?')
    await until('fresh credentials are asked for', () => host.calls.length === 2)
    shop.api.refuse(() => false)
    for (const text of ['one', 'two']) await tab.chat.say(text)
    await tab.chat.shows('Waiting for sign-in…')
    expect((await stateOf(page)).identity.status).toBe('refreshing')
    expect(questions(shop, 'one', true), 'nothing goes out meanwhile').toBe(0)
    give()
    await tab.chat.shows(ORDERS)
    await until('both went', () => questions(shop, 'two', true) > 0)
    expect([questions(shop, 'one', true), questions(shop, 'two', true)]).toEqual([1, 1])
    expect(host.calls).toEqual([false, true])
    const own = (await tab.chat.texts()).filter((text) => text !== ORDERS)
    expect(own).toEqual(['orders?', 'one', 'two'])
  })
})
