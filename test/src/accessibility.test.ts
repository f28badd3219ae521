/** Accessibility: axe finds nothing in any state, the keyboard is enough, and 320 px of width are. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { RUN } from '../../scripts/axe-run.mjs'
import { useBrowser } from './support/browser.ts'
import { signInToConsole } from './support/console-page.ts'
import { type Demo, openDemo, shopOn } from './support/demo.ts'
import { pageWithWidget, startHostSite } from './support/host-site.ts'
import { settled } from './support/measure.ts'
import { packageFile } from './support/paths.ts'
import { startServerHere } from './support/server-here.ts'
import { mintToken, shopConfig } from './support/shop.ts'
import { conversationOf, focusedIn, isConnected, stateOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let demo: Demo
let axe = ''
beforeAll(async () => {
  axe = await readFile(packageFile('axe-core/axe.min.js'), 'utf8')
  demo = await openDemo()
})
afterAll(() => demo?.close())

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[]
  }[]
}

/** WCAG 2.2 A and AA, for the whole page in its present state; in dark the contrast, all else being as in light. */
async function expectNoViolations(page: Page, state: string): Promise<void> {
  // By the debugger rather than by a script tag, which the page's own policy would refuse.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(`${axe};0`)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  for (const [colorScheme, runOnly] of [
    ['light', { type: 'tag', values: tags }],
    ['dark', { type: 'rule', values: ['color-contrast'] }],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await settled(page)
    const found = await page.evaluate(
      async (options) => {
        const { axe: engine } = globalThis as unknown as {
          axe: { run(context: Document, options: object): Promise<AxeResults> }
        }
        const { violations } = await engine.run(document, options)
        return violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary}`),
        )
      },
      { runOnly, ...RUN },
    )
    expect(found, `${state}, in ${colorScheme}`).toEqual([])
  }
}

describe('in light and in dark', () => {
  it('the shop with the widget has no violation: closed, empty, with messages, with a login card, signed in', async () => {
    const page = await browser.page()
    await page.goto(demo.shopUrl)
    const chat = widgetOn(page)
    await chat.launcher.waitFor({ state: 'visible' })
    await expectNoViolations(page, 'closed')
    await chat.open()
    await isConnected(page)
    await expectNoViolations(page, 'open and empty')
    await chat.say('hello')
    await chat.shows(/welcome to Northwind/)
    await expectNoViolations(page, 'with messages')
    await chat.say('Where is my order?')
    await chat.log.getByRole('button', { name: 'Sign in' }).waitFor()
    await expectNoViolations(page, 'with a login card')
    await chat.log.getByRole('button', { name: 'Sign in' }).click()
    await page.getByTestId('login-dialog').waitFor()
    await expectNoViolations(page, "with the shop's login")
    await shopOn(page).fillIn(demo.customers[0]!)
    await chat.shows('NW-1042')
    await expectNoViolations(page, 'signed in')
  })

  it('the page "Authenticator" has no violation: as it is, and when it refuses', async () => {
    const page = await browser.page()
    await page.goto(`${demo.shopUrl}/authenticator`)
    await expectNoViolations(page, 'as it is')
    await page.getByTestId('authenticator-identifier').fill('123')
    await page.keyboard.press('Enter')
    await page.getByTestId('authenticator-error').waitFor()
    await expectNoViolations(page, 'with an error')
  })

  it('the widget that needs a new sign-in has no violation', async () => {
    const server = await startServerHere(shopConfig())
    onTestFinished(() => server.close())
    const site = await startHostSite()
    onTestFinished(() => site.close())
    const page = await browser.page()
    await page.exposeFunction('mint', () => mintToken('ada', 6))
    await page.goto(site.page('/', pageWithWidget(server.url)))
    const chat = widgetOn(page)
    await page.evaluate(() => {
      const element = document.querySelector('chat-widget') as unknown as { user: unknown }
      const { mint } = globalThis as unknown as { mint(): Promise<string> }
      element.user = {
        userIdentifier: 'ada',
        requestContextProvider: async (needsRefresh: boolean) => {
          if (needsRefresh) throw new Error('the session of the site is over')
          return { Auth: { Token: await mint() } }
        },
      }
    })
    await chat.open()
    await chat.panel.getByRole('button', { name: 'Sign in again' }).waitFor()
    expect((await stateOf(page)).identity.status).toBe('reauthentication-required')
    await expectNoViolations(page, 'reauthentication required')
  })

  it('the console has no violation: sign-in, list, conversation, login card, pages', async () => {
    const visitor = await browser.page()
    await visitor.goto(demo.shopUrl)
    const chat = widgetOn(visitor)
    await chat.open()
    await chat.say('A person, please')
    await chat.isSent()

    const page = await browser.page()
    await page.goto(demo.consoleUrl)
    await page.getByLabel('Email').waitFor()
    await expectNoViolations(page, 'sign-in')
    const desk = await signInToConsole(page, demo.consoleUrl, demo.agent)
    await desk.conversations.first().waitFor()
    await expectNoViolations(page, 'list')
    await desk.openConversation(await conversationOf(visitor))
    await desk.reply('How can I help?')
    await chat.shows('How can I help?')
    await expectNoViolations(page, 'conversation')
    await desk.view.getByRole('button', { name: 'Identity history', exact: true }).click()
    await desk.view.getByText('Nothing yet.').waitFor()
    await expectNoViolations(page, 'identity history')
    await page.keyboard.press('Escape')
    await desk.view.getByRole('button', { name: 'Send login card' }).click()
    await desk.view.getByRole('dialog').waitFor()
    await expectNoViolations(page, 'login card dialog')
    await page.keyboard.press('Escape')
    await desk.view.getByRole('button', { name: 'Actions' }).click()
    await expectNoViolations(page, 'action dialog')
    await page.keyboard.press('Escape')
    await desk.runAction('orders')
    await desk.runs.getByText('Login needed', { exact: true }).waitFor()
    await expectNoViolations(page, 'action')
    for (const name of ['Team', 'Security log', 'Webhooks', 'Your account']) {
      await (name === 'Your account'
        ? page.locator('a.agent')
        : page.getByRole('link', { name, exact: true })
      ).click()
      await page.getByRole('heading', { name, exact: true }).waitFor()
      await page.getByText('Loading…').waitFor({ state: 'detached' })
      await expectNoViolations(page, name)
      await page.setViewportSize({ width: 320, height: 700 })
      const scrolled = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(scrolled, `${name}, at 320 px`).toBeLessThanOrEqual(320)
      await page.setViewportSize({ width: 1280, height: 800 })
    }
  })
})

it('can be opened, written into and closed by keyboard alone', async () => {
  const page = await browser.page()
  await page.goto(demo.shopUrl)
  const chat = widgetOn(page)
  await chat.launcher.waitFor({ state: 'visible' })
  for (let presses = 0; (await focusedIn(page)) !== 'Open chat'; presses += 1) {
    expect(presses, 'the launcher is reached by Tab').toBeLessThan(60)
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await expect.poll(() => focusedIn(page)).toBe('Your message')
  await page.keyboard.type('hello')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('there')
  await page.keyboard.press('Enter')
  await chat.isSent()
  expect(await chat.texts()).toContain('hello\nthere')
  expect(await focusedIn(page)).toBe('Your message')
  await page.keyboard.press('Tab')
  expect(await focusedIn(page)).toBe('Attach files')
  await page.keyboard.press('Tab')
  expect(await focusedIn(page)).toBe('Emoji')
  await page.keyboard.press('Enter')
  await expect.poll(() => focusedIn(page)).toBe('Search emoji')
  await page.locator('[part=emoji]').first().waitFor()
  await page.keyboard.type('tent')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(() => focusedIn(page)).toBe('Your message')
  expect(await chat.input.inputValue()).toBe('⛺️')
  for (let count = 0; count < 3; count += 1) await page.keyboard.press('Tab')
  expect(await focusedIn(page)).toBe('Send message')
  await page.keyboard.press('Escape')
  await chat.panel.waitFor({ state: 'hidden' })
  expect(await focusedIn(page)).toMatch(/^Open chat/)
})

describe('at 320 px', () => {
  it.each([
    ['upright', { width: 320, height: 568 }],
    ['at 400 % zoom of a desktop window', { width: 320, height: 256 }],
  ])('%s, all of the chat fits and can be used', async (_what, viewport) => {
    const page = await browser.page({ viewport })
    await page.goto(demo.shopUrl)
    const chat = widgetOn(page)
    await chat.open()
    await chat.say(`A long word: ${'Donaudampfschifffahrt'.repeat(8)}`)
    await chat.isSent()
    await settled(page)
    const close = chat.panel.getByRole('button', { name: 'Close chat' })
    for (const part of [chat.panel, chat.input, chat.send, close]) {
      const box = (await part.boundingBox())!
      expect(box.x).toBeGreaterThanOrEqual(0)
      expect(box.y).toBeGreaterThanOrEqual(0)
      expect(box.x + box.width).toBeLessThanOrEqual(viewport.width)
      expect(box.y + box.height).toBeLessThanOrEqual(viewport.height)
    }
    for (const control of [chat.send, close]) {
      const box = (await control.boundingBox())!
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(24)
    }
    const overflow = await chat.log.evaluate((log) => log.scrollWidth - log.clientWidth)
    expect(overflow, 'nothing has to be scrolled sideways').toBeLessThanOrEqual(0)
    await close.click()
    await chat.panel.waitFor({ state: 'hidden' })
  })
})

it('[HP12] fills the screen of a phone, and keeps what is used within the safe areas', async () => {
  const viewport = { width: 390, height: 844 }
  const page = await browser.page({ viewport, hasTouch: true, isMobile: true })
  await page.goto(demo.shopUrl)
  const chat = widgetOn(page)
  await chat.launcher.tap()
  await chat.input.waitFor()
  await settled(page)
  expect(await chat.panel.boundingBox()).toEqual({ x: 0, y: 0, ...viewport })
  const insets = { top: 47, bottom: 34 }
  const emulation = await page.context().newCDPSession(page)
  await emulation.send('Emulation.setSafeAreaInsetsOverride', { insets })
  const close = (await chat.panel.getByRole('button', { name: 'Close chat' }).boundingBox())!
  expect(close.y).toBeGreaterThanOrEqual(insets.top)
  const send = (await chat.panel.locator('[part=send]').boundingBox())!
  expect(send.y + send.height).toBeLessThanOrEqual(viewport.height - insets.bottom)
  expect(await chat.panel.boundingBox()).toEqual({ x: 0, y: 0, ...viewport })

  // Lying, with the camera at either side.
  await page.setViewportSize({ width: 844, height: 390 })
  const lying = { left: 47, right: 47, bottom: 21 }
  await emulation.send('Emulation.setSafeAreaInsetsOverride', { insets: lying })
  for (const part of [chat.panel, chat.launcher]) {
    const box = (await part.boundingBox())!
    expect(box.x).toBeGreaterThanOrEqual(lying.left)
    expect(box.x + box.width).toBeLessThanOrEqual(844 - lying.right)
    expect(box.y + box.height).toBeLessThanOrEqual(390 - lying.bottom)
  }
})
