/** The same conversation in this chat and in other chats of the registry, one page after the other in one Chromium. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { AppId, ConversationId } from '@chat-widget/protocol'
import { type ChatServer, createChatServer } from '@chat-widget/server'
import { type BrowserContext, chromium, type LaunchOptions, type Page } from 'playwright'
import { APP, lineAt } from '../message-list/conversation.ts'
import { countNodes, mainThreadMs } from '../page-figures.ts'
import { percentile } from '../percentile.ts'
import { builtPage, type Site, startSite } from '../site.ts'
import { installPeers, PEERS } from './install-peers.ts'
import { watchFor } from './watch-for.ts'

export interface PeersOptions {
  /** Lengths of the conversation, ascending, each with its number of page views. */
  readonly lengths: readonly { readonly length: number; readonly views: number }[]
  /** Appends in each page view. */
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

/** Pause between two appends, longer than the work that one of them causes. Milliseconds. */
const PAUSE_MS = 200
/** Time allowed for a history to be shown. Milliseconds. */
const SHOW_MS = 120_000

export async function measurePeers(options: PeersOptions): Promise<readonly ChatFigures[]> {
  await installPeers()
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-bench-'))
  const server = await createChatServer({
    apps: [{ id: APP, origins: ['http://localhost:*'] }],
    dataDir,
    port: 0,
  })
  const site = await startPeerSite(
    await server.listen(),
    options.lengths.map(({ length }) => length),
  )
  const browser = await chromium.launch(options.browser)
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
    const ours = await openOurs(context, { server, site })
    const measured: ChatFigures[] = []
    for (const { length, views } of options.lengths) {
      await ours.grow(length)
      for (const chat of [...PEER_NAMES.map((name) => peer(name, length, site)), { ...ours, length }]) {
        const figures = await measureChat(context, chat, { ...options, views })
        options.onMeasured?.(figures)
        measured.push(figures)
      }
    }
    return measured
  } finally {
    await browser.close()
    site.close()
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function startPeerSite(chatUrl: string, lengths: readonly number[]): Promise<Site> {
  const peers = await Promise.all(
    PEER_NAMES.map((name) => builtPage(`/${name}/`, new URL(`pages/${name}.js`, PEERS))),
  )
  const pages = Object.fromEntries(peers.map(({ page }, index) => [`/${PEER_NAMES[index]}`, page]))
  const histories = lengths.map((length) => [
    `/${length}.json`,
    JSON.stringify(Array.from({ length }, (_, index) => shownLine(index + 1))),
  ])
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

interface Chat {
  readonly name: string
  readonly length: number
  readonly address: string
  append(page: Page): Promise<void>
  /** Text of the newest message. */
  newest(): string
}

function peer(name: string, length: number, site: Site): Chat {
  let place = length
  return {
    name,
    length,
    address: `${site.url}/${name}?history=/${length}.json`,
    append: (page) =>
      page.evaluate(
        (line) => (globalThis as unknown as { append(line: object): void }).append(line),
        shownLine(++place),
      ),
    newest: () => lineAt(place).text,
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
    async append() {
      await post()
    },
    newest: () => lineAt(place).text,
  }
}

type View = Omit<ChatFigures, 'name' | 'length'>

async function measureChat(
  context: BrowserContext,
  chat: Chat,
  { views, appends }: { readonly views: number; readonly appends: number },
): Promise<ChatFigures> {
  const measured: View[] = []
  for (let view = 0; view < views; view += 1) {
    const page = await context.newPage()
    measured.push(await measureView(page, chat, appends))
    await page.close()
  }
  const median = (figure: (view: View) => number) => percentile(measured.map(figure), 0.5)
  return {
    name: chat.name,
    length: chat.length,
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
  await page.addInitScript(watchFor, chat.newest())
  await page.goto(chat.address)
  const usableMs = await Promise.race([
    page.evaluate(() => (globalThis as unknown as { seen: Promise<number> }).seen),
    wait(SHOW_MS, Number.NaN),
  ])
  const bytes = await traffic.codeBytes()

  const append = async () => {
    for (let count = 0; count < appends; count += 1) {
      const paused = wait(PAUSE_MS)
      await chat.append(page)
      await paused
    }
  }
  // Not measured: code is being compiled.
  await append()
  const idle = await mainThreadMs(session, () => wait(appends * PAUSE_MS))
  const busy = await mainThreadMs(session, append)
  // A list that does not follow draws nothing, which costs less.
  await page.getByText(chat.newest(), { exact: true }).last().waitFor({ state: 'attached' })
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return {
    bytes,
    usableMs,
    appendMs: (busy - idle) / appends,
    nodes: await page.evaluate(countNodes),
    heapBytes: usedSize,
    foreignRequests: traffic.foreign(),
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
  page.on('requestfinished', (request) => {
    if (!['script', 'stylesheet'].includes(request.resourceType())) return
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
  })
  return {
    codeBytes: async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0),
    foreign: () => foreign,
  }
}
