/** The same conversation in this chat and in other chats of the registry, one page after the other in one Chromium. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { AppId, ConversationId } from '@chat-widget/protocol'
import { type ChatServer, createChatServer } from '@chat-widget/server'
import {
  type BrowserContext,
  type CDPSession,
  chromium,
  type LaunchOptions,
  type Page,
  type Request,
} from 'playwright'
import { APP, lineAt } from '../message-list/conversation.ts'
import { countNodes, mainThreadMs } from '../page-figures.ts'
import { percentile } from '../percentile.ts'
import { builtPage, type Site, startSite } from '../site.ts'
import { installPeers, PEERS } from './install-peers.ts'
import { type Relay, startRelay } from './relay.ts'
import { watchFor } from './watch-for.ts'

export interface PeersOptions {
  /** Lengths of the conversation, ascending, each with its number of page views, and in how many of them it grows. */
  readonly lengths: readonly {
    readonly length: number
    readonly views: number
    readonly growingViews: number
  }[]
  /** Names of the chats. Default: all. */
  readonly chats?: readonly string[] | undefined
  /**
   * Way of messages into the others: over a socket, as into this chat, or handed over by the page, which leaves that work
   * to whoever uses them. Default `socket`.
   */
  readonly othersBy?: 'socket' | 'page' | undefined
  /** Appends that are measured in a page view. */
  readonly appends: number
  readonly browser: LaunchOptions
  /** Called with a chat's figures as soon as they are measured: a whole run is long. */
  readonly onMeasured?: (figures: ChatFigures) => void
}

/** Medians over the page views. */
export interface ChatFigures {
  readonly name: string
  readonly length: number
  /** Scripts and styles, compressed, until the history can be read. */
  readonly bytes: number
  /** From the navigation to the newest message in view and a field to write in. Milliseconds. */
  readonly usableMs: number
  /** Main-thread time of one append, without the page's idle cost. Milliseconds. */
  readonly appendMs: number
  readonly nodes: number
  /** JavaScript heap after a collection. */
  readonly heapBytes: number
  /** Requests that the page sent to hosts other than its own. */
  readonly foreignRequests: number
}

const PEER_NAMES = ['deep-chat', 'chatscope', 'stream-chat', 'n8n-chat']
export const OURS = 'this chat'
const CHATS: readonly string[] = [OURS, ...PEER_NAMES]

/** Shortest pause between two appends; it is as many times as long as the last one before them works. Milliseconds. */
const PAUSE_MS = 100
const PAUSE_PER_WORK = 3
/** Appends that are not measured: code is being compiled, and this chat takes each announcement away 5 s later. Milliseconds. */
const WARM_UP_MS = 5_500
/** At least: with the first one, some of the others work for a minute on a long history. */
const WARM_UPS = 3
/** A page that has just been opened is not idle, nor is the browser when one has been closed. Milliseconds. */
const SETTLE_MS = 500
/** Time in which the page's idle cost is measured. Milliseconds. */
const IDLE_MS = 1_000
/** A page whose main thread works longer in that time is not idle yet. Milliseconds. */
const BUSY_MS = IDLE_MS / 2
/** Time allowed for a history to be shown, and again for the page to become idle. Milliseconds. */
const SHOW_MS = 300_000

export async function measurePeers(options: PeersOptions): Promise<readonly ChatFigures[]> {
  const { chats = CHATS } = options
  const unknown = chats.filter((name) => !CHATS.includes(name))
  if (unknown.length > 0)
    throw new Error(`there is no chat ${unknown.join(', ')}; there is ${CHATS.join(', ')}`)
  const peerNames = PEER_NAMES.filter((name) => chats.includes(name))
  if (peerNames.length > 0) await installPeers()
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-bench-'))
  const server = await createChatServer({
    apps: [{ id: APP, origins: ['http://localhost:*'] }],
    dataDir,
    port: 0,
  })
  const site = await startPeerSite(
    await server.listen(),
    peerNames,
    options.lengths.map(({ length }) => length),
  )
  const relay = options.othersBy === 'page' ? null : await startRelay(firstLines)
  const browser = await chromium.launch(options.browser)
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
    const ours = chats.includes(OURS) ? await openOurs(context, { server, site }) : null
    const measured: ChatFigures[] = []
    for (const { length, ...views } of options.lengths) {
      await ours?.grow(length)
      const shown = peerNames.map((name) => peer(name, length, { site, relay }))
      if (ours !== null) shown.push({ ...ours, length })
      const figures = await measureChats(context, shown, { ...options, ...views })
      for (const chat of figures) options.onMeasured?.(chat)
      measured.push(...figures)
    }
    return measured
  } finally {
    await browser.close()
    site.close()
    await relay?.close()
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function startPeerSite(
  chatUrl: string,
  names: readonly string[],
  lengths: readonly number[],
): Promise<Site> {
  const peers = await Promise.all(
    names.map((name) => builtPage(`/${name}/`, new URL(`pages/${name}.js`, PEERS))),
  )
  const pages = Object.fromEntries(peers.map(({ page }, index) => [`/${names[index]}`, page]))
  const histories = lengths.map((length) => [`/${length}.json`, JSON.stringify(firstLines(length))])
  return startSite(
    {
      ...pages,
      '/ours': { script: `${chatUrl}/chat-widget.js`, body: `<chat-widget app="${APP}" open></chat-widget>` },
    },
    Object.assign({}, ...peers.map(({ files }) => files), Object.fromEntries(histories)),
  )
}

const FIRST_AT = Date.UTC(2026, 0, 1)
const shownLine = (place: number) => ({
  ...lineAt(place),
  id: place,
  at: new Date(FIRST_AT + place * 60_000).toISOString(),
})

const firstLines = (length: number) => Array.from({ length }, (_, index) => shownLine(index + 1))

interface Chat {
  readonly name: string
  readonly length: number
  readonly address: string
  /** Its conversation, as a page that is opened now shows it. */
  open(): OpenConversation
}

interface OpenConversation {
  append(page: Page): Promise<void>
  /** Text of the newest message. */
  newest(): string
}

interface PeerParts {
  readonly site: Site
  /** Null: the page hands the messages over. */
  readonly relay: Relay | null
}

function peer(name: string, length: number, { site, relay }: PeerParts): Chat {
  const server = relay === null ? '' : `&server=${encodeURIComponent(relay.url)}`
  return {
    name,
    length,
    address: `${site.url}/${name}?length=${length}${server}`,
    open() {
      // Messages that were appended to another page are not in the history.
      let place = length
      return {
        async append(page) {
          const line = shownLine(++place)
          if (relay !== null) return relay.send(line)
          await page.evaluate(
            (shown) => (globalThis as unknown as { append(line: object): void }).append(shown),
            line,
          )
        },
        newest: () => lineAt(place).text,
      }
    },
  }
}

interface OwnParts {
  readonly server: ChatServer
  readonly site: Site
}

/** This chat in front of its own server, with a visitor who has written once. */
async function openOurs(
  context: BrowserContext,
  { server, site }: OwnParts,
): Promise<Omit<Chat, 'length'> & { grow(length: number): Promise<void> }> {
  const address = `${site.url}/ours`
  const page = await context.newPage()
  await page.goto(address)
  const input = page.getByRole('textbox')
  await input.fill('Hello')
  await input.press('Enter')
  const handle = await page.waitForFunction(() => {
    const chat = document.querySelector('chat-widget') as unknown as {
      getState(): { readonly conversation: { readonly id: string; readonly headSeq: number } | null }
    }
    const { conversation } = chat.getState()
    return conversation?.headSeq === 1 ? conversation.id : null
  })
  const conversationId = (await handle.jsonValue()) as ConversationId
  await page.close()
  let place = 1
  const post = () =>
    server.conversations.post({ app: APP as AppId, conversationId, body: { text: lineAt(++place).text } })
  return {
    name: OURS,
    address,
    async grow(length) {
      while (place < length) await post()
    },
    open: () => ({
      async append() {
        await post()
      },
      newest: () => lineAt(place).text,
    }),
  }
}

/** Figures of a page view; those that take an append are there if its conversation grew. */
type View = Pick<ChatFigures, 'bytes' | 'usableMs' | 'foreignRequests'> &
  Partial<Pick<ChatFigures, 'appendMs' | 'nodes' | 'heapBytes'>>

interface Views {
  readonly views: number
  readonly growingViews: number
  readonly appends: number
}

/** In turns, so that what else the machine does meanwhile is shared by all, and back again: no chat always follows the same one. */
async function measureChats(
  context: BrowserContext,
  chats: readonly Chat[],
  { views, growingViews, appends }: Views,
): Promise<readonly ChatFigures[]> {
  const measured = chats.map((chat) => ({ chat, views: [] as View[] }))
  for (let view = 0; view < views; view += 1)
    for (const { chat, views } of view % 2 === 0 ? measured : measured.toReversed()) {
      const page = await context.newPage()
      views.push(await measureView(page, chat, view < growingViews ? appends : 0))
      await page.close()
      await wait(SETTLE_MS)
    }
  return measured.map(({ chat, views }) => figuresOf(chat, views))
}

function figuresOf({ name, length }: Chat, views: readonly View[]): ChatFigures {
  const median = (figure: (view: View) => number | undefined) =>
    percentile(
      views.map(figure).filter((value) => value !== undefined),
      0.5,
    )
  return {
    name,
    length,
    bytes: median(({ bytes }) => bytes),
    usableMs: median(({ usableMs }) => usableMs),
    appendMs: median(({ appendMs }) => appendMs),
    nodes: median(({ nodes }) => nodes),
    heapBytes: median(({ heapBytes }) => heapBytes),
    foreignRequests: median(({ foreignRequests }) => foreignRequests),
  }
}

async function measureView(page: Page, chat: Chat, appends: number): Promise<View> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  const traffic = trafficOf(page)
  const conversation = chat.open()
  await page.addInitScript(watchFor, conversation.newest())
  await page.goto(chat.address)
  const usableMs = await Promise.race([
    page.evaluate(() => (globalThis as unknown as { seen: Promise<number> }).seen),
    wait(SHOW_MS, Number.NaN, { ref: false }),
  ])
  const bytes = await traffic.codeBytes()
  const grown = appends === 0 ? {} : await measureAppends({ page, session }, conversation, appends)
  return { bytes, usableMs, foreignRequests: traffic.foreign(), ...grown }
}

async function measureAppends(
  { page, session }: { readonly page: Page; readonly session: CDPSession },
  conversation: OpenConversation,
  appends: number,
) {
  const append = async (pauseMs: number) => {
    const paused = wait(pauseMs)
    await conversation.append(page)
    await paused
  }
  await wait(SETTLE_MS)
  let idle = await mainThreadMs(session, () => wait(IDLE_MS))
  // Some of the others still work on a long history after its end is in view.
  const idleUntil = performance.now() + SHOW_MS
  while (idle > BUSY_MS && performance.now() < idleUntil)
    idle = await mainThreadMs(session, () => wait(IDLE_MS))
  let workMs = 0
  const until = performance.now() + WARM_UP_MS
  for (let warmUps = 0; warmUps < WARM_UPS || performance.now() < until; warmUps += 1)
    workMs = await mainThreadMs(session, () => append(PAUSE_MS))
  const pauseMs = Math.max(PAUSE_MS, PAUSE_PER_WORK * workMs)
  const startedAt = performance.now()
  const busy = await mainThreadMs(session, async () => {
    for (let count = 0; count < appends; count += 1) await append(pauseMs)
  })
  const ofIdlePage = (idle * (performance.now() - startedAt)) / IDLE_MS
  // A list that does not follow draws nothing, which costs less.
  await page.getByText(conversation.newest(), { exact: true }).last().waitFor({ state: 'attached' })
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return {
    appendMs: (busy - ofIdlePage) / appends,
    nodes: await page.evaluate(countNodes),
    heapBytes: usedSize,
  }
}

/** Counts what a page loads. Requests to other hosts are refused: there is no such host here. */
function trafficOf(page: Page) {
  const sizes: Promise<number>[] = []
  let foreign = 0
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (/^https?:$/.test(protocol) && !['localhost', '127.0.0.1'].includes(hostname)) foreign += 1
  })
  const count = (request: Request) => {
    if (!['script', 'stylesheet'].includes(request.resourceType())) return
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
  }
  page.on('requestfinished', count)
  return {
    codeBytes: async () => {
      // A later file is not counted, and cannot be asked for its size once the page is closed.
      page.off('requestfinished', count)
      return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    },
    foreign: () => foreign,
  }
}
