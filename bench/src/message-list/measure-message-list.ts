/** A live conversation in the chat and in a bare Lit window, each in a page of one Chromium. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { AgentId, AppId, ClientMessageId, ConversationId } from '@chat-widget/protocol'
import { type ChatServer, createChatServer } from '@chat-widget/server'
import { chromium, type LaunchOptions, type Page } from 'playwright'
import { countNodes, mainThreadMs } from '../page-figures.ts'
import { percentile } from '../percentile.ts'
import { bundled, type Site, startSite } from '../site.ts'
import { APP, lineAt } from './conversation.ts'

export interface MessageListOptions {
  /** Lengths of the conversation, ascending. */
  readonly lengths: readonly number[]
  /** Appends of a round, and rounds at each length. */
  readonly appends: number
  readonly rounds: number
  readonly browser: LaunchOptions
}

interface ListFigures {
  /** Main-thread time of one append, without the page's idle cost. Milliseconds. */
  readonly appendMs: number
  /** Elements, texts and comments of the page's shadow trees. */
  readonly nodes: number
}

export interface LengthFigures {
  readonly length: number
  readonly chat: ListFigures
  readonly bare: ListFigures
}

/** Pause between two appends, longer than the work that one of them causes. Milliseconds. */
const PAUSE_MS = 150
/** Time for the messages before the measured ones to arrive. Milliseconds. */
const GROWTH_MS = 180_000

export async function measureMessageList(options: MessageListOptions): Promise<readonly LengthFigures[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-bench-'))
  const server = await createChatServer({
    apps: [{ id: APP, origins: ['http://localhost:*'] }],
    dataDir,
    port: 0,
  })
  const url = await server.listen()
  const site = await startSite(
    {
      '/chat': { script: `${url}/chat-widget.js`, body: `<chat-widget app="${APP}"></chat-widget>` },
      '/bare': { script: '/bare.js', body: '<bare-window></bare-window>' },
    },
    { '/bare.js': await bundled(new URL('./bare-window.js', import.meta.url)) },
  )
  const browser = await chromium.launch(options.browser)
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-US',
    })
    const chat = await openChat(await context.newPage(), { server, site })
    const bare = await openBare(await context.newPage(), site)
    const figures: LengthFigures[] = []
    for (const length of options.lengths) {
      const measured = []
      for (const list of [bare, chat]) {
        await list.page.bringToFront()
        await list.grow(length)
        // Over a list, the pointer costs a hit test whenever something moves below it.
        await list.page.mouse.move(2, 2)
        measured.push(await measure(list, options))
      }
      const [bareFigures, chatFigures] = measured as [ListFigures, ListFigures]
      figures.push({ length, chat: chatFigures, bare: bareFigures })
    }
    return figures
  } finally {
    await browser.close()
    site.close()
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

interface MeasuredList {
  readonly page: Page
  /** Grows the conversation to this length, with its newest message in view. */
  grow(length: number): Promise<void>
  /** Appends messages, one after the other, with a pause after each. */
  append(count: number): Promise<void>
  /** The newest message's text. */
  newest(): string
}

async function measure(
  { page, append, newest }: MeasuredList,
  options: MessageListOptions,
): Promise<ListFigures> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  // Not measured: code is being compiled.
  await append(options.appends)
  const times: number[] = []
  for (let round = 0; round < options.rounds; round += 1) {
    const idle = await mainThreadMs(session, () => wait(options.appends * PAUSE_MS))
    const busy = await mainThreadMs(session, () => append(options.appends))
    times.push((busy - idle) / options.appends)
  }
  await session.detach()
  // A list that does not follow renders nothing, which costs less.
  await page.getByText(newest(), { exact: true }).waitFor({ state: 'attached' })
  return { appendMs: percentile(times, 0.5), nodes: await page.evaluate(countNodes) }
}

interface Parts {
  readonly server: ChatServer
  readonly site: Site
}

async function openChat(page: Page, { server, site }: Parts): Promise<MeasuredList> {
  let length = 1
  await page.goto(`${site.url}/chat`)
  await page.getByRole('button', { name: 'Open chat' }).click()
  const input = page.getByRole('textbox')
  await input.fill('Hello')
  await input.press('Enter')
  const id = await page
    .waitForFunction(() => {
      const chat = document.querySelector('chat-widget') as unknown as {
        getState(): { readonly conversation: { readonly id: string; readonly headSeq: number } | null }
      }
      const { conversation } = chat.getState()
      return conversation?.headSeq === 1 ? conversation.id : null
    })
    .then((handle) => handle.jsonValue())

  const conversationId = id as ConversationId
  const post = async (place: number) => {
    const { text, author } = lineAt(place)
    if (author.kind === 'bot')
      return server.conversations.post({ app: APP as AppId, conversationId, body: { text } })
    const agent = { id: 'agent' as AgentId, name: author.name }
    const clientId = randomUUID() as ClientMessageId
    return server.conversations.sendAsAgent({ agent, conversationId, clientId, body: { text } })
  }
  const places = (count: number) => Array.from({ length: count }, () => ++length)

  return {
    page,
    async grow(wanted) {
      for (const place of places(wanted - length)) await post(place)
      await page
        .getByText(lineAt(length).text, { exact: true })
        .waitFor({ state: 'attached', timeout: GROWTH_MS })
    },
    async append(count) {
      for (const place of places(count)) {
        const paused = wait(PAUSE_MS)
        await post(place)
        await paused
      }
    },
    newest: () => lineAt(length).text,
  }
}

async function openBare(page: Page, site: Site): Promise<MeasuredList> {
  let length = 0
  await page.goto(`${site.url}/bare`)
  await page.waitForFunction(() => customElements.get('bare-window') !== undefined)
  const show = async (count: number, pause: number) => {
    const lines = Array.from({ length: count }, () => lineAt(++length))
    await page.evaluate(
      async ({ lines, pause }) => {
        const list = document.querySelector('bare-window') as Element & { messages: readonly object[] }
        const shown = (line: object, index: number) => ({
          ...line,
          id: list.messages.length + index,
          at: new Date(),
        })
        if (pause === 0) list.messages = [...list.messages, ...lines.map(shown)]
        else
          for (const line of lines) {
            list.messages = [...list.messages, shown(line, 0)]
            await new Promise((resolve) => setTimeout(resolve, pause))
          }
      },
      { lines, pause },
    )
  }
  return {
    page,
    grow: (wanted) => show(wanted - length, 0),
    append: (count) => show(count, PAUSE_MS),
    newest: () => lineAt(length).text,
  }
}
