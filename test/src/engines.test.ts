/** The main stories in Firefox and in WebKit: what Chromium shows in all the other files, others must show too. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Demo, openDemo } from './support/demo.ts'
import type { Engine, EnginePage } from './support/engines/engine.ts'
import { startFirefox } from './support/engines/firefox.ts'
import { startWebKit } from './support/engines/webkit.ts'
import { until } from './support/wait.ts'

/** Milliseconds. A browser starts in seconds, beside other tests in more. */
const TIME = 120_000

let demo: Demo
let folder: string
beforeAll(async () => {
  demo = await openDemo()
  folder = await mkdtemp(join(tmpdir(), 'chat-engines-'))
})
afterAll(async () => {
  await demo?.close()
  await rm(folder, { recursive: true, force: true })
})

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

/** Runs in the page: all texts of the chat. */
function words(): string {
  const visit = (root: ParentNode): string =>
    [...root.querySelectorAll('*')]
      .map((element) => (element.shadowRoot ? visit(element.shadowRoot) : ''))
      .concat(root.textContent ?? '')
      .join(' ')
  const chat = document.querySelector('chat-widget')?.shadowRoot
  return chat ? visit(chat) : ''
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
      readonly conversation: { readonly headSeq: number } | null
    }
  } | null
  const { identity, open, conversation } = chat?.getState() ?? {}
  return { identity: identity?.status, open, headSeq: conversation?.headSeq ?? 0 }
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

  it('[FI10] a file is chosen, sent with what was written, and there after a reload', {
    timeout: TIME,
  }, async () => {
    const path = join(folder, 'list.txt')
    await writeFile(path, 'Tent, stove, lamp')
    const page = await engine.page()
    await page.goto(demo.shopUrl)
    await page.click(LAUNCHER)
    await isFocused(page, 'input')
    await page.chooseFile({ selector: '[part~=attach]' }, path)
    await until('the file is to be seen', async () => (await page.evaluate(words)).includes('list.txt'))
    await isFocused(page, 'input')
    await page.type('What I need')
    await page.press('Enter')
    await until('it is stored', async () => (await page.evaluate(state)).headSeq >= 1)
    await page.goto(demo.shopUrl)
    await until('the chat is open', async () => {
      if ((await page.evaluate(state)).open !== true) await page.click(LAUNCHER)
      return (await page.evaluate(words)).includes('list.txt')
    })
  })
})
