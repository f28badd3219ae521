/**
 * Ownership of a message that is sent just before its visitor signs out: in the built widget, the server, its database.
 */
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type HostSite, pageWithWidget, startHostSite } from './support/host-site.ts'
import { rest } from './support/rest.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { mintToken, shopConfig } from './support/shop.ts'
import { sqliteMessages } from './support/stored-messages.ts'
import { until } from './support/wait.ts'
import { isConnected, stateOf, widgetOn } from './support/widget-page.ts'

interface User {
  readonly userIdentifier: string
  readonly token: string
}

/** The part of the element that these pages use. */
interface Chat extends HTMLElement {
  user: { userIdentifier: string; requestContextProvider: () => object } | null
  mergePolicy: string
  sendMessage(text: string): Promise<unknown>
  connect(): Promise<void>
  logout(options?: object): Promise<void>
  getState(): { identity: { status: string; userIdentifier?: string }; unread: number }
}

const browser = useBrowser({ reuses: true })
let server: ServerHere
let site: HostSite
let ada: User
let bob: User

beforeAll(async () => {
  server = await startServerHere(shopConfig())
  site = await startHostSite()
  ada = { userIdentifier: 'ada', token: await mintToken('ada') }
  bob = { userIdentifier: 'bob', token: await mintToken('bob') }
})
afterAll(async () => {
  await site?.close()
  await server?.close()
})

async function openPage(context?: Awaited<ReturnType<typeof browser.context>>): Promise<Page> {
  const page = await (context === undefined ? browser.page() : context.newPage())
  await page.goto(site.page('/', pageWithWidget(server.url)))
  await page.waitForFunction(() => customElements.get('chat-widget') !== undefined)
  return page
}

const stored = () => sqliteMessages(join(server.folder, 'data'))

/** By conversation: its owner, and its messages. */
async function conversations() {
  const all = stored()
  const { body } = await rest(server.url, 'GET', '?limit=100')
  return body.conversations.map(({ id, visitor }) => ({
    owner: visitor.verified ? visitor.userIdentifier : null,
    texts: all.filter(({ conversationId }) => conversationId === id).map(({ text }) => text),
  }))
}

it('[ID12] sendMessage() and then logout(), user = null, user = B or removal: stored as A’s, or rejected', async () => {
  const page = await openPage()
  const outcomes = await page.evaluate(
    async ([a, b]) => {
      const userOf = ({ userIdentifier, token }: User) => ({
        userIdentifier,
        requestContextProvider: () => ({ Auth: { Token: token } }),
      })
      const leaving: Record<string, (chat: Chat) => unknown> = {
        'logout()': (chat) => chat.logout(),
        'user = null': (chat) => {
          chat.user = null
        },
        'user = B': (chat) => {
          chat.user = userOf(b)
        },
        removal: (chat) => chat.remove(),
      }
      const later: Record<string, () => Promise<unknown>> = {
        'a microtask later': () => Promise.resolve(),
        'a frame later': () => new Promise((resolve) => requestAnimationFrame(resolve)),
      }
      const settled = async (chat: Chat, status: string) => {
        while (chat.getState().identity.status !== status)
          await new Promise((resolve) => setTimeout(resolve, 5))
      }
      const found: Record<string, string> = {}
      let chat = document.querySelector('chat-widget') as Chat
      for (const isLoaded of [true, false])
        for (const [what, leave] of Object.entries(leaving))
          for (const when of ['in the same task', ...Object.keys(later)]) {
            const text = `${what} ${when}, loaded: ${isLoaded}`
            if (!isLoaded || !chat.isConnected) {
              chat.remove()
              chat = document.createElement('chat-widget') as Chat
              chat.setAttribute('app', 'shop')
              document.body.append(chat)
            }
            chat.user = userOf(a)
            if (isLoaded) {
              chat.connect().catch(() => {})
              await settled(chat, 'identified')
            }
            const sent = chat.sendMessage(text).then(
              () => 'stored',
              (error: { code?: string }) => error.code ?? String(error),
            )
            if (when !== 'in the same task') await later[when]?.()
            leave(chat)
            found[text] = await sent
            // Messages of the next user, and later ones, are theirs.
            if (what === 'user = B') await chat.sendMessage(`B after ${text}`)
            if (chat.isConnected) await chat.logout()
          }
      return found
    },
    [ada, bob] as const,
  )
  const kept = await conversations()
  for (const [text, outcome] of Object.entries(outcomes)) {
    const owners = kept.filter(({ texts }) => texts.includes(text)).map(({ owner }) => owner)
    if (outcome === 'stored') expect([text, owners]).toEqual([text, ['ada']])
    else {
      expect(['identity-changed', 'closed', 'send-pending'], text).toContain(outcome)
      expect([text, owners.filter((owner) => owner !== 'ada')]).toEqual([text, []])
    }
    if (!text.startsWith('user = B')) continue
    const after = kept.filter(({ texts }) => texts.includes(`B after ${text}`)).map(({ owner }) => owner)
    expect([text, after]).toEqual([text, ['bob']])
  }
  expect(Object.keys(outcomes)).toHaveLength(24)
})

it.each(['mergePolicy', 'removal'])(
  '[DL1] forty messages are stored once and in order, whatever happens right after: %s',
  async (what) => {
    const page = await openPage()
    const prefix = `forty, ${what} `
    const codes = await page.evaluate(
      async ([kind, text]) => {
        const chat = document.querySelector('chat-widget') as Chat
        await chat.sendMessage(`${text}first`)
        const sent = Array.from({ length: 40 }, (_, index) => chat.sendMessage(text + index))
        await new Promise((resolve) => setTimeout(resolve, 5))
        if (kind === 'mergePolicy') chat.mergePolicy = 'separate'
        else {
          chat.remove()
          await new Promise((resolve) => requestAnimationFrame(resolve))
          document.body.append(chat)
        }
        const outcomes = await Promise.allSettled(sent)
        return outcomes.map((one) => (one.status === 'fulfilled' ? 'stored' : one.reason.code))
      },
      [what, prefix] as const,
    )
    expect(new Set(codes)).not.toContain('closed')
    for (const code of codes) expect(['stored', 'send-pending']).toContain(code)
    const written = () =>
      stored()
        .filter(({ text }) => text.startsWith(prefix))
        .map(({ text }) => text)
    await until('all are stored', () => written().length >= 41)
    expect(written()).toEqual([`${prefix}first`, ...Array.from({ length: 40 }, (_, index) => prefix + index)])
  },
)

it('[ID13] what was written without a connection is gone after a logout while the next page loads', async () => {
  const context = await browser.context()
  const page = await openPage(context)
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  await context.setOffline(true)
  await chat.input.fill('a secret')
  await chat.input.press('Enter')
  await chat.input.fill('half a secret')
  await page.close()
  await context.setOffline(false)
  const next = await context.newPage()
  await next.addInitScript(() => {
    void customElements.whenDefined('chat-widget').then(async () => {
      const element = document.querySelector('chat-widget') as Chat
      await Promise.resolve()
      await element.logout()
      document.body.append('left')
    })
  })
  await next.goto(site.url)
  await next.getByText('left').waitFor()
  const after = widgetOn(next)
  await after.open()
  await isConnected(next)
  expect(await after.input.inputValue()).toBe('')
  await after.say('of the next')
  await after.isSent()
  expect(await after.texts()).toEqual(['of the next'])
  expect(stored().map(({ text }) => text)).not.toContain('a secret')
})

it('[DL4] the badge shows what is unread by now, also where it was read on another device', async () => {
  const first = await browser.context()
  const signIn = (page: Page) =>
    page.evaluate(({ userIdentifier, token }) => {
      const chat = document.querySelector('chat-widget') as Chat
      chat.user = { userIdentifier, requestContextProvider: () => ({ Auth: { Token: token } }) }
      chat.connect().catch(() => {})
    }, bob)
  const page = await openPage(first)
  await signIn(page)
  await until('signed in', async () => (await stateOf(page)).identity.status === 'identified')
  const { conversation } = await stateOf(page)
  for (const text of ['one', 'two', 'three'])
    await rest(server.url, 'POST', `/${conversation!.id}/messages`, { text })
  const badge = page.locator('[part~=badge]')
  await until('three are unread', async () => (await badge.textContent()) === '3')
  expect(await page.evaluate(() => localStorage.getItem('chat-widget:shop:hint'))).toBe('3')
  await page.close()

  const other = await openPage()
  await signIn(other)
  await widgetOn(other).open()
  await widgetOn(other).shows('three')
  await until('all are read', async () => (await stateOf(other)).unread === 0)

  const back = await openPage(first)
  await signIn(back)
  await back.locator('[part~=badge]').waitFor({ state: 'hidden' })
  expect((await stateOf(back)).unread).toBe(0)
})
