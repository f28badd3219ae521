/** The demo on three servers behind nginx: the one under a visitor's hands is killed. */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type Cluster, nodeOfVisitor, openCluster } from './support/cluster.ts'
import { connectVisitor } from './support/raw-device.ts'
import { found, until } from './support/wait.ts'
import { conversationOf, isConnected, stateOf, widgetErrors, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let cluster: Cluster
beforeAll(async () => {
  cluster = await openCluster()
})
afterAll(() => cluster?.close())

interface Stored {
  readonly seq: number
  readonly text: string
  readonly author: { readonly kind: string }
}

async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${cluster.chatUrl}/v1/apps/shop/conversations/${path}`, {
    headers: { authorization: `Token ${cluster.apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Answer
}

// Before a server is killed: as it comes back, the visitors who poll it move to it.
it('[DL11] long polling stays with one server', async () => {
  const visitor = await connectVisitor(cluster.chatUrl, {}, { transports: ['polling'] })
  onTestFinished(async () => {
    visitor.close()
    await until('no server has them', async () => (await nodeOfVisitor(cluster)) === null)
  })
  for (let count = 1; count <= 5; count += 1)
    expect((await visitor.send(crypto.randomUUID(), `${count}`)).text).toBe(`${count}`)
  const script = await fetch(`${cluster.chatUrl}/chat-widget.js`)
  expect(script.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^chat_server=\w{32}; Path=\/; HttpOnly/),
  ])
})

it('[DL11] long polling from a page of another site, whose browser sends no cookie, stays with one server', async () => {
  const page = await browser.page()
  const sent: (string | undefined)[] = []
  page.on('response', (response) => {
    if (!response.url().includes('transport=polling')) return
    response
      .request()
      .allHeaders()
      .then(
        ({ cookie }) => sent.push(cookie),
        () => undefined,
      )
  })
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebSocket'))
  // A name of this machine that is of another site than its address, where the chat is.
  await page.goto(cluster.shopUrl.replace('127.0.0.1', 'localhost'))
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  const tries = sent.length
  for (const text of ['one', 'two', 'three']) {
    await chat.say(text)
    await chat.isSent()
  }
  expect(sent.length).toBeGreaterThan(tries)
  expect(sent.filter((cookie) => cookie !== undefined)).toEqual([])
  // A page that is closed says nothing by polling: the server would wait for it for 45 s.
  await chat.element.evaluate((element) => element.remove())
  await until('no server has them', async () => (await nodeOfVisitor(cluster)) === null)
})

it('[DL11] a server that is killed under a visitor’s hands loses and doubles nothing, and the visitor writes on', async () => {
  const page = await browser.page()
  const errors = await widgetErrors(page)
  await page.goto(cluster.shopUrl)
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  await chat.say('one')
  await chat.isSent()
  const id = await conversationOf(page)
  await ask(`${id}/handler`, { handler: 'agents' })
  const written = ['one']
  for (const round of [1, 2]) {
    const node = await found('the server of the visitor', () => nodeOfVisitor(cluster))
    const killed = node.stop('SIGKILL')
    for (const word of ['at once', 'and more']) {
      written.push(`${round} ${word}`)
      await chat.say(`${round} ${word}`)
    }
    await killed
    await chat.isSent()
    // Back on another server, while the killed one is still away.
    await isConnected(page)
    const author = { kind: 'agent', name: 'Robin' }
    await ask(`${id}/messages`, { text: `answer ${round}`, author })
    await chat.shows(`answer ${round}`)
    await node.start()
  }
  const { messages } = await ask<{ messages: readonly Stored[] }>(`${id}/messages`)
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1))
  expect(messages.filter(({ author }) => author.kind === 'visitor').map(({ text }) => text)).toEqual(written)
  const shown = (await chat.texts()).filter((text) => written.includes(text))
  expect(shown).toEqual(written)
  expect((await stateOf(page)).connection.status).toBe('connected')
  expect(await errors()).toEqual([])
  await until('no banner is left', async () => (await chat.panel.getByRole('alert').count()) === 0)
})
