/** Several conversations of one visitor, against the real server. */
import type { AppId, ConversationId } from '@chat-widget/protocol'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { until } from './chat-client.testing.ts'
import { ChatClient } from './chat-client.ts'
import { createConversationList, fetchTranscript, rateConversation } from './conversations/index.ts'
import { type SharedServer, startSharedServer } from './shared-server.testing.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'

let shared: SharedServer
beforeAll(async () => {
  shared = await startSharedServer()
})
afterAll(() => shared.close())
const clients: ChatClient[] = []
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())))

const newApp = () =>
  shared.newApp(({ token }) => ({ subject: String(token), expiresAt: Date.now() + 3_600_000 }))

function openClient(app: AppId, storage = createMemoryStorage()): ChatClient {
  const client = new ChatClient({ app, server: shared.url, storage })
  clients.push(client)
  return client
}

const post = (app: AppId, conversationId: ConversationId, text: string) =>
  shared.chat.conversations.post({ app, conversationId, body: { text } })
const close = (id: ConversationId) => shared.chat.conversations.close(id)

/** One that has written in two conversations, the second of which is shown. */
async function withTwo() {
  const app = newApp()
  const client = openClient(app)
  const { conversationId: first } = await client.send('one')
  const second = await client.newConversation()
  await client.send('two')
  return { app, client, first, second }
}

it('[CV1] counts what is unread in the one that is not shown, and shows its last message', async () => {
  const { app, client, first, second } = await withTwo()
  const counts: number[] = []
  client.on('unread-change', (count) => counts.push(count))
  await post(app, first, 'An answer')
  const list = createConversationList(client)
  await until(() => expect(client.getState().unread).toBe(1))
  expect(counts).toEqual([1])
  expect(list.conversations.map(({ id, unread, lastMessage }) => [id, unread, lastMessage.text])).toEqual([
    [first, 1, 'An answer'],
    [second, 0, 'two'],
  ])
  await client.showConversation(first)
  await until(() => expect(client.getState().timeline.items).toHaveLength(2))
  client.markRead()
  await until(() => expect(client.getState().unread).toBe(0))
})

it('[CV3] keeps what was written and not sent in the conversation that it was written in', async () => {
  const { client, first, second } = await withTwo()
  client.draft = 'half of two'
  await client.showConversation(first)
  expect(client.draft).toBe('')
  client.draft = 'half of one'
  const list = createConversationList(client)
  const drafts = () => Object.fromEntries(list.conversations.map(({ id, draft }) => [id, draft]))
  await until(() => expect(drafts()).toEqual({ [first]: 'half of one', [second]: 'half of two' }))
  const third = await client.newConversation()
  expect(client.draft).toBe('')
  client.draft = 'half of three'
  await client.showConversation(second)
  await until(() => expect(drafts()).toEqual({ [first]: 'half of one', [second]: 'half of two' }))
  expect(client.draft).toBe('half of two')
  await client.newConversation()
  expect([client.draft, client.getState().conversation?.id === third]).toEqual(['half of three', false])
})

it('[CV3] goes to no other conversation without the code for it, and asks for it again the next time', async () => {
  const { client, first, second } = await withTwo()
  client.draft = 'half of two'
  vi.resetModules()
  vi.doMock('./choose-conversation.ts', () => {
    throw new Error('offline')
  })
  await expect(client.showConversation(first)).rejects.toMatchObject({ code: 'load-failed' })
  expect(client.getState().conversation?.id).toBe(second)
  expect(client.draft).toBe('half of two')
  vi.doUnmock('./choose-conversation.ts')
  await client.showConversation(first)
  expect(client.draft).toBe('')
})

it('[CV1] lists all conversations, a page at a time', async () => {
  const app = newApp()
  const client = openClient(app)
  const list = createConversationList(client)
  await client.send('0')
  for (let index = 1; index < 23; index += 1) {
    await client.newConversation()
    await client.send(`${index}`)
  }
  await until(() => expect(list.hasMore).toBe(true))
  const unread = await post(app, client.getState().conversations.at(-1)!.id, 'An answer')
  await until(() => expect(list.conversations[0]?.lastMessage.text).toBe('An answer'))
  expect(list.conversations[0]?.id).toBe(unread.conversationId)
  await list.loadMore()
  expect(list.hasMore).toBe(false)
  expect(list.conversations).toHaveLength(23)
  expect(new Set(list.conversations.map(({ id }) => id)).size).toBe(23)
  expect(list.conversations.at(-1)?.lastMessage.text).toBe('0')
})

it('[CV1] counts what is unread beyond the page', async () => {
  const app = newApp()
  const storage = createMemoryStorage()
  const before = openClient(app, storage)
  const { conversationId: oldest } = await before.send('0')
  await post(app, oldest, 'An answer')
  for (let index = 1; index < 22; index += 1) {
    await before.newConversation()
    await before.send(`${index}`)
  }
  await before.close()
  const client = openClient(app, storage)
  await client.connect()
  await until(() => expect(client.getState().unread).toBe(1))
  expect(client.getState().conversations.map(({ id }) => id)).not.toContain(oldest)
})

it('[CV1] knows that a conversation was closed, shown or not, and from the beginning', async () => {
  const app = newApp()
  const storage = createMemoryStorage()
  const client = openClient(app, storage)
  const { conversationId: first } = await client.send('one')
  const second = await client.newConversation()
  await client.send('two')
  const statuses = (one = client) =>
    Object.fromEntries(one.getState().conversations.map(({ id, status }) => [id, status]))
  await close(second)
  await until(() => expect(statuses()).toEqual({ [first]: 'open', [second]: 'closed' }))
  await close(first)
  await until(() => expect(statuses()).toEqual({ [first]: 'closed', [second]: 'closed' }))
  await client.send('once more')
  await until(() => expect(statuses()).toEqual({ [first]: 'closed', [second]: 'open' }))
  await client.showConversation(first)
  await client.close()
  const later = openClient(app, storage)
  const told: unknown[] = []
  later.on('change', () => told.push(statuses(later)[first]))
  await later.connect()
  await until(() => expect(statuses(later)).toEqual({ [first]: 'closed', [second]: 'open' }))
  expect(told).not.toContain('open')
})

it('[CV4] rates a closed conversation once', async () => {
  const { client, first } = await withTwo()
  await expect(rateConversation(client, first, { rating: 3 })).rejects.toMatchObject({ code: 'bad-request' })
  await close(first)
  const event = await rateConversation(client, first, { rating: 3, text: ' fine ' })
  expect(event).toMatchObject({ kind: 'event', event: { type: 'rated', rating: 3, text: 'fine' } })
  await expect(rateConversation(client, first, { rating: 1 })).rejects.toMatchObject({
    code: 'already-answered',
  })
})

it.each(['text', 'html', 'json'] as const)('[CV6] downloads the transcript as %s', async (format) => {
  const { client, first } = await withTwo()
  const { name, content } = await fetchTranscript(client, first, { format, locale: 'de' })
  expect(name).toMatch(
    new RegExp(`^transcript-\\d{4}-\\d\\d-\\d\\d\\.${format === 'text' ? 'txt' : format}$`),
  )
  expect(await content.text()).toContain('one')
  const stranger = openClient(newApp())
  await stranger.connect()
  await expect(fetchTranscript(stranger, first, { format })).rejects.toMatchObject({ code: 'not-found' })
})

it('[CV6] a transcript that cannot be fetched says why', async () => {
  const client = openClient(newApp())
  const { conversationId } = await client.send('one')
  const { options } = client.parts
  const ports = { ...client.parts, options: { ...options, server: 'http://127.0.0.1:1' } }
  const elsewhere = { parts: Object.assign(Object.create(client.parts), ports) }
  await expect(fetchTranscript(elsewhere, conversationId, { format: 'text' })).rejects.toMatchObject({
    code: 'server-unreachable',
  })
})
