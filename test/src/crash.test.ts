/** kill -9 of the demo's chat server in the middle of a conversation, with a page that keeps sending. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type Demo, openDemo } from './support/demo.ts'
import { slowNetwork } from './support/slow-network.ts'
import { until } from './support/wait.ts'
import { isConnected, stateOf, widgetOn } from './support/widget-page.ts'

const COUNT = 80
const KILLS = 3
/** Acknowledged messages before each kill. */
const STEP = 15

const browser = useBrowser()
let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo?.close())

interface Sent {
  readonly clientId: string
  readonly seq: number
  readonly text: string
  readonly author: { readonly kind: string }
}

async function stored(conversationId: string): Promise<readonly Sent[]> {
  const messages: Sent[] = []
  for (;;) {
    const response = await fetch(
      `${demo.chatUrl}/v1/apps/shop/conversations/${conversationId}/messages?after=${messages.length}`,
      { headers: { authorization: `Token ${demo.apiKey}` } },
    )
    const page = (await response.json()) as { messages: Sent[]; headSeq: number }
    messages.push(...page.messages)
    if (messages.length >= page.headSeq) return messages
  }
}

it('[DL1] [DL2] loses nothing that was acknowledged, doubles nothing, and the page goes on by itself', async () => {
  const page = await browser.page()
  // What the server says passes through this process: however late the kill is, nothing is acknowledged before it.
  await slowNetwork(page)
  await page.goto(demo.shopUrl)
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  const acknowledged: Sent[] = []
  let killAt = STEP
  await page.exposeFunction('acknowledge', (message: Sent) => {
    acknowledged.push(message)
    if (acknowledged.length === killAt) process.kill(demo.serverPid, 'SIGKILL')
  })
  await page.evaluate((count) => {
    const element = document.querySelector('chat-widget') as unknown as HTMLElement & {
      sendMessage(text: string): Promise<unknown>
    }
    element.addEventListener('message-sent', (event) =>
      (globalThis as unknown as { acknowledge(message: unknown): void }).acknowledge(
        (event as CustomEvent<{ message: unknown }>).detail.message,
      ),
    )
    for (let index = 0; index < count; index += 1) void element.sendMessage(`return ${index}`)
  }, COUNT)

  for (let kill = 1; kill <= KILLS; kill += 1) {
    await until('the server was killed and the page sees it', async () => {
      const { connection } = await stateOf(page)
      return acknowledged.length >= killAt && connection.status !== 'connected'
    })
    expect(acknowledged.length, 'killed in the middle').toBeLessThan(COUNT)
    killAt = kill < KILLS ? acknowledged.length + STEP : Number.POSITIVE_INFINITY
    if (kill === KILLS) {
      await chat.say('written while the server was down')
      await chat.shows('Waiting for a connection…')
    }
    await demo.restartServer()
  }
  await isConnected(page)
  await until('everything is acknowledged', () => acknowledged.length === COUNT + 1, 60_000)

  const conversationId = (await stateOf(page)).conversation!.id
  const written = [
    ...Array.from({ length: COUNT }, (_, index) => `return ${index}`),
    'written while the server was down',
  ]
  const fromVisitor = async () =>
    (await stored(conversationId)).filter(({ author }) => author.kind === 'visitor')
  expect((await fromVisitor()).map(({ text }) => text)).toEqual(written)
  const kept = new Map((await fromVisitor()).map(({ clientId, seq }) => [clientId, seq]))
  for (const { clientId, seq, text } of acknowledged) expect(kept.get(clientId), text).toBe(seq)
  expect(new Set(acknowledged.map(({ clientId }) => clientId)).size).toBe(COUNT + 1)

  // The bot was told of each message although the server died in between, and its answers are there once.
  await until('the bot has answered each', async () => {
    const all = await stored(conversationId)
    return all.filter(({ author }) => author.kind === 'bot').length >= written.length
  })
  const all = await stored(conversationId)
  expect(all.filter(({ author }) => author.kind === 'bot')).toHaveLength(written.length)
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1))
})
