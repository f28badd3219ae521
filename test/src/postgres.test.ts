/** The server as a process on a real PostgreSQL: killed in the middle of a conversation, it loses nothing. */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { type PostgresServer, startPostgresServer } from '../../scripts/postgres-server.mjs'
import { connectVisitor, unwrap } from './support/raw-device.ts'
import { startServer } from './support/server-process.ts'
import { shopConfig } from './support/shop.ts'
import { postgresMessages } from './support/stored-messages.ts'

let postgres: PostgresServer
beforeAll(async () => {
  postgres = await startPostgresServer()
})
afterAll(() => postgres?.stop())

it('[DL2] loses no acknowledged message and doubles none when it is killed', async () => {
  const server = await startServer({ config: shopConfig(), databaseUrl: postgres.url })
  onTestFinished(() => server.close())
  const texts = Array.from({ length: 200 }, (_, index) => `message ${index}`)
  const clientIds = texts.map(() => crypto.randomUUID())
  const before = await connectVisitor(server.url)
  const conversationId = before.ready.conversation!.id
  const acknowledged = new Map<string, number>()

  await new Promise<void>((resolve) => {
    texts.forEach((text, index) => {
      before.send(clientIds[index]!, text).then(
        ({ seq }) => {
          acknowledged.set(clientIds[index]!, seq)
          if (acknowledged.size === 60) void server.kill().then(resolve)
        },
        // The kill breaks the requests that are still under way.
        () => undefined,
      )
    })
  })
  before.close()
  const stored = await postgresMessages(postgres.url)
  expect(stored).toEqual(
    expect.arrayContaining(
      [...acknowledged].map(([clientId, seq]) => expect.objectContaining({ clientId, seq })),
    ),
  )

  await server.start()
  const after = await connectVisitor(server.url, { session: before.ready.session?.token })
  onTestFinished(() => after.close())
  expect(after.ready.conversation?.id).toBe(conversationId)
  for (const [index, text] of texts.entries()) {
    const { seq } = await after.send(clientIds[index]!, text)
    expect(acknowledged.get(clientIds[index]!) ?? seq, text).toBe(seq)
  }
  const { messages } = unwrap(
    await after.socket.emitWithAck('messages:fetch', { conversationId, after: 0, limit: 200 }),
  )
  expect(messages.map(({ seq }) => seq)).toEqual(texts.map((_, index) => index + 1))
  expect(messages.map(({ text }) => text)).toEqual(texts)
  expect((await postgresMessages(postgres.url)).map(({ text }) => text)).toEqual(texts)
})
