/** The main stories in Firefox and in WebKit: what Chromium shows in all the other files, others must show too. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Demo, openDemo } from './support/demo.ts'
import type { Engine, EnginePage } from './support/engines/engine.ts'
import { startFirefox } from './support/engines/firefox.ts'
import { startWebKit } from './support/engines/webkit.ts'
import { until } from './support/wait.ts'

/** Milliseconds. A browser starts in seconds, beside other tests in more. */
const TIME = 120_000

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo?.close())

const LAUNCHER = { selector: '[part~=launcher]' }

/** Runs in the page: texts of the bubbles, top to bottom. */
function bubbles(): readonly string[] {
  const texts: string[] = []
  const visit = (root: Document | ShadowRoot) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.matches('[part~=bubble]')) texts.push((element.textContent ?? '').trim())
      if (element.shadowRoot) visit(element.shadowRoot)
    }
  }
  visit(document)
  return texts
}

/** Runs in the page: the part or name of what has the focus, through every shadow root. */
function focused(): string {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active?.getAttribute('part') ?? active?.localName ?? ''
}

/** Runs in the page: the chat's state. */
function state() {
  const chat = document.querySelector('chat-widget') as unknown as {
    getState(): {
      readonly connection: { readonly status: string }
      readonly identity: { readonly status: string }
      readonly open: boolean
    }
  } | null
  const { connection, identity, open } = chat?.getState() ?? {}
  return { connection: connection?.status, identity: identity?.status, open }
}

const shows = (page: EnginePage, text: RegExp) =>
  until(String(text), async () => (await page.evaluate(bubbles)).some((one) => text.test(one)))

const isFocused = (page: EnginePage, part: string) =>
  until(`${part} has the focus`, async () => (await page.evaluate(focused)) === part)

async function say(page: EnginePage, text: string): Promise<void> {
  await page.type(text)
  await page.press('Enter')
  await shows(page, new RegExp(text))
}

describe.each([
  ['Firefox', startFirefox],
  ['WebKit', startWebKit],
] as const)('%s', (_name, start) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await start()
  }, TIME)
  afterAll(() => engine?.close())

  it('[DL4] [ID15] a visitor asks, signs in from the card, and finds all of it again', {
    timeout: TIME,
  }, async () => {
    const page = await engine.page()
    await page.goto(demo.shopUrl)
    await page.click(LAUNCHER)
    await isFocused(page, 'input')
    await say(page, 'Where is my order?')
    await page.click({ selector: '[part~=login-button]', text: 'Sign in' })
    const { email, password } = demo.customers[0]!
    for (const [field, value] of [
      ['email', email],
      ['password', password],
    ] as const) {
      await page.click({ selector: `[data-testid=login-${field}]` })
      await page.type(value)
    }
    await page.click({ selector: '[data-testid=login-submit]' })
    await shows(page, /NW-1042/)
    expect((await page.evaluate(state)).identity).toBe('identified')
    const before = await page.evaluate(bubbles)
    await page.goto(demo.shopUrl)
    await until('the history is back', async () => {
      if ((await page.evaluate(state)).open !== true) await page.click(LAUNCHER)
      return (await page.evaluate(bubbles)).length >= before.length
    })
    expect(await page.evaluate(bubbles)).toEqual(before)
  })

  it('[HP3] by keyboard alone: in, write, send, out, and the focus is where it was', {
    timeout: TIME,
  }, async () => {
    const page = await engine.page()
    await page.goto(demo.shopUrl)
    await until('the launcher is there', async () => (await page.evaluate(state)).open === false)
    for (let presses = 0; (await page.evaluate(focused)) !== 'launcher'; presses += 1) {
      expect(presses, 'the launcher is reached by Tab').toBeLessThan(60)
      await page.press('Tab')
    }
    await page.press('Enter')
    await isFocused(page, 'input')
    await say(page, 'By keys alone')
    await page.press('Escape')
    await isFocused(page, 'launcher')
    expect((await page.evaluate(state)).open).toBe(false)
  })
})
