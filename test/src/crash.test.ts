/** kill -9 of the chat server in the middle of a conversation, and between a sign-in and the work that it releases. */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type Demo, openDemo } from './support/demo.ts'
import { startFakeApi } from './support/fake-api.ts'
import { startFakeBot } from './support/fake-bot.ts'
import { connectVisitor, type RawVisitor, unwrap } from './support/raw-device.ts'
import { startServer } from './support/server-process.ts'
import { mintToken, shopConfig } from './support/shop.ts'
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

/** Reads a conversation's messages; called again, only those that are new. */
function storedIn(conversationId: string): () => Promise<readonly Sent[]> {
  const messages: Sent[] = []
  return async () => {
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
}

it('[DL1] [DL2] loses nothing that was acknowledged, doubles nothing, and the page goes on by itself', async () => {
  const page = await browser.page()
  // The server's output passes through this process: however late the kill is, nothing is acknowledged before it.
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
  await until('everything is acknowledged', () => acknowledged.length === COUNT + 1)

  const stored = storedIn((await stateOf(page)).conversation!.id)
  const written = [
    ...Array.from({ length: COUNT }, (_, index) => `return ${index}`),
    'written while the server was down',
  ]
  const fromVisitor = async () => (await stored()).filter(({ author }) => author.kind === 'visitor')
  expect((await fromVisitor()).map(({ text }) => text)).toEqual(written)
  const kept = new Map((await fromVisitor()).map(({ clientId, seq }) => [clientId, seq]))
  for (const { clientId, seq, text } of acknowledged) expect(kept.get(clientId), text).toBe(seq)
  expect(new Set(acknowledged.map(({ clientId }) => clientId)).size).toBe(COUNT + 1)

  // The bot got each message although the server died in between, and its answers are there once.
  // The first message is the greeting.
  const answers = async () => (await stored()).filter(({ author, seq }) => author.kind === 'bot' && seq > 1)
  await until('the bot has answered each', async () => (await answers()).length >= written.length)
  expect(await answers()).toHaveLength(written.length)
  const all = await stored()
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1))
})

it('[ID15] [DL8] what a sign-in let go on is run once, by the process that follows the killed one', async () => {
  const api = await startFakeApi({ orders: [7] })
  onTestFinished(() => api.close())
  let isThinking = true
  const bot = await startFakeBot(async (request) => {
    if (request.type !== 'message') return { messages: [{ text: 'done' }] }
    if (request.message.text === 'my orders')
      return { messages: [{ action: { name: 'orders', params: {} } }] }
    // Work released by the sign-in waits behind it: a conversation's jobs run one after the other.
    if (isThinking) await new Promise(() => undefined)
    return { messages: [{ text: 'one moment' }] }
  })
  onTestFinished(() => bot.close())
  const headers = { authorization: 'Bearer {Auth.Token}' }
  const actions = { orders: { url: api.url, headers, allowPrivateAddress: true } }
  const server = await startServer({ config: shopConfig({ bot, actions }) })
  onTestFinished(() => server.close())
  const context = async () => ({ Auth: { Token: await mintToken('ada') } })
  const authenticate = async ({ socket }: Pick<RawVisitor, 'socket'>) =>
    unwrap(
      await socket.emitWithAck('identity:authenticate', {
        userIdentifier: 'ada',
        context: await context(),
        mergePolicy: 'merge',
      }),
    )

  const device = await connectVisitor(server.url)
  await device.send(crypto.randomUUID(), 'my orders')
  await until('the card is there', () => device.received.some(({ kind }) => kind === 'login'))
  await device.send(crypto.randomUUID(), 'are you there?')
  await until('the bot thinks', () => bot.requests.length === 2)
  const { session, conversation } = await authenticate(device)
  expect(api.tokens).toEqual([])
  await server.kill()
  device.close()

  isThinking = false
  await server.start()
  const identify = { session: session!.token, intent: 'identify' }
  const again = await connectVisitor(server.url, identify, {}, (socket) =>
    socket.on('context:needed', () => void authenticate({ socket })),
  )
  onTestFinished(() => again.close())
  await until('the bot has told what came of it', () => again.received.some(({ text }) => text === 'done'))
  const { messages } = unwrap(
    await again.socket.emitWithAck('messages:fetch', {
      conversationId: conversation.id,
      after: 0,
      limit: 50,
    }),
  )
  expect(messages.map(({ text }) => text)).toEqual([
    'my orders',
    'Please sign in to continue.',
    'are you there?',
    'Signed in as ada.',
    'one moment',
    'done',
  ])
  expect(api.tokens).toHaveLength(1)
  expect(bot.requests.filter(({ request }) => request.type === 'action-result')).toHaveLength(1)
})
