/** A browser with several tabs of one shop, each page with the widget and a provider of its own. */
import type { BrowserContext, Page } from 'playwright'
import { type HostSite, pageWithWidget } from './host-site.ts'
import { mintToken } from './shop.ts'
import { until } from './wait.ts'
import { isConnected, stateOf, type WidgetPage, widgetOn } from './widget-page.ts'

interface ProviderCall {
  readonly user: string
  readonly needsRefresh: boolean
}

export interface HostTab {
  readonly page: Page
  readonly chat: WidgetPage
  /** Sets the user without waiting for the result. */
  setUser(userIdentifier: string | null): Promise<void>
  /** Sets the user, and resolves when the server knows them. */
  signIn(userIdentifier: string): Promise<void>
  /** Resolves when `logout()` does. */
  logout(options?: { readonly everywhere?: boolean }): Promise<void>
  status(): Promise<string>
  hasStatus(status: string): Promise<void>
  /** The host's view of the user. */
  user(): Promise<string | null>
  /** All of the widget's text in the document, including its fields. */
  screen(): Promise<string>
  /** Every string that the page's JavaScript holds, as JSON. Clears `overheard`. */
  memory(): Promise<string>
  /** Messages on the tabs' channel since the page was loaded. */
  overheard(): Promise<string>
  /** Session secrets that the server gave to this tab. */
  readonly secrets: readonly string[]
}

export interface TabbedHost {
  readonly context: BrowserContext
  /** Calls of the provider, in any tab, oldest first. */
  readonly calls: readonly ProviderCall[]
  /** Replaces the provider's answer. Default: a token for the user, of `lifetimeSeconds`. */
  answer: (call: ProviderCall) => Promise<unknown>
  openTab(): Promise<HostTab>
}

export interface TabbedHostOptions {
  readonly site: HostSite
  readonly server: string
  /** Default: an hour. */
  readonly lifetimeSeconds?: number
  readonly attributes?: string
}

export const tokenFor = async (user: string, lifetimeSeconds?: number) => ({
  Auth: { Token: await mintToken(user, lifetimeSeconds) },
})

export async function openTabbedHost(
  context: BrowserContext,
  { site, server, lifetimeSeconds, attributes }: TabbedHostOptions,
): Promise<TabbedHost> {
  const calls: ProviderCall[] = []
  const url = site.page('/tabs', pageWithWidget(server, attributes === undefined ? {} : { attributes }))
  const host: TabbedHost = {
    context,
    calls,
    answer: ({ user }) => tokenFor(user, lifetimeSeconds),
    async openTab() {
      const page = await context.newPage()
      const secrets: string[] = []
      page.on('websocket', (socket) =>
        socket.on('framereceived', ({ payload }) => {
          for (const [, token] of String(payload).matchAll(/"session":\{"token":"([^"]+)"/g))
            secrets.push(token ?? '')
        }),
      )
      await page.goto(url)
      return hostTab(page, secrets)
    },
  }
  await context.exposeFunction('askHost', (user: string, needsRefresh: boolean) => {
    const call = { user, needsRefresh }
    calls.push(call)
    return host.answer(call)
  })
  await context.addInitScript(() => {
    const overheard: unknown[] = []
    Object.assign(globalThis, { overheard })
    const names = new Set<string>()
    // A channel does not receive its own messages: each one the page opens gets a listener beside it.
    globalThis.BroadcastChannel = class extends BroadcastChannel {
      constructor(name: string) {
        super(name)
        if (names.has(name)) return
        names.add(name)
        const listener = new (Object.getPrototypeOf(globalThis.BroadcastChannel))(name)
        listener.onmessage = ({ data }: MessageEvent) => overheard.push(data)
        // Otherwise the page would not be kept in the back/forward cache.
        addEventListener('pagehide', () => listener.close())
      }
    }
  })
  return host
}

function hostTab(page: Page, secrets: readonly string[]): HostTab {
  const status = async () => (await stateOf(page)).identity.status
  const tab: HostTab = {
    page,
    chat: widgetOn(page),
    secrets,
    async setUser(userIdentifier) {
      await page.evaluate((user) => {
        type AskHost = (user: string, needsRefresh: boolean) => Promise<unknown>
        const { askHost } = globalThis as unknown as { askHost: AskHost }
        const requestContextProvider = (needsRefresh: boolean) => askHost(user ?? '', needsRefresh)
        const chat = document.querySelector('chat-widget') as Element & { connect(): Promise<void> }
        Object.assign(chat, {
          user: user === null ? null : { userIdentifier: user, requestContextProvider },
        })
        if (user !== null) chat.connect().catch(() => {})
      }, userIdentifier)
    },
    async signIn(userIdentifier) {
      await tab.setUser(userIdentifier)
      await until(`${userIdentifier} is signed in`, async () => {
        const { identity } = await stateOf(page)
        return identity.status === 'identified' && identity.userIdentifier === userIdentifier
      })
      await isConnected(page)
    },
    logout: (options) =>
      page.evaluate(
        (how) =>
          (
            document.querySelector('chat-widget') as unknown as { logout(options?: object): Promise<void> }
          ).logout(how),
        options,
      ),
    status,
    hasStatus: (wanted) => until(`the tab is ${wanted}`, async () => (await status()) === wanted),
    user: () =>
      page.evaluate(
        () =>
          (document.querySelector('chat-widget') as unknown as { user: { userIdentifier: string } | null })
            .user?.userIdentifier ?? null,
      ),
    screen: () => page.evaluate(readScreen),
    async memory() {
      await page.bringToFront()
      // Clears the tools' own memory: messages recorded for the test, and the last match of a search.
      await page.getByText(/Shop/).first().waitFor()
      await page.evaluate(() => {
        const { overheard } = globalThis as unknown as { overheard: unknown[] }
        overheard.length = 0
        ;/x/.exec('x')
        return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
      })
      const tools = await page.context().newCDPSession(page)
      const chunks: string[] = []
      tools.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
      await tools.send('HeapProfiler.collectGarbage')
      await tools.send('HeapProfiler.takeHeapSnapshot')
      await tools.detach()
      const snapshot = chunks.join('')
      const strings = snapshot.indexOf('"strings":[')
      if (strings === -1) throw new Error('the snapshot has no strings')
      return snapshot.slice(strings)
    },
    overheard: () =>
      page.evaluate(() => JSON.stringify((globalThis as unknown as { overheard: unknown[] }).overheard)),
  }
  return tab
}

/** Runs in the page: markup of all shadow roots, and the values of fields, which markup does not contain. */
function readScreen(): string {
  const read = (root: ParentNode): string =>
    [...root.querySelectorAll('*')]
      .map((element) => {
        const value =
          element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement ? element.value : ''
        const shadow =
          element.shadowRoot === null ? '' : element.shadowRoot.textContent + read(element.shadowRoot)
        const attributes = [...element.attributes].map((attribute) => attribute.value).join(' ')
        return `${attributes} ${value} ${shadow}`
      })
      .join('\n')
  const widget = document.querySelector('chat-widget')?.shadowRoot
  return `${document.title} ${widget?.textContent ?? ''} ${widget ? read(widget) : ''}`
}
