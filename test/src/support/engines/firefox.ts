/** Firefox, by WebDriver BiDi. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ElementHandle, Page } from 'puppeteer-core'
import { launch } from 'puppeteer-core'
import { found } from '../wait.ts'
import { type Engine, type EnginePage, findDeep, type Target } from './engine.ts'

function firefoxPath(): string {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '')
  const paths = ['firefox-esr', 'firefox'].flatMap((name) => folders.map((folder) => join(folder, name)))
  const path = process.env.FIREFOX_PATH ?? paths.find((one) => existsSync(one))
  if (path === undefined) throw new Error('Firefox is missing: install firefox-esr, or set FIREFOX_PATH')
  return path
}

export async function startFirefox(): Promise<Engine> {
  const browser = await launch({
    browser: 'firefox',
    executablePath: firefoxPath(),
    headless: true,
    defaultViewport: { width: 1280, height: 800 },
    extraPrefsFirefox: { 'intl.accept_languages': 'en-US' },
  })
  return {
    version: await browser.version(),
    async page() {
      const context = await browser.createBrowserContext()
      return pageOf(await context.newPage())
    },
    close: () => browser.close(),
  }
}

function pageOf(page: Page): EnginePage {
  const find = ({ selector, text = '' }: Target) =>
    found(`${selector} ${text}`, async () => {
      const handle = await page.evaluateHandle(findDeep, selector, text)
      return handle.asElement() as ElementHandle<Element> | null
    })
  return {
    async goto(url) {
      await page.goto(url)
    },
    evaluate: (run) => page.evaluate(run) as Promise<never>,
    async click(target) {
      await (await find(target)).click()
    },
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
    async chooseFile(label, path) {
      const input = await (await find(label)).$('input')
      await input?.uploadFile(path)
    },
  }
}
