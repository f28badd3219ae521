/** Chromium for pages that this server renders, and axe's findings about them. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { RUN } from '../../../../scripts/axe-run.mjs'
import { chromiumLaunchOptions } from '../../../../scripts/chromium.mjs'

/** Call at the top of a file. Pages are closed after their test. */
export function useChromium() {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch(chromiumLaunchOptions({ prefersShell: true }))
  })
  afterAll(() => browser?.close())
  return {
    async page(options: BrowserContextOptions = {}): Promise<Page> {
      const context = await browser.newContext({ locale: 'en-US', ...options })
      onTestFinished(() => context.close())
      context.setDefaultTimeout(60_000)
      return context.newPage()
    },
  }
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[]
  }[]
}

const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** WCAG 2.2 A and AA, and good practice. */
const EVERYTHING = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Findings of the whole page, by all rules or some; empty if there are none. */
export async function violations(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // By the debugger rather than by a script tag, which the page's own policy would refuse.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(`${await axe};0`)
  const runOnly = rules === undefined ? { type: 'tag', values: EVERYTHING } : { type: 'rule', values: rules }
  return page.evaluate(
    async (options) => {
      const { axe: engine } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }
      const { violations: found } = await engine.run(options)
      return found.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary}`),
      )
    },
    { runOnly, ...RUN },
  )
}
