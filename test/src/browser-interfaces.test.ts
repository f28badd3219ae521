/** Browsers that lack an interface, refuse it or never answer: with each the visitor chats, signs in and signs out. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, Page, WebSocket } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { breakInterface, type Fault } from './support/broken-browser.ts'
import { consoleOf, useBrowser } from './support/browser.ts'
import { watchHeld } from './support/held-by-page.ts'
import { type HostSite, pageWithWidget, startHostSite } from './support/host-site.ts'
import { ROOT } from './support/paths.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { shopConfig } from './support/shop.ts'
import { tokenFor } from './support/tabbed-host.ts'
import { until } from './support/wait.ts'
import { isConnected, stateOf, widgetErrors, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let server: ServerHere
let site: HostSite
beforeAll(async () => {
  server = await startServerHere(shopConfig())
  site = await startHostSite()
  site.page('/', pageWithWidget(server.url))
})
afterAll(async () => {
  await site?.close()
  await server?.close()
})

/** What is broken together: the paths of interfaces, by their fault. Synchronous ones cannot be silent. */
type Broken = Partial<Record<Fault, string>>

/** Of which none has anything to do with storage or tabs. */
const SYNCHRONOUS =
  'crypto structuredClone matchMedia HTMLElement.prototype.showPopover ResizeObserver IntersectionObserver Element.prototype.animate Intl.DateTimeFormat Intl.PluralRules Intl.getCanonicalLocales'

/**
 * The browser interfaces wrapped by packages/client/src/browser. packages/widget/src/browser-faults.test.ts breaks each
 * alone.
 */
const BROKEN: Readonly<Record<'a device' | 'tabs', readonly Broken[]>> = {
  'a device': [
    { 'is missing': `indexedDB WebSocket CSSStyleSheet ${SYNCHRONOUS}` },
    { 'throws on use': 'indexedDB', 'throws on access': SYNCHRONOUS },
    { 'never answers': 'indexedDB', 'throws on use': `WebSocket CSSStyleSheet ${SYNCHRONOUS}` },
    // As in a browser that blocks all cookies.
    { 'throws on access': 'indexedDB localStorage sessionStorage BroadcastChannel' },
    // Trusted Types are Lit's; if a policy forbids them, the page is told.
    {
      'never answers': 'BroadcastChannel',
      'is missing': 'trustedTypes ShadowRoot.prototype.adoptedStyleSheets',
    },
  ],
  tabs: [
    { 'is missing': 'navigator.locks' },
    // The viewport is a phone's.
    { 'throws on access': 'navigator.locks', 'throws on use': 'visualViewport' },
    { 'throws on use': 'navigator.locks' },
    {
      'never answers':
        'navigator.locks ResizeObserver IntersectionObserver Element.prototype.animate requestIdleCallback',
    },
    { 'throws on use': 'localStorage sessionStorage BroadcastChannel' },
  ],
}

const leave = (page: Page) =>
  page.evaluate(() =>
    (document.querySelector('chat-widget') as unknown as { logout(): Promise<void> }).logout(),
  )

const faultsOf = (broken: Broken) =>
  (Object.entries(broken) as [Fault, string][]).flatMap(([fault, paths]) =>
    paths.split(' ').map((path) => ({ path, fault })),
  )

/** Connections that a page has had. */
function connectionsOf(page: Page) {
  const sockets: WebSocket[] = []
  page.on('websocket', (socket) => sockets.push(socket))
  return { open: () => sockets.filter((socket) => !socket.isClosed()).length }
}

/** Chats, signs in, and signs out; on a phone's screen for interfaces that only a phone needs. */
async function story(
  broken: Broken,
  tabs: (context: BrowserContext, first: Page) => Promise<void>,
): Promise<void> {
  const faults = faultsOf(broken)
  const isPhone = faults.some(({ path }) => path === 'visualViewport')
  const context = await browser.context(isPhone ? { viewport: { width: 390, height: 780 } } : {})
  for (const { path, fault } of faults) await breakInterface(context, path, fault)
  await context.exposeFunction('askHost', () => tokenFor('ada@example.com'))
  const page = await context.newPage()
  await page.goto(`${site.url}/`)
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  expect(await chat.launcher.evaluate((button) => getComputedStyle(button).borderRadius)).toBe('50%')
  await chat.say('as a guest')
  await chat.isSent()
  await tabs(context, page)
  await page.evaluate(() => {
    const { askHost } = globalThis as unknown as { askHost(): Promise<object> }
    Object.assign(document.querySelector('chat-widget') as Element, {
      user: { userIdentifier: 'ada@example.com', requestContextProvider: () => askHost() },
    })
  })
  await until('she is signed in', async () => (await stateOf(page)).identity.status === 'identified')
  await chat.say('signed in')
  await chat.isSent()
  await leave(page)
  expect((await stateOf(page)).identity.status).toBe('anonymous')
  expect(await chat.texts()).toEqual([])
  await chat.panel.getByRole('button', { name: 'Close chat' }).click()
  await chat.panel.waitFor({ state: 'hidden' })
}

/** Another tab of the visitor: without a way to share one, each has a connection of its own. */
async function secondTab(context: BrowserContext, first: Page): Promise<void> {
  const second = await context.newPage()
  const connections = connectionsOf(second)
  await second.goto(first.url())
  const [one, other] = [widgetOn(first), widgetOn(second)]
  await other.open()
  await isConnected(second)
  expect(connections.open()).toBe(1)
  await other.shows('as a guest')
  await other.say('from the other tab')
  await other.isSent()
  await one.shows('from the other tab')
  await one.say('from this one')
  await other.shows('from this one')
  await isConnected(first)
  await isConnected(second)
  expect(connections.open()).toBe(1)
  await second.close()
}

describe('browser interfaces are done without', () => {
  it.each([
    ['[DL12] those of a device', BROKEN['a device'], async () => {}],
    ['[DL6] [DL12] those by which tabs share a connection', BROKEN.tabs, secondTab],
  ] as const)('%s', async (_what, all, tabs) => {
    const stories = await Promise.allSettled(
      all.map((broken) =>
        story(broken, tabs).catch((cause: unknown) => {
          const said = cause instanceof Error ? cause.message : String(cause)
          throw new Error(`with ${JSON.stringify(broken)}: ${said}`)
        }),
      ),
    )
    expect(stories.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([])
  })
})

it('[DL12] Trusted Types that the page’s policy keeps for others are told of, with what to change', async () => {
  const page = await (await browser.context()).newPage()
  const warnings = consoleOf(page, 'warning')
  const errors = await widgetErrors(page)
  const policy = "require-trusted-types-for 'script'; trusted-types mine"
  const html = pageWithWidget(server.url)
  await page.goto(site.page('/typed', { html, headers: { 'content-security-policy': policy } }))
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  await chat.panel.getByRole('button', { name: 'More' }).click()
  await until('it is told', async () => warnings.join().includes('lit-html in trusted-types'))
  expect(await errors()).toMatchObject([{ code: 'load-failed' }])
  site.page('/typed', { html, headers: { 'content-security-policy': `${policy} lit-html` } })
  await page.reload()
  await chat.open()
  await chat.panel.getByRole('button', { name: 'More' }).click()
  await chat.panel.getByRole('menu').waitFor()
})

it('[DL12] are used by the one folder that wraps them', async () => {
  const raw =
    /\b(indexedDB|BroadcastChannel|localStorage|sessionStorage|navigator\.|crypto\.|structuredClone|matchMedia\(|requestIdleCallback|ResizeObserver|visualViewport|trustedTypes)|\.(showPopover|hidePopover|animate|CSSStyleSheet)\(|\bIntl\.\w+\(/
  const found: string[] = []
  for (const folder of ['packages/client/src', 'packages/widget/src'])
    for (const path of await readdir(join(ROOT, folder), { recursive: true })) {
      if (!path.endsWith('.ts') || /\.(test|testing)\.ts$|^browser\//.test(path)) continue
      const lines = (await readFile(join(ROOT, folder, path), 'utf8')).split('\n')
      found.push(
        ...lines
          .filter((line) => raw.test(line) && !/^\s*(\/\*)?\*|^\s*\/\//.test(line))
          .map((line) => `${path}: ${line.trim()}`),
      )
    }
  expect(found).toEqual([])
})

describe('what is stored', () => {
  it('[DL5] is in memory, and said to be, when the database stops answering in the middle; signing out goes on', async () => {
    const page = await (await browser.context()).newPage()
    await page.goto(`${site.url}/`)
    const chat = widgetOn(page)
    await chat.open()
    await chat.say('before')
    await chat.isSent()
    await page.evaluate(() => {
      for (const method of ['get', 'put', 'delete', 'getAllKeys'] as const)
        IDBObjectStore.prototype[method] = () => new EventTarget() as never
    })
    await chat.say('after')
    await chat.isSent()
    await chat.panel.getByText('Keep this page open').waitFor()
    await page.context().setOffline(true)
    await chat.panel.getByText('You are offline').waitFor()
    expect(await chat.panel.getByText('Keep this page open').isVisible()).toBe(true)
    await page.context().setOffline(false)
    await isConnected(page)
    await leave(page)
    expect(await chat.texts()).toEqual([])
  })

  it('[DL5] keeps no connection and no listener of a chat that was taken out, and blocks nobody who deletes it all', async () => {
    const page = await (await browser.context()).newPage()
    const held = await watchHeld(page)
    await page.goto(`${site.url}/`)
    await widgetOn(page).open()
    await isConnected(page)
    // That it is there, and that it leads. Others are held for a moment only, such as the one under which a session begins.
    await expect.poll(async () => (await held()).lock).toBe(2)
    const byOne = await held()
    for (const kind of ['database', 'channel', 'socket', 'Window pagehide'])
      expect(byOne[kind], kind).toBeGreaterThan(0)
    // Leaves the page and comes back, each time until it has connected.
    for (let times = 0; times < 3; times += 1) {
      await page.evaluate(async () => {
        const chat = document.querySelector('chat-widget') as Element
        chat.remove()
        await new Promise((done) => setTimeout(done))
        document.body.append(chat)
      })
      await isConnected(page)
    }
    await expect.poll(held).toEqual(byOne)
    const outcome = await page.evaluate(async () => {
      document.querySelector('chat-widget')?.remove()
      const all = await indexedDB.databases()
      return Promise.all(
        all.map(
          ({ name = '' }) =>
            new Promise<string>((resolve) => {
              const request = indexedDB.deleteDatabase(name)
              request.onblocked = () => resolve('blocked')
              request.onsuccess = () => resolve('deleted')
            }),
        ),
      )
    })
    expect(outcome).toEqual(['deleted'])
    // engine.io-client's own: one for the page from its evaluation on, which passes the event to sockets that are open.
    await expect.poll(held).toEqual({ 'Window offline': 1 })
  })

  it('[DL5] waits for nobody who holds the lock of the session for ever', async () => {
    const context = await browser.context()
    const other = await context.newPage()
    await other.goto(site.page('/other', '<title>Shop</title>'))
    await other.evaluate(
      (name) =>
        new Promise<void>((held) => {
          void navigator.locks.request(name, () => {
            held()
            return new Promise(() => {})
          })
        }),
      `chat-widget-session:shop@${server.url}`,
    )
    const page = await context.newPage()
    await page.goto(`${site.url}/`)
    const chat = widgetOn(page)
    await chat.open()
    await chat.say('hello')
    await chat.isSent()
  })
})
