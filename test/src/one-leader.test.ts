/** The tabs of a visitor in real Chromium: one of them leads, and whatever becomes of it, another takes its place. */
import type { BrowserContext, Page, WebSocket } from 'playwright'
import { describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { storedText } from './support/browser-storage.ts'
import { useChatSite } from './support/chat-site.ts'
import type { HostSite } from './support/host-site.ts'
import { goAway, withKeptPage } from './support/page-cache.ts'
import { processOf } from './support/page-process.ts'
import { rest } from './support/rest.ts'
import type { ServerHere } from './support/server-here.ts'
import { type HostTab, openTabbedHost, type TabbedHost } from './support/tabbed-host.ts'
import { later, until } from './support/wait.ts'
import { conversationOf, stateOf } from './support/widget-page.ts'

const ADA = 'ada@example.com'

const browser = useBrowser()
const keepingBrowser = useBrowser({ keepsPages: true })
let server: ServerHere
let site: HostSite
useChatSite((started) => {
  server = started.server
  site = started.site
})

/** Connections to the chat server that are open, by the page that has them. */
function watchSockets(context: BrowserContext) {
  const open = new Map<WebSocket, Page>()
  context.on('page', (page) => {
    page.on('websocket', (socket) => {
      open.set(socket, page)
      socket.on('close', () => open.delete(socket))
    })
    const gone = () => {
      for (const [socket, owner] of open) if (owner === page) open.delete(socket)
    }
    page.on('close', gone)
    page.on('crash', gone)
  })
  return {
    /** One entry for each connection. */
    pages: () => [...open.values()],
    forget: (page: Page) => {
      for (const [socket, owner] of open) if (owner === page) open.delete(socket)
    },
  }
}

interface Visitor {
  readonly host: TabbedHost
  readonly tabs: readonly HostTab[]
  readonly sockets: ReturnType<typeof watchSockets>
}

/** A visitor with the chat open in some tabs, of which the first one leads. */
async function openVisitor(
  count: number,
  { from = browser, prepare = async (_context: BrowserContext) => {} } = {},
): Promise<Visitor> {
  const context = await from.context()
  await prepare(context)
  const sockets = watchSockets(context)
  const host = await openTabbedHost(context, { site, server: server.url })
  const tabs: HostTab[] = []
  for (let index = 0; index < count; index += 1) {
    const tab = await host.openTab()
    await tab.chat.open()
    tabs.push(tab)
  }
  return { host, tabs, sockets }
}

const post = async (conversation: string, text: string) =>
  expect((await rest(server.url, 'POST', `/${conversation}/messages`, { text })).status).toBe(201)

async function storedIn(conversation: string): Promise<string[]> {
  const { body } = await rest(server.url, 'GET', `/${conversation}/messages`)
  return body.messages.map(({ text }) => text)
}

/** Timers of a page do nothing until the answer is called: what happens meanwhile has waited for none. */
async function holdTimers(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    const { setTimeout: set } = globalThis
    const held: (() => void)[] = []
    const release = () => {
      Object.assign(globalThis, { setTimeout: set })
      for (const begin of held) begin()
    }
    const hold = (work: () => void, ms?: number) => {
      held.push(() => set(work, ms))
      return 0
    }
    Object.assign(globalThis, { setTimeout: hold, releaseTimers: release })
  })
  return () => page.evaluate(() => (globalThis as unknown as { releaseTimers(): void }).releaseTimers())
}

describe('five tabs', () => {
  it('[DL6] [ID3] are one connection and one call of the provider', async () => {
    const { host, tabs, sockets } = await openVisitor(5)
    for (const tab of tabs) await tab.signIn(ADA)
    for (const [index, tab] of tabs.entries()) {
      await tab.chat.say(`from tab ${index}`)
      await tab.chat.isSent()
    }
    const written = tabs.map((_, index) => `from tab ${index}`)
    for (const tab of tabs) {
      await tab.chat.shows('from tab 4')
      expect(await tab.chat.texts()).toEqual(written)
    }
    const conversation = await conversationOf(tabs[0]!.page)
    await post(conversation, 'from the shop')
    for (const tab of tabs) await tab.chat.shows('from the shop')
    expect(await storedIn(conversation)).toEqual([...written, 'from the shop'])
    await until('there is one connection', () => sockets.pages().length === 1)
    expect(host.calls).toEqual([{ user: ADA, needsRefresh: false }])
  })
})

interface Fate {
  readonly what: string
  /** Default: one without the back/forward cache, which costs less. */
  readonly from?: typeof browser
  /** What becomes of the leader. Answers how it comes back, if it does. */
  readonly befalls: (leader: HostTab) => Promise<(() => Promise<unknown>) | undefined>
}

const FATES: readonly Fate[] = [
  {
    what: 'is closed',
    befalls: async ({ page }) => {
      await page.close()
      return undefined
    },
  },
  {
    what: 'is killed',
    befalls: async ({ page }) => {
      const crashed = page.waitForEvent('crash')
      process.kill(await processOf(page), 'SIGKILL')
      await crashed
      return undefined
    },
  },
  {
    what: 'is frozen',
    // The tools keep a page from being frozen: it is told, and its process stopped.
    befalls: async ({ page }) => {
      const id = await processOf(page)
      await page.evaluate(() => document.dispatchEvent(new Event('freeze')))
      process.kill(id, 'SIGSTOP')
      return async () => {
        process.kill(id, 'SIGCONT')
        await page.evaluate(() => document.dispatchEvent(new Event('resume')))
      }
    },
  },
  {
    what: 'goes into the back/forward cache',
    from: keepingBrowser,
    befalls: ({ page }) => goAway(page, site.page('/elsewhere', '<!doctype html><title>Elsewhere</title>')),
  },
]

describe('a leader', () => {
  it.each(FATES)(
    '[DL6] that $what is replaced without a wait, and nothing is lost, doubled or reordered',
    ({ from, befalls }) =>
      withKeptPage(async () => {
        const { tabs, sockets } = await openVisitor(3, { ...(from && { from }) })
        const [leader, second, third] = tabs as [HostTab, HostTab, HostTab]
        await leader.chat.say('first')
        await leader.chat.isSent()
        for (const tab of tabs) await tab.chat.shows('first')
        await until('there is one connection', () => sockets.pages().length === 1)
        expect(sockets.pages()).toEqual([leader.page])
        const conversation = await conversationOf(second.page)

        const releases = await Promise.all([second, third].map(({ page }) => holdTimers(page)))
        const led = Promise.race([second, third].map(({ page }) => page.waitForEvent('websocket')))
        const undo = await befalls(leader)
        // Nobody tells of the connection of a page that is gone.
        sockets.forget(leader.page)
        await led
        await Promise.all(releases.map((release) => release()))
        await second.chat.say('second')
        await second.chat.isSent()
        await third.chat.say('third')
        await third.chat.isSent()
        await post(conversation, 'fourth')
        const written = ['first', 'second', 'third', 'fourth']
        for (const tab of [second, third]) {
          await tab.chat.shows('fourth')
          expect(await tab.chat.texts()).toEqual(written)
        }
        await undo?.()
        if (undo !== undefined) {
          await leader.chat.shows('fourth')
          await leader.chat.say('fifth')
          await leader.chat.isSent()
          for (const tab of tabs) await tab.chat.shows('fifth')
          expect(await leader.chat.texts()).toEqual([...written, 'fifth'])
        }
        expect(await storedIn(conversation)).toEqual(undo === undefined ? written : [...written, 'fifth'])
        await until('there is one connection', () => sockets.pages().length === 1)
      }),
  )

  it('[DL6] that is killed while nobody is connected has its messages sent by another, in the order written', async () => {
    const { host, tabs } = await openVisitor(2)
    const [leader, other] = tabs as [HostTab, HostTab]
    await leader.chat.say('first')
    await leader.chat.isSent()
    await other.chat.shows('first')
    const conversation = await conversationOf(other.page)
    await host.context.setOffline(true)
    for (const { page } of tabs)
      await until('it is offline', async () => (await stateOf(page)).connection.status === 'offline')
    await leader.chat.say('second')
    await leader.chat.say('third')
    await until('both are written down', async () => (await storedText(other.page)).includes('third'))
    const crashed = leader.page.waitForEvent('crash')
    process.kill(await processOf(leader.page), 'SIGKILL')
    await crashed
    await leader.page.close()
    await other.chat.say('fourth')
    await host.context.setOffline(false)
    await other.chat.isSent()
    const written = ['first', 'second', 'third', 'fourth']
    await until('all are shown', async () => (await other.chat.texts()).length === written.length)
    expect(await other.chat.texts()).toEqual(written)
    expect(await storedIn(conversation)).toEqual(written)
  })

  it('[DL6] that stands still has its place taken, and follows when it goes on; what was under way arrives once', async () => {
    const { tabs, sockets } = await openVisitor(2)
    const [leader, other] = tabs as [HostTab, HostTab]
    await leader.chat.say('first')
    await leader.chat.isSent()
    await other.chat.shows('first')
    const conversation = await conversationOf(other.page)
    const led = later(other.page.waitForEvent('websocket'))
    let goOn = () => {}
    const released = new Promise<void>((resolve) => {
      goOn = resolve
    })
    await leader.page.route('**/stands-still', (route) => released.then(() => route.fulfill({ body: '' })))
    const standing = later(
      leader.page.evaluate(async () => {
        await new Promise((resolve) => setTimeout(resolve))
        const request = new XMLHttpRequest()
        request.open('GET', '/stands-still', false)
        request.send()
      }),
    )
    await other.chat.say('second')
    await led
    await other.chat.isSent()
    await post(conversation, 'third')
    await other.chat.shows('third')
    goOn()
    await standing
    await leader.chat.say('fourth')
    await leader.chat.isSent()
    for (const tab of tabs) {
      await tab.chat.shows('fourth')
      expect(await tab.chat.texts()).toEqual(['first', 'second', 'third', 'fourth'])
    }
    expect(await storedIn(conversation)).toEqual(['first', 'second', 'third', 'fourth'])
    await until('the other tab leads', () => sockets.pages().length === 1)
    expect(sockets.pages()).toEqual([other.page])
  })

  it('[DL6] whose process is stopped, without a word, is replaced, and steps down when it goes on', async () => {
    const { tabs, sockets } = await openVisitor(3)
    const [leader, second, third] = tabs as [HostTab, HostTab, HostTab]
    await leader.chat.say('first')
    await leader.chat.isSent()
    for (const tab of tabs) await tab.chat.shows('first')
    const conversation = await conversationOf(second.page)
    const id = await processOf(leader.page)
    for (const { page } of [second, third]) expect(await processOf(page)).not.toBe(id)
    const led = Promise.race([second, third].map(({ page }) => page.waitForEvent('websocket')))
    await leader.chat.say('under way')
    process.kill(id, 'SIGSTOP')
    try {
      await second.chat.say('second')
      await third.chat.say('third')
      await led
      await second.chat.isSent()
      await third.chat.isSent()
      await post(conversation, 'from the shop')
      for (const tab of [second, third]) await tab.chat.shows('from the shop')
    } finally {
      process.kill(id, 'SIGCONT')
    }
    await leader.chat.shows('from the shop')
    await leader.chat.say('last')
    await leader.chat.isSent()
    const stored = await storedIn(conversation)
    expect(stored.toSorted()).toEqual(
      ['first', 'from the shop', 'last', 'second', 'third', 'under way'].toSorted(),
    )
    expect([stored[0], stored.at(-1)]).toEqual(['first', 'last'])
    for (const tab of tabs) {
      await tab.chat.shows('last')
      expect(await tab.chat.texts()).toEqual(stored)
    }
    await until('there is one connection', () => sockets.pages().length === 1)
    expect(sockets.pages()).not.toEqual([leader.page])
  })

  it('[DL6] of another version of the code is not followed: each version has its own', async () => {
    const { host, tabs, sockets } = await openVisitor(1, {
      prepare: async (context: BrowserContext) => {
        // A page that was loaded before a release.
        let isOld = true
        await context.route(/\.js/, async (route) => {
          const response = await route.fetch()
          const body = await response.text()
          if (body.includes('socket:1') && isOld) {
            isOld = false
            return route.fulfill({ response, body: body.replaceAll('socket:1', 'socket:0') })
          }
          return route.fulfill({ response, body })
        })
      },
    })
    const [old] = tabs as [HostTab]
    await old.chat.say('first')
    await old.chat.isSent()
    const next = await host.openTab()
    await next.chat.open()
    await next.chat.shows('first')
    await next.chat.say('second')
    await next.chat.isSent()
    await old.chat.shows('second')
    await old.chat.say('third')
    await next.chat.shows('third')
    expect(await storedIn(await conversationOf(next.page))).toEqual(['first', 'second', 'third'])
    expect(new Set(sockets.pages())).toEqual(new Set([old.page, next.page]))
    await old.page.close()
    await next.chat.say('fourth')
    await next.chat.isSent()
  })
})

describe('tabs', () => {
  it('[DL15] [CV3] show the conversation that one of them has chosen; a draft stays with its own, and is sent to nobody', async () => {
    const { tabs } = await openVisitor(2)
    const [leader, other] = tabs as [HostTab, HostTab]
    await leader.chat.say('of the first conversation')
    await leader.chat.isSent()
    await other.chat.shows('of the first conversation')
    const first = await conversationOf(other.page)
    const drafts = () => Promise.all(tabs.map((tab) => tab.chat.input.inputValue()))
    const have = (text: string) =>
      until(`both tabs have "${text}" written`, async () => (await drafts()).every((draft) => draft === text))
    const show = async (tab: HostTab, id: string | null) => {
      await tab.page.evaluate((wanted) => {
        const chat = document.querySelector('chat-widget') as unknown as {
          newConversation(): Promise<void>
          showConversation(id: string): Promise<void>
        }
        return wanted === null ? chat.newConversation() : chat.showConversation(wanted)
      }, id)
      return conversationOf(tab.page)
    }
    await other.chat.input.fill('half a sen')
    await have('half a sen')
    const next = await show(leader, null)
    expect(next).not.toBe(first)
    await until('the other tab shows it', async () => (await conversationOf(other.page)) === next)
    await have('')
    await show(other, first)
    await until('the leader shows it', async () => (await conversationOf(leader.page)) === first)
    await have('half a sen')
    await other.chat.input.press('End')
    await other.chat.input.pressSequentially('tence')
    await other.chat.input.press('Enter')
    await leader.chat.shows('half a sentence')
    await other.chat.isSent()
    expect(await storedIn(first)).toEqual(['of the first conversation', 'half a sentence'])
  })
})
