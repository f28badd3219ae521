/** One script tag: the files it loads and when, the command queue, and a page with the strictest policy. */
import type { Page, Request } from 'playwright'
import { describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { useChatSite } from './support/chat-site.ts'
import { type HostSite, pageWithWidget } from './support/host-site.ts'
import { rest } from './support/rest.ts'
import type { ServerHere } from './support/server-here.ts'
import { mintToken } from './support/shop.ts'
import { until } from './support/wait.ts'
import { isConnected, stateOf, widgetOn } from './support/widget-page.ts'

const KB = 1_024
const browser = useBrowser({ moves: true })
let server: ServerHere
let site: HostSite
useChatSite((started) => {
  server = started.server
  site = started.site
})

const embedPage = (
  head = '',
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
${head}<script async src="${server.url}/embed.js" data-app="shop"></script></head><body><h1>Shop</h1></body></html>`

/**
 * Bytes of JavaScript on the wire, by file, with their encoding. Waits for all requested files except `held` ones: a
 * file may be reported complete after the page has run it.
 */
function transfers(page: Page, held?: RegExp) {
  const files: { path: string; bytes: number; encoding: string | undefined }[] = []
  const pending: Promise<void>[] = []
  const measure = async (request: Request) => {
    const response = await request.response()
    await response?.finished()
    const { responseBodySize } = await request.sizes()
    files.push({
      path: new URL(request.url()).pathname,
      bytes: responseBodySize,
      encoding: (await response?.allHeaders())?.['content-encoding'],
    })
  }
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) || !request.url().includes('.js')) return
    if (held?.test(request.url())) return
    const measuring = measure(request)
    // A late report may find the page closed.
    measuring.catch(() => undefined)
    pending.push(measuring)
  })
  return async () => {
    await Promise.all(pending)
    return { files, total: files.reduce((sum, { bytes }) => sum + bytes, 0) }
  }
}

describe('what is loaded', () => {
  it('paints the launcher with at most 6 KB of JavaScript', async () => {
    const page = await browser.page()
    // Later files are held back: the launcher must not need them.
    const later = /\/assets\//
    const measured = transfers(page, later)
    await page.route(later, () => undefined)
    await page.goto(site.page('/', embedPage()))
    const { launcher } = widgetOn(page)
    await launcher.waitFor({ state: 'visible' })
    const box = (await launcher.boundingBox())!
    expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44)
    const { files, total } = await measured()
    expect(files).toEqual([{ path: '/embed.js', bytes: expect.any(Number), encoding: 'br' }])
    expect(total).toBeGreaterThan(0)
    expect(total).toBeLessThanOrEqual(6 * KB)
  })

  it('chats with at most 46 KB of JavaScript, none of it twice', async () => {
    const page = await browser.page()
    const measured = transfers(page)
    await page.goto(site.page('/', embedPage()))
    const chat = widgetOn(page)
    await chat.open()
    await isConnected(page)
    await chat.say('hello')
    await chat.isSent()
    const id = (await stateOf(page)).conversation!.id
    await rest(server.url, 'POST', `/${id}/messages`, { text: 'Good morning' })
    await chat.shows('Good morning')
    const { files, total } = await measured()
    expect(files.map(({ encoding }) => encoding)).toEqual(files.map(() => 'br'))
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length)
    expect(total, JSON.stringify(files)).toBeLessThanOrEqual(46 * KB)
  })

  it('loads the language of the page, and no other', async () => {
    const page = await browser.page()
    const measured = transfers(page)
    await page.goto(site.page('/', embedPage().replace('lang="en"', 'lang="pl-PL"')))
    const { element } = widgetOn(page)
    await element.getByRole('button', { name: 'Czat' }).click()
    await element.getByText('Jak możemy pomóc?').waitFor()
    await element.getByRole('button', { name: 'Wyślij wiadomość' }).waitFor()
    const { files } = await measured()
    const languages = files.map(({ path }) => path).filter((path) => /^\/assets\/[a-z]{2}-/.test(path))
    expect(languages).toEqual([expect.stringContaining('/assets/pl-')])
  })

  it('tells a visitor who comes back what they have not read', async () => {
    const context = await browser.context()
    const page = await context.newPage()
    await page.goto(site.page('/', embedPage()))
    const chat = widgetOn(page)
    await chat.open()
    await isConnected(page)
    await chat.say('hello')
    await chat.isSent()
    const id = (await stateOf(page)).conversation!.id
    await page.close()
    await rest(server.url, 'POST', `/${id}/messages`, { text: 'Good morning' })

    const again = await context.newPage()
    await again.goto(site.page('/', embedPage()))
    const launcher = widgetOn(again).element.getByRole('button', { name: /1 unread message/ })
    await launcher.waitFor({ state: 'visible' })
    await launcher.click()
    await widgetOn(again).shows('Good morning')
    await until('it counts as read', async () => (await stateOf(again)).unread === 0)
  })
})

const QUEUE = `<script>
  window.ChatWidget = window.ChatWidget || function () { (ChatWidget.q = ChatWidget.q || []).push(arguments) }
</script>`

describe('the command queue', () => {
  it('runs calls made before loading after it, in order, and later ones at once', async () => {
    const page = await browser.page()
    await page.exposeFunction('mint', () => mintToken('ada'))
    const queued = `${QUEUE}<script>
      window.order = []
      ChatWidget('on', 'widget-open', () => order.push('open'))
      ChatWidget('on', 'message-sent', (event) => order.push(event.detail.message.text))
      ChatWidget('nonsense')
      ChatWidget('setUser', { userIdentifier: 'ada',
        requestContextProvider: async () => ({ Auth: { Token: await mint() } }) })
      ChatWidget('show')
      ChatWidget('sendMessage', 'first')
      ChatWidget('sendMessage', 'second')
    </script>`
    await page.goto(site.page('/', embedPage(queued)))
    const chat = widgetOn(page)
    await chat.shows('second')
    await until('both are sent', () =>
      page.evaluate(() => (globalThis as unknown as { order: string[] }).order.includes('second')),
    )
    expect(await chat.texts()).toEqual(['first', 'second'])
    expect((await stateOf(page)).identity).toMatchObject({ status: 'identified', userIdentifier: 'ada' })
    await page.evaluate(() =>
      (globalThis as unknown as { ChatWidget(name: string): void }).ChatWidget('hide'),
    )
    await chat.panel.waitFor({ state: 'hidden' })
  })
})

describe('a page with the strictest policy', () => {
  it.each(['embed.js', 'chat-widget.js'])('runs %s without a violation', async (file) => {
    const page = await browser.page()
    await page.addInitScript(() => {
      const violations: string[] = []
      Object.assign(globalThis, { violations })
      document.addEventListener('securitypolicyviolation', (event) =>
        violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`),
      )
    })
    const address = new URL(server.url)
    const policy = [
      "default-src 'none'",
      `script-src ${address.origin}`,
      `connect-src ${address.origin} ws://${address.host}`,
      "require-trusted-types-for 'script'",
    ].join('; ')
    const html = file === 'embed.js' ? embedPage() : pageWithWidget(server.url)
    await page.goto(site.page('/strict', { html, headers: { 'content-security-policy': policy } }))
    const chat = widgetOn(page)
    await chat.open()
    await isConnected(page)
    await chat.say('hello, see https://example.com')
    await chat.isSent()
    const id = (await stateOf(page)).conversation!.id
    await rest(server.url, 'POST', `/${id}/messages`, { login: { text: 'Who are you?', button: 'Sign in' } })
    await chat.log.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await page.evaluate(() => (globalThis as unknown as { violations: string[] }).violations)).toEqual(
      [],
    )
    expect(
      await chat.launcher.evaluate((launcher) => getComputedStyle(launcher).borderRadius),
      'its styles apply',
    ).toBe('50%')
  })
})
