/** A site with the widget and a login of its own, which signs a customer in when a test says so. */
import type { BrowserContext, Page } from 'playwright'
import { onTestFinished } from 'vitest'
import { type HostSite, pageWithWidget, startHostSite } from './host-site.ts'
import { mintToken } from './shop.ts'
import { isConnected, type WidgetPage, widgetOn } from './widget-page.ts'

interface LoginTap {
  readonly requestId: string
  readonly reason: 'message' | 'expired' | 'action'
  readonly conversationId: string | null
  readonly messageId: string | null
}

/** Answers a provider's request to the site. Default: a valid token. */
type AskSite = (userIdentifier: string, needsRefresh: boolean) => Promise<string>

export interface LoginHost {
  readonly site: HostSite
  /** `needsRefresh` of the providers' calls, on any page of the device, oldest first. */
  readonly calls: readonly boolean[]
  /** Sets the answer to providers from now on. */
  answer(ask: AskSite): void
  /** Opens the shop's page in a tab, and the chat on it. */
  open(tab: Page): Promise<LoginTab>
  /** Uses an existing tab. */
  on(tab: Page): LoginTab
}

export interface LoginTab {
  readonly page: Page
  readonly chat: WidgetPage
  readonly cards: WidgetPage['log']
  /** Asks a question that is answered with a login card, and waits for the card. */
  askForCard(question: string): Promise<void>
  /** The button of the newest card that can be tapped. */
  readonly signInButton: ReturnType<WidgetPage['log']['getByRole']>
  /** Details of `login-button` on the page since it was loaded. */
  taps(): Promise<readonly LoginTap[]>
  /** Sets `chat.user`, each time with a new provider. */
  signIn(userIdentifier: string): Promise<void>
  cancel(requestId: string): Promise<void>
  fail(requestId: string, reason: string): Promise<void>
}

const BOOT = `<script>
  const taps = []
  const chat = () => document.querySelector('chat-widget')
  document.addEventListener('login-button', ({ detail }) => taps.push(detail))
  function signIn(userIdentifier) {
    const requestContextProvider = async (needsRefresh) => ({
      Auth: { Token: await askSite(userIdentifier, needsRefresh) },
    })
    chat().user = { userIdentifier, requestContextProvider }
  }
</script>`

export interface LoginHostOptions {
  /** Further markup, after the script with `signIn()`, `chat()` and `taps`. */
  readonly body?: string
  readonly attributes?: string
}

/** Pages of the context may be opened on it; ends with the test. */
export async function startLoginHost(
  context: BrowserContext,
  server: string,
  { body = '', attributes = 'app="shop"' }: LoginHostOptions = {},
): Promise<LoginHost> {
  const site = await startHostSite()
  onTestFinished(() => site.close())
  const calls: boolean[] = []
  let ask: AskSite = (userIdentifier) => mintToken(userIdentifier)
  await context.exposeFunction('askSite', (userIdentifier: string, needsRefresh: boolean) => {
    calls.push(needsRefresh)
    return ask(userIdentifier, needsRefresh)
  })
  const address = site.page('/', pageWithWidget(server, { body: `${BOOT}${body}`, attributes }))
  return {
    site,
    calls,
    answer(next) {
      ask = next
    },
    async open(page) {
      await page.goto(address)
      const tab = tabOn(page)
      await tab.chat.open()
      await isConnected(page)
      return tab
    },
    on: tabOn,
  }
}

function tabOn(page: Page): LoginTab {
  const chat = widgetOn(page)
  const call = (name: string, ...values: string[]): Promise<void> =>
    page.evaluate(
      ([method, args]) => {
        const element = document.querySelector('chat-widget') as unknown as Record<
          string,
          (...given: string[]) => void
        >
        element[method]?.(...args)
      },
      [name, values] as const,
    )
  const cards = chat.log.locator('[part~=login-card]')
  return {
    page,
    chat,
    cards,
    async askForCard(question) {
      const before = await cards.count()
      await chat.say(question)
      await cards.nth(before).waitFor()
    },
    signInButton: chat.log.getByRole('button', { name: 'Sign in', exact: true }).last(),
    taps: () => page.evaluate('taps'),
    signIn: (userIdentifier) => page.evaluate(`signIn(${JSON.stringify(userIdentifier)})`),
    cancel: (requestId) => call('cancelLogin', requestId),
    fail: (requestId, reason) => call('failLogin', requestId, reason),
  }
}
