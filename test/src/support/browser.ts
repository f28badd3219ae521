/**
 * Chromium for test files: one launch per process, a fresh context for each device, and page errors that fail the test.
 */
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'
import { chromiumLaunchOptions } from '../../../scripts/chromium.mjs'
import { type ReusablePage, reusablePage } from './reusable-page.ts'

export interface TestBrowser {
  /** A page of a new visitor. */
  page(options?: BrowserContextOptions): Promise<Page>
  /** The context of a device: its pages share storage. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>
}

/** Browsers by `keepsPages`. Playwright closes them with the process, which files share. */
const launched = new Map<boolean, Promise<Browser>>()

async function browserOf(keepsPages: boolean): Promise<Browser> {
  const running = await launched.get(keepsPages)?.catch(() => undefined)
  if (running?.isConnected()) return running
  const started = chromium.launch({
    ...chromiumLaunchOptions({ prefersShell: !keepsPages }),
    ...(keepsPages ? { ignoreDefaultArgs: ['--disable-back-forward-cache'] } : {}),
  })
  launched.set(keepsPages, started)
  return started
}

/**
 * Call it at the top of a file. Contexts are closed after each test, and an uncaught error in any page fails it.
 * `keepsPages`: with the back/forward cache, which Playwright turns off, and which the headless shell lacks.
 * `moves`: with transitions and animations, whose frames cost a fifth of a page's work. Component tests have them too.
 * `reuses`: pages pass from test to test, each time as a new visitor's: a new process for each is half the cost of a short test.
 * A page on which something was set that cannot be taken back is closed. Not for tests that count what is loaded.
 */
export function useBrowser({ keepsPages = false, moves = false, reuses = false } = {}): TestBrowser {
  let browser: Browser
  let contexts: BrowserContext[] = []
  let errors: string[] = []
  /** Those of the running test, and those that are free, by their options. */
  const inUse = new Map<BrowserContext, ReusablePage>()
  const free = new Map<string, ReusablePage[]>()

  beforeAll(async () => {
    browser = await browserOf(keepsPages)
  })
  afterEach(async ({ task }) => {
    const seen = errors
    const open = contexts
    contexts = []
    const pages = task.result?.state === 'fail' ? open.flatMap((context) => context.pages()) : []
    const states = await Promise.all(pages.map(describePage))
    for (const context of open) {
      const reusable = inUse.get(context)
      inUse.delete(context)
      if (reusable !== undefined && task.result?.state !== 'fail' && (await reusable.forget()))
        free.set(reusable.key, [...(free.get(reusable.key) ?? []), reusable])
      else await context.close()
    }
    errors = []
    expect(seen, 'uncaught errors in pages').toEqual([])
    // Beside the test's own error, where whoever reads of the failure looks.
    if (states.length > 0) throw new Error(`Pages of the failed test:\n${states.join('\n')}`)
  })

  afterAll(async () => {
    for (const { page } of [...free.values()].flat()) await page.context().close()
    free.clear()
  })

  const context = async (options: BrowserContextOptions = {}) => {
    const made = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-US',
      reducedMotion: moves ? 'no-preference' : 'reduce',
      ...options,
    })
    made.setDefaultTimeout(inject('patienceMs'))
    contexts.push(made)
    made.on('weberror', (error) => errors.push(`${error.page()?.url()}: ${describe(error.error())}`))
    return made
  }
  const page = async (options: BrowserContextOptions = {}) => {
    if (!reuses) return (await context(options)).newPage()
    const key = JSON.stringify(options)
    const left = free.get(key)?.pop()
    if (left !== undefined) contexts.push(left.page.context())
    const reusable = left ?? reusablePage(await (await context(options)).newPage(), key)
    inUse.set(reusable.page.context(), reusable)
    return reusable.page
  }
  return { context, page }
}

/** Most lines told of a page's chat. */
const LINES = 30

/** The page's address, the state of its chat, its last rows, and what its client did last. */
async function describePage(page: Page): Promise<string> {
  const chat = page.locator('chat-widget')
  const told = chat.evaluateAll(([element]) => {
    const { getState, trace } = (element ?? {}) as {
      getState?(): object
      trace?(): readonly object[]
    }
    const state = JSON.stringify(getState?.call(element))
    return [state, ...(trace?.call(element) ?? []).map((one) => JSON.stringify(one))]
  })
  const rows = chat
    .locator('.row')
    .evaluateAll((all) => all.map(({ className, textContent }) => `${className}: ${textContent?.trim()}`))
  try {
    const [[state, ...trace], shown] = await Promise.all([told, rows])
    return [page.url(), state, ...shown.slice(-LINES), ...trace.slice(-LINES)].join('\n')
  } catch (error) {
    return `${page.url()}: ${error}`
  }
}

/** Pages can throw anything; an error without a stack still has a name. */
const describe = (error: Error): string =>
  error.stack || `${error.name}: ${error.message || JSON.stringify(error)}`

/** Collects the page's console messages of a level, as text. */
export function consoleOf(page: Page, type: 'warning' | 'error'): string[] {
  const lines: string[] = []
  page.on('console', (message) => {
    if (message.type() === type) lines.push(message.text())
  })
  return lines
}
