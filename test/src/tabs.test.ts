/** Several tabs of one browser, in real Chromium: one session, one provider call, one sign-out. */
import { describe, expect, it } from 'vitest'
import { type TestBrowser, useBrowser } from './support/browser.ts'
import { storedText } from './support/browser-storage.ts'
import { useChatSite } from './support/chat-site.ts'
import type { HostSite } from './support/host-site.ts'
import { awayAndBack, withKeptPage } from './support/page-cache.ts'
import { connectVisitor, unwrap } from './support/raw-device.ts'
import { rest } from './support/rest.ts'
import type { ServerHere } from './support/server-here.ts'
import { slowNetwork } from './support/slow-network.ts'
import { type HostTab, openTabbedHost, type TabbedHost, tokenFor } from './support/tabbed-host.ts'
import { until } from './support/wait.ts'
import { conversationOf, stateOf } from './support/widget-page.ts'

const ADA = 'ada@example.com'
const BOB = 'bob@example.com'
/** Words of Ada's only: finding them means that data of hers is left. */
const SECRET = 'the blue door, ring twice'

const browser = useBrowser()
const keepingBrowser = useBrowser({ keepsPages: true })
let server: ServerHere
let site: HostSite
useChatSite((started) => {
  server = started.server
  site = started.site
})

const openHost = async ({
  from = browser,
  ...options
}: {
  from?: TestBrowser
  lifetimeSeconds?: number
  attributes?: string
} = {}): Promise<TabbedHost> => openTabbedHost(await from.context(), { site, server: server.url, ...options })

async function openTabs(host: TabbedHost, count: number): Promise<HostTab[]> {
  const tabs: HostTab[] = []
  for (let index = 0; index < count; index += 1) tabs.push(await host.openTab())
  return tabs
}

/** Tabs of Ada with the panel open, a message of hers in each, and a half-written text. */
async function tabsOfAda(host: TabbedHost, count: number): Promise<HostTab[]> {
  const tabs = await openTabs(host, count)
  for (const tab of tabs) {
    await tab.signIn(ADA)
    await tab.chat.open()
  }
  await tabs[0]!.chat.say(SECRET)
  for (const tab of tabs) await tab.chat.shows(SECRET)
  for (const tab of tabs) await tab.chat.input.fill(`unsent: ${SECRET}`)
  await until('the draft is stored', async () =>
    (await storedText(tabs[0]!.page)).includes(`unsent: ${SECRET}`),
  )
  return tabs
}

/** Stops the tab's timers, so that it gives up no slow tab. */
const stopTimers = ({ page }: HostTab) =>
  page.evaluate(() => {
    Object.assign(globalThis, { setTimeout: () => 0 })
  })

/**
 * Gives a tab that is slow to answer twenty times as long. Retries come later, and they come: the connection of a tab that is
 * loaded again may need one, as another takes the lead meanwhile.
 */
const slowTimers = ({ page }: HostTab) =>
  page.evaluate(() => {
    const { setTimeout: set } = globalThis
    Object.assign(globalThis, { setTimeout: (work: () => void, ms = 0) => set(work, 20 * ms) })
  })

const lockNames = (tab: HostTab) =>
  tab.page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    return [...held, ...pending].map(({ name }) => name).join()
  })

/** All places of a tab in which data of Ada could be left. */
const traces = async (tab: HostTab) =>
  [await tab.screen(), await storedText(tab.page), await lockNames(tab)].join()

function expectNothingOfAda(text: string): void {
  for (const trace of [SECRET, ADA]) expect(text).not.toContain(trace)
}

describe('signing in', () => {
  it('[ID3] [ID4] asks the host once, though three tabs set the user at the same moment, and renews once for all', async () => {
    const host = await openHost()
    const tabs = await openTabs(host, 3)
    const calls = (refreshing: boolean) =>
      host.calls.filter(({ needsRefresh }) => needsRefresh === refreshing).length
    // The last of them brings a long-lived token, so that the count does not depend on the duration of the rest.
    host.answer = ({ user }) => tokenFor(user, calls(true) < 2 ? 9 : undefined)
    await Promise.all(tabs.map((tab) => tab.signIn(ADA)))
    const secrets = tabs.flatMap(({ secrets }) => secrets)
    expect(new Set(secrets).size, 'one session for all').toBe(1)
    for (const tab of tabs) await tab.chat.open()
    await until('the context was renewed twice', () => calls(true) >= 2)
    for (const [index, tab] of tabs.entries()) {
      await tab.chat.say(`from tab ${index}`)
      await tab.chat.isSent()
    }
    for (const tab of tabs) await tab.chat.shows('from tab 2')
    expect([calls(false), calls(true)]).toEqual([1, 2])
  })

  it('[ID3] asks the host once, though the tab that has the socket for both is later than the other', async () => {
    const host = await openHost()
    const leader = await host.openTab()
    // The longest of the random waits before a retry.
    await host.context.addInitScript(() => {
      Math.random = () => 0.999
    })
    const follower = await host.openTab()
    await leader.page.route(/\/sign-in-/, async (route) => {
      await until('the host is asked', () => host.calls.length > 0)
      await route.continue()
    })
    host.answer = async ({ user }) => {
      if (host.calls.length === 1)
        await until('the other tab waits for its turn', async () =>
          /(\/turn:.*){2}/.test(await lockNames(leader)),
        )
      return tokenFor(user)
    }
    await leader.setUser(ADA)
    await until('it has the lead', async () => (await lockNames(leader)).includes(`socket:1:user:${ADA}`))
    await follower.signIn(ADA)
    await leader.hasStatus('identified')
    expect(host.calls).toHaveLength(1)
  })

  it('[ID3] does not ask the host for a tab that is opened later, nor for one that is loaded again', async () => {
    const host = await openHost()
    const [first] = await openTabs(host, 1)
    await first!.signIn(ADA)
    const [second] = await openTabs(host, 1)
    await slowTimers(second!)
    await second!.signIn(ADA)
    await first!.page.reload()
    await slowTimers(first!)
    await first!.signIn(ADA)
    expect(host.calls).toEqual([{ user: ADA, needsRefresh: false }])
  })

  it('[ID6] in one tab brings all tabs back that waited for it, and their messages to the conversation', async () => {
    const [elsewhere] = (await openTabs(await openHost(), 1)) as [HostTab]
    await elsewhere.signIn(ADA)
    await elsewhere.chat.open()
    await elsewhere.chat.say('from before')
    await elsewhere.chat.isSent()
    const id = await conversationOf(elsewhere.page)
    const host = await openHost()
    const tabs = await openTabs(host, 2)
    host.answer = async () => {
      // A later tab has not waited for this one, and asks for itself.
      await until('the other tab waits for its turn', async () =>
        /(\/turn:.*){2}/.test(await lockNames(tabs[0]!)),
      )
      throw new Error('the shop is down')
    }
    for (const tab of tabs) await tab.chat.open()
    await Promise.all(tabs.map((tab) => tab.setUser(ADA)))
    for (const tab of tabs) await tab.hasStatus('reauthentication-required')
    expect(host.calls).toHaveLength(3)
    await tabs[0]!.chat.say('written meanwhile')
    host.answer = ({ user }) => tokenFor(user)
    await tabs[1]!.signIn(ADA)
    await tabs[0]!.hasStatus('identified')
    await tabs[0]!.chat.isSent()
    for (const tab of [...tabs, elsewhere]) {
      await tab.chat.shows('written meanwhile')
      expect((await tab.chat.texts()).slice(-2)).toEqual(['from before', 'written meanwhile'])
      expect(await conversationOf(tab.page)).toBe(id)
    }
    expect(host.calls).toHaveLength(4)
  })

  it('[ID11] by two anonymous tabs at once merges their conversation once', async () => {
    const host = await openHost()
    const tabs = await openTabs(host, 2)
    for (const tab of tabs) await tab.chat.open()
    await tabs[0]!.chat.say('as a stranger')
    for (const tab of tabs) await tab.chat.shows('as a stranger')
    const id = await conversationOf(tabs[0]!.page)
    await Promise.all(tabs.map((tab) => tab.signIn(ADA)))
    for (const tab of tabs) {
      await tab.chat.shows('as a stranger')
      expect(await conversationOf(tab.page)).toBe(id)
      expect(await tab.chat.texts()).toEqual(['as a stranger'])
    }
    expect(host.calls).toHaveLength(1)
  })
})

describe('leaving', () => {
  it('[ID13] resolves when every tab is empty, and leaves nothing anywhere; an anonymous visitor’s begins anew, too', async () => {
    const host = await openHost()
    const tabs = await tabsOfAda(host, 3)
    const [first, second, third] = tabs as [HostTab, HostTab, HostTab]
    const secrets = tabs.flatMap((tab) => tab.secrets)
    // The list that has drawn her conversations keeps none of them.
    await second.page.bringToFront()
    await second.chat.element.getByRole('button', { name: 'Conversations' }).click()
    await second.chat.element.locator('[part~=conversation]').first().waitFor()
    await second.chat.element.getByRole('button', { name: 'Back to the conversation' }).click()
    await first.logout()
    for (const tab of tabs) {
      const found = await traces(tab)
      expectNothingOfAda(found)
      for (const secret of secrets) expect(found).not.toContain(secret)
      expect(await tab.status()).toBe('anonymous')
      expect(await tab.user()).toBeNull()
      expect(await tab.chat.input.inputValue()).toBe('')
    }
    for (const session of secrets)
      await expect(connectVisitor(server.url, { session })).rejects.toMatchObject({
        error: { code: 'session-invalid' },
      })
    for (const tab of [first, second]) expectNothingOfAda(await tab.memory())
    await second.chat.say('a stranger now')
    await second.chat.isSent()
    await third.chat.shows('a stranger now')

    await third.logout()
    for (const tab of tabs) expect(await traces(tab)).not.toContain('a stranger now')
    await second.chat.say('anew')
    await second.chat.isSent()
    await first.chat.shows('anew')
  })

  it('[ID12] of Ada is over in every tab before anything of Bob is shown, and late news of hers is dropped', async () => {
    const before = await connectVisitor(server.url, { intent: 'identify' })
    const { conversation } = unwrap(
      await before.socket.emitWithAck('identity:authenticate', {
        ...{ userIdentifier: ADA, context: await tokenFor(ADA), mergePolicy: 'merge' as const },
      }),
    )
    for (let index = 0; index < 70; index += 1)
      await rest(server.url, 'POST', `/${conversation.id}/messages`, { text: `${SECRET} ${index}` })
    before.close()

    const host = await openHost()
    const [slow, other] = (await openTabs(host, 2)) as [HostTab, HostTab]
    const network = await slowNetwork(slow.page)
    // So that it has a connection of its own.
    await slow.page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })
    })
    await slow.page.reload()
    for (const tab of [slow, other]) {
      await tab.signIn(ADA)
      await tab.chat.open()
    }
    await slow.chat.shows(`${SECRET} 69`)

    // Under way when Bob signs in: a page of history, an ack, an event, and an answer of the provider.
    network.hold()
    await slow.chat.log.evaluate((log) => log.scrollTo(0, 0))
    await slow.chat.say(`late: ${SECRET}`)
    await other.chat.shows(`late: ${SECRET}`)
    await other.chat.say(`event: ${SECRET}`)
    await other.chat.isSent()
    await slow.page.evaluate(watchScreen, [SECRET, ADA])
    const spoken = (await slow.overheard()).length
    await slow.setUser(BOB)
    network.release()
    await until(
      'Bob is signed in',
      async () => (await slow.user()) === BOB && (await slow.status()) === 'identified',
    )

    expect(
      await slow.page.evaluate(() => (globalThis as unknown as { sighted(): string[] }).sighted()),
    ).toEqual([])
    expectNothingOfAda([await slow.screen(), await storedText(slow.page)].join())
    expectNothingOfAda(await traces(other))
    expect(await other.status()).toBe('anonymous')
    await slow.chat.say('hello, Bob here')
    await slow.chat.isSent()
    expect(await slow.chat.texts()).toEqual(['hello, Bob here'])
    const heard = (await slow.overheard()).slice(spoken)
    expect(heard.split(BOB).at(-1), 'after Bob came, nobody spoke of Ada').not.toContain(ADA)
    for (const tab of [slow, other]) expectNothingOfAda(await tab.memory())
  })

  it('[ID12] drops what the provider of Ada answers after Bob was set', async () => {
    const host = await openHost()
    const [tab] = (await openTabs(host, 1)) as [HostTab]
    let answerLate = () => {}
    host.answer = async ({ user }) => {
      if (user === ADA) await new Promise<void>((resolve) => (answerLate = resolve))
      return tokenFor(user)
    }
    await tab.setUser(ADA)
    await until('Ada is asked for', () => host.calls.length === 1)
    await tab.setUser(BOB)
    answerLate()
    await until('Bob is signed in', async () => (await tab.status()) === 'identified')
    expect(await tab.user()).toBe(BOB)
    expect(host.calls).toEqual([
      { user: ADA, needsRefresh: false },
      { user: BOB, needsRefresh: false },
    ])
  })

  it('[ID13] everywhere ends the sockets of other devices within 2 s, and says so there', async () => {
    const [here, there] = [await openHost(), await openHost()]
    const [first] = (await openTabs(here, 1)) as [HostTab]
    const [second] = (await openTabs(there, 1)) as [HostTab]
    for (const tab of [first, second]) await tab.signIn(ADA)
    await second.page.evaluate(() => {
      const widget = document.querySelector('chat-widget') as HTMLElement
      Object.assign(globalThis, { endedAt: 0 })
      widget.addEventListener('identity-change', (event) => {
        const { identity } = (event as CustomEvent<{ identity: { status: string } }>).detail
        if (identity.status === 'reauthentication-required')
          Object.assign(globalThis, { endedAt: Date.now() })
      })
    })
    // Before the logout: after it the first tab gets an anonymous session, which is to stay.
    const ended = [...first.secrets, ...second.secrets]
    expect(ended.length).toBeGreaterThanOrEqual(2)
    const begin = Date.now()
    await first.logout({ everywhere: true })
    await second.hasStatus('reauthentication-required')
    const endedAt = await second.page.evaluate(() => (globalThis as unknown as { endedAt: number }).endedAt)
    expect(endedAt - begin).toBeLessThan(2_000)
    for (const session of ended)
      await expect(connectVisitor(server.url, { session })).rejects.toMatchObject({
        error: { code: 'session-invalid' },
      })
  })

  it('[ID13] empties everything at once while offline, and revokes when the connection is back', async () => {
    const host = await openHost()
    const tabs = await tabsOfAda(host, 2)
    const [first, second] = tabs as [HostTab, HostTab]
    const [session] = tabs.flatMap(({ secrets }) => secrets)
    await host.context.setOffline(true)
    let isDone = false
    const leaving = first.logout().then(() => {
      isDone = true
    })
    await first.hasStatus('signing-out')
    await until('the other tab has followed', async () => (await second.status()) === 'anonymous')
    // The first holds a lock in her name until it has received the logout.
    await until('it has said so', async () => !(await lockNames(first)).includes(ADA))
    for (const tab of tabs) expectNothingOfAda(await traces(tab))
    expect(isDone).toBe(false)
    ;(await connectVisitor(server.url, { session })).close()
    await host.context.setOffline(false)
    await leaving
    await expect(connectVisitor(server.url, { session })).rejects.toMatchObject({
      error: { code: 'session-invalid' },
    })
    for (const tab of tabs) await tab.hasStatus('anonymous')
  })

  it('[ID13] [DL7] is followed by a page that was in the back/forward cache meanwhile', () =>
    withKeptPage(async () => {
      const host = await openHost({ from: keepingBrowser })
      const [first, away] = (await tabsOfAda(host, 2)) as [HostTab, HostTab]
      const elsewhere = site.page('/elsewhere', '<!doctype html><title>Elsewhere</title>')
      await awayAndBack(away.page, elsewhere, async () => {
        // Otherwise it would wait for ever: nobody waits for a page that is away.
        await stopTimers(first)
        await first.logout()
      })
      await away.hasStatus('anonymous')
      expectNothingOfAda(await traces(away))
      expect(await away.user()).toBeNull()
    }))
})

/** Runs in the page: records which of the words appear in the widget from now on, even for a moment. */
function watchScreen(words: readonly string[]): void {
  const sightings: string[] = []
  const observers: MutationObserver[] = []
  /** Ends the recording, which itself holds the words. */
  const sighted = () => {
    for (const observer of observers) observer.disconnect()
    Reflect.deleteProperty(globalThis, 'sighted')
    return sightings
  }
  Object.assign(globalThis, { sighted })
  const present = new Set(words)
  const observe = (root: ShadowRoot) => {
    const observer = new MutationObserver(look)
    observers.push(observer)
    observer.observe(root, { childList: true, characterData: true, subtree: true })
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) observe(element.shadowRoot)
  }
  const textOf = (root: ParentNode): string =>
    [...root.querySelectorAll('*')]
      .map((element) =>
        element.shadowRoot ? element.shadowRoot.textContent + textOf(element.shadowRoot) : '',
      )
      .join()
  const root = (document.querySelector('chat-widget') as Element).shadowRoot as ShadowRoot
  function look() {
    const text = root.textContent + textOf(root)
    for (const word of words) {
      if (!text.includes(word)) present.delete(word)
      else if (!present.has(word)) sightings.push(word)
    }
  }
  observe(root)
}

describe('what one tab wrote', () => {
  it('[DL6] offline before it was closed is sent by another at once, in the order written; the draft is one', async () => {
    const host = await openHost()
    const [offline, connected] = await openTabs(host, 2)
    await offline!.chat.open()
    await offline!.chat.say('first')
    await offline!.chat.isSent()
    await connected!.chat.open()
    await connected!.chat.shows('first')
    // Sent in parts, as by somebody who writes slowly.
    for (const draft of ['a dr', 'a draft']) {
      await offline!.chat.input.fill(draft)
      await until('the other tab shows it', async () => (await connected!.chat.input.inputValue()) === draft)
    }
    const network = await host.context.newCDPSession(offline!.page)
    await network.send('Network.enable')
    const gone = { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
    await network.send('Network.emulateNetworkConditions', gone)
    await until('it is offline', async () => (await stateOf(offline!.page)).connection.status === 'offline')
    await offline!.chat.say('second')
    await offline!.chat.say('third')
    // The other tab may have sent it before the test looks.
    await until('it is written down', async () =>
      [await storedText(connected!.page), ...(await connected!.chat.texts())].join().includes('third'),
    )
    await offline!.page.close()
    await connected!.chat.shows('third')
    await connected!.chat.isSent()
    await connected!.chat.say('fourth')
    await connected!.chat.isSent()
    expect(await connected!.chat.texts()).toEqual(['first', 'second', 'third', 'fourth'])
  })
})
