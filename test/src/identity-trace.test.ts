/** [ID17] Reports of two tabs of one visitor about their identity, and the console's view of them. */
import type { Locator, Page } from 'playwright'
import { expect, it, onTestFinished } from 'vitest'
import { addAgent } from './support/agent-account.ts'
import { useBrowser } from './support/browser.ts'
import { signInToConsole } from './support/console-page.ts'
import { pageWithWidget, startHostSite } from './support/host-site.ts'
import { startServerHere } from './support/server-here.ts'
import { mintToken, shopConfig } from './support/shop.ts'
import { until } from './support/wait.ts'
import { conversationOf, isConnected, stateOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
const CUSTOMER = 'alex@example.com'
const HOUR_MS = 3_600_000

interface Traced {
  readonly at: string
  readonly from: string
  readonly to: string
  readonly cause: string
  readonly code?: string
  readonly tab: string
}
/** The element as the page's own scripts see it. */
interface Chat {
  user: unknown
  trace(): readonly Traced[]
  logout(options: { everywhere: boolean }): Promise<void>
}

const traceOf = (page: Page) =>
  page.evaluate(() => (document.querySelector('chat-widget') as unknown as Chat).trace())

/**
 * Runs in a page: sets the user as the site does after its own login, once the element exists. `works`: true if it gets
 * a token.
 */
function giveUser({
  userIdentifier,
  works,
}: {
  readonly userIdentifier: string
  readonly works: boolean
}): void {
  const { mint } = globalThis as unknown as { mint(): Promise<string> }
  const give = () => {
    const chat = document.querySelector('chat-widget') as unknown as Chat | null
    if (chat === null) return
    observer.disconnect()
    chat.user = {
      userIdentifier,
      requestContextProvider: async () => {
        if (!works) throw new Error('the site cannot be reached')
        return { Auth: { Token: await mint() } }
      },
    }
  }
  const observer = new MutationObserver(give)
  observer.observe(document, { childList: true, subtree: true })
  give()
}

const setUser = (page: Page, works: boolean) => page.evaluate(giveUser, { userIdentifier: CUSTOMER, works })

const isIdentity = (page: Page, status: string) =>
  until(`the identity is ${status}`, async () => (await stateOf(page)).identity.status === status)

const WORDS: Readonly<Record<string, string>> = {
  anonymous: 'Anonymous',
  authenticating: 'Signing in',
  identified: 'Signed in',
  refreshing: 'Renewing',
  'reauthentication-required': 'Sign-in needed',
  'signing-out': 'Signing out',
}
const inWords = ({ from, to, code = '', tab }: Traced) => [WORDS[from], WORDS[to], code, tab].join('|')

/** The rows of the console's history, oldest first, each as `from|to|code|tab`; the server's have the tab `server`. */
async function shownIn(history: Locator): Promise<readonly string[]> {
  const rows = await history.getByRole('listitem').evaluateAll((items) =>
    items.map((item) => {
      const [change, why, about] = item.querySelectorAll('p')
      const [from = '', to = ''] = (change?.textContent ?? '').replace('→', '').split('became')
      const code = why?.querySelector('code')?.textContent ?? ''
      const source = about?.textContent ?? ''
      const tab = source.includes('Seen by the server')
        ? 'server'
        : (/Tab ([0-9a-f]{8})/.exec(source)?.[1] ?? '')
      return [from.trim(), to.trim(), code, tab].join('|')
    }),
  )
  return rows.reverse()
}

it('[ID17] chat.trace() in each tab and the console show the same transitions: failing, signing in again, leaving', async () => {
  const server = await startServerHere(shopConfig())
  onTestFinished(() => server.close())
  const site = await startHostSite()
  onTestFinished(() => site.close())
  const address = site.page('/', pageWithWidget(server.url))
  const device = await browser.context()
  await device.exposeFunction('mint', () => mintToken(CUSTOMER))

  const first = await device.newPage()
  await first.goto(address)
  const chat = widgetOn(first)
  await chat.open()
  await isConnected(first)
  await chat.say('hello')
  await chat.isSent()
  const conversation = await conversationOf(first)
  expect(await traceOf(first)).toEqual([])

  await setUser(first, false)
  await isIdentity(first, 'reauthentication-required')
  expect((await traceOf(first)).at(-1)).toMatchObject({ cause: 'failed', code: 'provider-failed' })
  await setUser(first, true)
  await isIdentity(first, 'identified')
  const before = (await traceOf(first)).map(inWords)

  const second = await device.newPage()
  // A device with a wrong clock reports its own time, and its entries are still shown in the right order.
  await second.addInitScript((behind) => {
    const Real = Date
    globalThis.Date = class extends Real {
      constructor(...args: ConstructorParameters<typeof Date> | []) {
        super(...((args.length === 0 ? [Real.now() - behind] : args) as ConstructorParameters<typeof Date>))
      }
      static override now = () => Real.now() - behind
    } as DateConstructor
  }, HOUR_MS)
  // Before it connects: reports of an anonymous visitor without a conversation are not stored.
  await second.addInitScript(giveUser, { userIdentifier: CUSTOMER, works: true })
  await second.goto(address)
  await widgetOn(second).open()
  await isIdentity(second, 'identified')
  await until('both tabs show one conversation', async () => (await conversationOf(second)) === conversation)

  // Either tab may take the other's session: a tab that is slow to answer gets a new one.
  await until('both tabs have one session', async () => {
    const ends = (await Promise.all([first, second].map(traceOf))).map((entries) => entries.at(-1))
    return ends.every((end) => end?.to === 'identified') && ends.some((end) => end?.cause === 'connected')
  })

  const [ofFirst, ofSecond] = [await traceOf(first), await traceOf(second)]
  const [tab, otherTab] = [...new Set([...ofFirst, ...ofSecond].map((entry) => entry.tab))]
  expect(otherTab).toBeDefined()
  expect(ofSecond.at(-1)!.at < ofFirst[0]!.at, 'the second tab is an hour behind').toBe(true)

  const page = await browser.page()
  const desk = await signInToConsole(page, `${server.url}/console/`, await addAgent(server))
  await desk.openConversation(conversation)
  await desk.view.getByRole('button', { name: 'Identity history', exact: true }).click()
  const history = desk.view.getByRole('dialog', { name: 'Identity history' })
  await expect.poll(() => shownIn(history)).toHaveLength(ofFirst.length + ofSecond.length)
  const expected = await shownIn(history)
  expect(expected.slice(0, before.length)).toEqual(before)
  for (const entries of [ofFirst, ofSecond])
    expect(expected.filter((row) => row.endsWith(entries[0]!.tab))).toEqual(entries.map(inWords))
  expect(await history.getByText('Device’s clock').count()).toBe(ofSecond.length)

  await first.evaluate(() =>
    (document.querySelector('chat-widget') as unknown as Chat).logout({ everywhere: true }),
  )
  const left = (await traceOf(first)).filter((entry) => entry.tab === tab)
  expect(left.slice(-2).map(({ from, to }) => [from, to])).toEqual([
    ['identified', 'signing-out'],
    ['signing-out', 'anonymous'],
  ])
  // The sign-out ends after the end of the session, so the server reports it.
  const [leaving, ended] = [inWords(left.at(-2)!), inWords({ ...left.at(-1)!, tab: 'server' })]
  await expect.poll(() => shownIn(history)).toEqual(expect.arrayContaining([leaving, ended]))
  const rows = await shownIn(history)
  expect(rows.slice(0, expected.length)).toEqual(expected)
  expect(rows.indexOf(ended)).toBeGreaterThan(rows.indexOf(leaving))
  expect(await history.textContent()).not.toContain(CUSTOMER)
})
