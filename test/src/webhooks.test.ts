/**
 * Webhooks from outside. kill -9 of the chat server while it tells one of events: none is lost, and one that comes twice is
 * recognised. What was given up is seen and sent again in the console.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { WebhookRequest } from '@chat-widget/protocol'
import { Webhook } from 'standardwebhooks'
import { expect, it, onTestFinished } from 'vitest'
import { startPostgresServer } from '../../scripts/postgres-server.mjs'
import { addAgent } from './support/agent-account.ts'
import { useBrowser } from './support/browser.ts'
import { signInToConsole } from './support/console-page.ts'
import { connectVisitor } from './support/raw-device.ts'
import { rest } from './support/rest.ts'
import { startServerClock } from './support/server-clock.ts'
import { startServerHere } from './support/server-here.ts'
import { runServerCommand, type ServerProcess, startServer } from './support/server-process.ts'
import { BOT_SECRET, shopConfig } from './support/shop.ts'
import { until } from './support/wait.ts'

const browser = useBrowser()

const CONVERSATIONS = 3
const MESSAGES = 15
const EVENTS = CONVERSATIONS * (MESSAGES + 2)
/** Deliveries before whose answers the server is killed. */
const KILLS = [5, 15, 30]
/** Time after which PostgreSQL gives the jobs of a killed server to the next one, and a little more. Milliseconds. */
const LEASE_MS = 16_000

interface Received {
  readonly id: string
  readonly request: WebhookRequest
}

async function startReceiver(received: (count: number) => Promise<void>, statusOf = () => 204) {
  const webhook = new Webhook(BOT_SECRET)
  const all: Received[] = []
  const server = createServer(async (incoming, response) => {
    const headers = incoming.headers as Record<string, string>
    const request = webhook.verify(await text(incoming), headers) as WebhookRequest
    all.push({ id: headers['webhook-id'] ?? '', request })
    await received(all.length)
    response.writeHead(statusOf()).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, all }
}

/** Posts until the server answers: it is killed and started again meanwhile. */
async function post(server: ServerProcess, id: string, body: string): Promise<void> {
  const clientId = crypto.randomUUID()
  await until('the message is stored', async () => {
    const answer = await rest(server.url, 'POST', `/${id}/messages`, {
      text: body,
      client_id: clientId,
    }).catch(() => null)
    return answer?.status === 201
  })
}

const DATABASES = {
  SQLite: async () => undefined,
  async PostgreSQL() {
    const postgres = await startPostgresServer()
    onTestFinished(() => postgres.stop())
    return postgres.url
  },
} as const

it.each(['SQLite', 'PostgreSQL'] as const)('[WB1] [WB2] loses no event over kill -9, on %s', async (name) => {
  const databaseUrl = await DATABASES[name]()
  const clock = startServerClock()
  onTestFinished(() => clock.close())
  let server: ServerProcess | null = null
  let restarting = Promise.resolve()
  const receiver = await startReceiver(async (count) => {
    if (!KILLS.includes(count)) return
    await server?.kill()
    clock.move(LEASE_MS)
    restarting = Promise.resolve(server?.start())
  })
  const { apps } = shopConfig() as { apps: readonly object[] }
  const events = ['conversation.created', 'message.created', 'conversation.closed']
  const webhooks = [{ url: receiver.url, secret: BOT_SECRET, events }]
  server = await startServer({
    config: { apps: [{ ...apps[0], webhooks }] },
    env: clock.env,
    ...(databaseUrl !== undefined && { databaseUrl }),
  })
  const { storageArgs } = server
  onTestFinished(() => server?.close())

  const ids = await Promise.all(
    Array.from({ length: CONVERSATIONS }, async () => {
      const visitor = await connectVisitor(server!.url)
      await visitor.send(crypto.randomUUID(), 'message 0')
      visitor.close()
      return visitor.ready.conversation!.id
    }),
  )
  await Promise.all(
    ids.map(async (id) => {
      for (let n = 1; n < MESSAGES; n += 1) await post(server!, id, `message ${n}`)
    }),
  )
  for (const id of ids)
    await until('it is closed', async () => {
      const closing = await rest(server!.url, 'POST', `/${id}/close`).catch(() => null)
      return closing?.status === 200
    })

  const distinct = () =>
    [...new Map(receiver.all.toReversed().map((one) => [one.id, one])).values()].toReversed()
  // Each conversation's closing is a message, too.
  await until('all events have come', () => distinct().length === EVENTS + CONVERSATIONS)
  await restarting
  for (const id of ids) {
    const told = distinct().flatMap(({ request }) =>
      request.type !== 'user.identified' && request.conversation.id === id
        ? [request.type === 'message.created' ? request.message.seq : request.type]
        : [],
    )
    const seqs = Array.from({ length: MESSAGES + 1 }, (_, index) => index + 1)
    expect(told).toEqual(['conversation.created', ...seqs, 'conversation.closed'])
  }
  expect(receiver.all.length - distinct().length, 'came again, under the same id').toBeGreaterThanOrEqual(1)
  await until('nothing is left', async () => {
    const { stdout } = await runServerCommand(['webhooks', 'list', ...storageArgs])
    return stdout === ''
  })
})

it('[WB4] [AG1] an owner sees in the console what was given up and why, and sends it again', async () => {
  let status = 410
  const receiver = await startReceiver(
    async () => {},
    () => status,
  )
  const { apps } = shopConfig() as { apps: readonly object[] }
  const url = `${receiver.url}chat?key=a-secret`
  const webhooks = [{ url, secret: BOT_SECRET, events: ['conversation.created', 'message.created'] }]
  const server = await startServerHere({ apps: [{ ...apps[0], webhooks }] })
  onTestFinished(() => server.close())
  const visitor = await connectVisitor(server.url)
  await visitor.send(crypto.randomUUID(), 'hello')
  visitor.close()
  await until('both are given up', () => receiver.all.length === 2)

  const { page } = await signInToConsole(
    await browser.page(),
    `${server.url}/console/`,
    await addAgent(server),
  )
  await page.getByRole('link', { name: 'Webhooks' }).click()
  const rows = page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem')
  await rows.getByText('Answered with 410').nth(1).waitFor()
  await page.getByText('Given up: 2', { exact: true }).waitFor()
  expect(await page.getByText('a-secret').count()).toBe(0)
  status = 204
  await rows.getByRole('button', { name: 'Send again: conversation.created' }).click()
  await page.getByText('Being sent again: 1').waitFor()
  await until('it has come', () => receiver.all.length === 3)
  await page.getByRole('button', { name: 'Send all again' }).click()
  await page.getByText('Nothing was given up.').waitFor()
  await until('all have come', () => receiver.all.length === 4)
  expect(receiver.all.slice(2).map(({ id }) => id)).toEqual(receiver.all.slice(0, 2).map(({ id }) => id))
  await page.getByRole('link', { name: 'Security log' }).click()
  await page.getByText('Webhook deliveries sent again: 1').nth(1).waitFor()
})
