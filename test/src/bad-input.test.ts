/** A site's mistakes: an error with a stable code, a plain sentence for the visitor, and advice for the developer. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consoleOf, useBrowser } from './support/browser.ts'
import { type HostSite, pageWithWidget, startHostSite } from './support/host-site.ts'
import { rest } from './support/rest.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { mintToken, shopConfig } from './support/shop.ts'
import { slowNetwork } from './support/slow-network.ts'
import { conversationOf, stateOf, widgetErrors, widgetOn } from './support/widget-page.ts'

const browser = useBrowser({ reuses: true })
let server: ServerHere
let elsewhere: ServerHere
let site: HostSite
beforeAll(async () => {
  site = await startHostSite()
  server = await startServerHere(shopConfig())
  elsewhere = await startServerHere(shopConfig({ origins: ['https://shop.example.com'] }))
})
afterAll(async () => {
  await site?.close()
  await elsewhere?.close()
  await server?.close()
})

interface Outcome {
  readonly page: Page
  readonly warnings: readonly string[]
  readonly errors: Awaited<ReturnType<typeof widgetErrors>>
}

async function openPage(options: {
  readonly widgetServer?: string
  readonly attributes?: string
  readonly prepare?: (page: Page) => Promise<unknown>
}): Promise<Outcome> {
  const page = await browser.page()
  const warnings = consoleOf(page, 'warning')
  const errors = await widgetErrors(page)
  await options.prepare?.(page)
  const html = pageWithWidget(options.widgetServer ?? server.url, {
    ...(options.attributes === undefined ? {} : { attributes: options.attributes }),
  })
  await page.goto(site.page('/', html))
  return { page, warnings, errors }
}

/** The three places in which a problem must be shown. */
async function expectProblem(
  { page, warnings, errors }: Outcome,
  expected: { readonly code: string; readonly sentence: string; readonly advice: RegExp },
): Promise<void> {
  await expect
    .poll(async () => (await errors()).map(({ code }) => code), { message: 'widget-error' })
    .toContain(expected.code)
  await expect.poll(() => warnings.join('\n'), { message: 'console.warn' }).toMatch(expected.advice)
  const { panel } = widgetOn(page)
  await panel.getByText(expected.sentence).first().waitFor({ state: 'visible' })
  expect(await panel.getByText(expected.code).count(), 'codes are not for visitors').toBe(0)
}

const open = (page: Page) => page.locator('chat-widget').getByRole('button', { name: 'Open chat' }).click()
const SETUP = 'The chat is not set up correctly on this site.'
const IDENTITY = 'We could not sign you in to the chat.'

describe('embedded wrongly', () => {
  it('without app', async () => {
    const outcome = await openPage({ attributes: '' })
    await open(outcome.page)
    await expectProblem(outcome, {
      code: 'app-missing',
      sentence: SETUP,
      advice: /app-missing.*<chat-widget app=/,
    })
  })

  it('with an app the server does not know', async () => {
    const outcome = await openPage({ attributes: 'app="nope"' })
    await open(outcome.page)
    await expectProblem(outcome, {
      code: 'unknown-app',
      sentence: SETUP,
      advice: /unknown-app.*app attribute/,
    })
  })

  it('on an origin the app does not list', async () => {
    const outcome = await openPage({ widgetServer: elsewhere.url })
    await open(outcome.page)
    await expectProblem(outcome, {
      code: 'origin-refused',
      sentence: SETUP,
      advice: new RegExp(`origin-refused.*(${site.url}|origins)`),
    })
  })

  it('with a server that is down', async () => {
    const gone = await startServerHere(shopConfig())
    await gone.close()
    const outcome = await openPage({ attributes: `app="shop" server="${gone.url}"` })
    await open(outcome.page)
    await expectProblem(outcome, {
      code: 'server-unreachable',
      sentence: 'The chat cannot be reached right now.',
      advice: new RegExp(`server-unreachable.*${gone.url}`),
    })
    await widgetOn(outcome.page).say('kept until you are back')
    await widgetOn(outcome.page).shows('Waiting for a connection…')
  })

  it('with a widget of another version than the server', async () => {
    const outcome = await openPage({
      prepare: (page) =>
        slowNetwork(page, (message) => message.replace(/"protocolVersion":1\b/, '"protocolVersion":2')),
    })
    await open(outcome.page)
    await expectProblem(outcome, {
      code: 'protocol-version',
      sentence: 'The chat has been updated. Please reload the page.',
      advice: /protocol-version.*\b2\b/,
    })
  })

  it('when the rest of the widget cannot be loaded, and tries again at the next tap', async () => {
    const outcome = await openPage({ prepare: (page) => page.route(/\/assets\//, (route) => route.abort()) })
    await open(outcome.page)
    await expect.poll(async () => (await outcome.errors()).map(({ code }) => code)).toContain('load-failed')
    const { element } = widgetOn(outcome.page)
    await element.getByText(/could not be loaded/).waitFor({ state: 'visible' })
    await outcome.page.unroute(/\/assets\//)
    await widgetOn(outcome.page).open()
  })
})

describe('parts that are loaded later', () => {
  it('[ID14] come at the second try in a browser that remembers failures, and with them one engine', async () => {
    const failed = new Set<string>()
    const remembered = new Set<string>()
    const loaded: string[] = []
    const { page } = await openPage({
      prepare: (page) =>
        page.route(/ssets\/.*\.js/, (route) => {
          const address = route.request().url()
          const [file = ''] = /[\w-]+\.js/.exec(address) ?? []
          // What failed at an address fails there for ever, as if nobody asked the server again.
          if (!failed.has(file)) remembered.add(address)
          failed.add(file)
          if (remembered.has(address)) return route.abort()
          loaded.push(file)
          return route.continue()
        }),
    })
    await open(page)
    const chat = widgetOn(page)
    await chat.element.getByText(/could not be loaded/).waitFor({ state: 'visible' })
    await chat.open()
    const token = await mintToken('ada')
    await page.evaluate((token) => {
      const requestContextProvider = () => ({ Auth: { Token: token } })
      const user = { userIdentifier: 'ada', requestContextProvider }
      Object.assign(document.querySelector('chat-widget')!, { user })
    }, token)
    await expect.poll(async () => (await stateOf(page)).identity.status).toBe('identified')
    expect(loaded.filter((file) => file.startsWith('engine-'))).toHaveLength(1)
    expect(loaded.filter((file) => file.startsWith('sign-in-'))).toHaveLength(1)
  })

  it('that do not arrive leave what a login card says readable, and are told', async () => {
    const outcome = await openPage({})
    const { page, errors } = outcome
    const chat = widgetOn(page)
    await chat.open()
    await chat.say('hello')
    await chat.isSent()
    // As after an update of the server, when the files of the page's version are gone.
    await page.route(/\/assets\//, (route) => route.abort())
    const card = { login: { text: 'Who are you?', button: 'Sign in' } }
    await rest(server.url, 'POST', `/${await conversationOf(page)}/messages`, card)
    await chat.shows('Who are you?')
    await expect.poll(async () => (await errors()).map(({ code }) => code)).toContain('load-failed')
  })
})

describe('[ID2] a malformed user', () => {
  it('throws a TypeError that names the field, and changes nothing', async () => {
    const outcome = await openPage({})
    await open(outcome.page)
    await widgetOn(outcome.page).input.waitFor()
    for (const [user, field] of [
      ['"ada"', 'user'],
      ['{ requestContextProvider() {} }', 'userIdentifier'],
      ['{ userIdentifier: 7, requestContextProvider() {} }', 'userIdentifier'],
      ['{ userIdentifier: "ada", requestContextProvider: {} }', 'requestContextProvider'],
    ] as const) {
      const thrown = await outcome.page.evaluate((source) => {
        const element = document.querySelector('chat-widget') as unknown as { user: unknown }
        try {
          element.user = new Function(`return (${source})`)()
          return null
        } catch (error) {
          return { type: (error as Error).constructor.name, message: (error as Error).message }
        }
      }, user)
      expect(thrown, user).toEqual({ type: 'TypeError', message: expect.stringContaining(field) })
      expect((await stateOf(outcome.page)).identity.status, user).toBe('anonymous')
    }
    expect((await outcome.errors()).map(({ code }) => code)).toEqual(Array(4).fill('user-malformed'))
    await expectProblem(outcome, {
      code: 'user-malformed',
      sentence: IDENTITY,
      advice: /user-malformed.*userIdentifier, requestContextProvider/,
    })
  })
})

describe('[ID6] [ID14] a provider that does not work', () => {
  it.each([
    [
      'provider-failed',
      ['() => { throw new Error("session over") }', 'async () => { throw new Error("session over") }'],
    ],
    ['context-invalid', ['() => "token"', 'async () => {}', '() => ({ Auth: { Token: "a.b.c" } })']],
  ])('is told as %s', async (code, providers) => {
    const outcome = await openPage({})
    await open(outcome.page)
    await widgetOn(outcome.page).input.waitFor()
    const told: string[] = []
    for (const provider of providers) {
      await outcome.page.evaluate((source) => {
        const element = document.querySelector('chat-widget') as unknown as { user: unknown }
        element.user = { userIdentifier: 'ada', requestContextProvider: new Function(`return (${source})`)() }
      }, provider)
      told.push(code)
      await expect.poll(async () => (await outcome.errors()).map((error) => error.code)).toEqual(told)
      expect((await stateOf(outcome.page)).identity.status, provider).toBe('reauthentication-required')
      await expectProblem(outcome, {
        code,
        sentence: 'Sign in again',
        advice: new RegExp(`${code}.*requestContextProvider`),
      })
    }
  })
})
