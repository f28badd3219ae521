import type { ConversationId } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatStorage } from '../storage/chat-storage.ts'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { type AgentClient, createAgentClient } from './agent-client.ts'
import { PASSWORD, type ScriptedAgentServer, startScriptedAgentServer } from './agent-server.testing.ts'

let server: ScriptedAgentServer
let storage: ChatStorage
let values = new Map<string, unknown>()
const clients: AgentClient[] = []

/** A page with its own client; only the storage is shared by the browser. */
function openPage(): AgentClient {
  const client = createAgentClient({
    server: server.url,
    policy: { nextDelayMs: () => 5 },
    storageOf: () => storage,
  })
  clients.push(client)
  return client
}

beforeEach(async () => {
  server = await startScriptedAgentServer()
  // Node has no IndexedDB; memory stands in for it.
  values = new Map()
  storage = createMemoryStorage(values)
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await server.close()
})

/** Writes messages that the server does not accept, and closes the page. */
async function closedUnsent(
  client: AgentClient,
  id: ConversationId,
  texts: readonly string[],
): Promise<void> {
  const stored = server.messages(id).length
  server.script(...Array.from({ length: 1_000 }, () => ({ code: 'unavailable', message: 'full' }) as const))
  for (const text of texts) client.send({ text })
  await vi.waitFor(() => expect(server.sends.length).toBeGreaterThan(0))
  client.close()
  expect(server.messages(id)).toHaveLength(stored)
  server.script()
}

async function opened(client: AgentClient, id: ConversationId): Promise<void> {
  await client.restore()
  client.open(id)
  await vi.waitFor(() => expect(client.getState().conversation?.status).toBe('open'))
}

describe('what an agent writes', () => {
  it('[DL1] is sent after a reload, once, where the ack had not come', async () => {
    const id = server.addConversation({ messages: 1 })
    const before = openPage()
    await opened(before, id)
    await closedUnsent(before, id, ['first', 'second'])

    const after = openPage()
    await opened(after, id)
    await vi.waitFor(() =>
      expect(server.messages(id).map(({ text }) => text)).toEqual(['message 1', 'first', 'second']),
    )
    await vi.waitFor(async () => expect(await after.unsentReplies()).toBe(0))
  })

  it('[DL4] [DL5] is kept beside what the agent writes in another window, and goes in the order written', async () => {
    const id = server.addConversation({ messages: 0 })
    const other = server.addConversation({ messages: 0 })
    const [first, second] = [openPage(), openPage()]
    await opened(first, id)
    await opened(second, other)
    server.script(...Array.from({ length: 1_000 }, () => ({ code: 'unavailable', message: 'full' }) as const))
    for (const text of ['one', 'two', 'three']) {
      first.send({ text })
      second.send({ text })
    }
    await vi.waitFor(async () => expect(await second.unsentReplies()).toBe(6))
    await vi.waitFor(async () => expect(await storage.get('outbox')).toHaveLength(6))
    first.close()
    second.close()
    server.script()
    await openPage().restore()
    for (const each of [id, other])
      await vi.waitFor(() =>
        expect(server.messages(each).map(({ text }) => text)).toEqual(['one', 'two', 'three']),
      )
  })

  it('is there again after a reload, and where the session ended', async () => {
    const id = server.addConversation({ messages: 1 })
    const before = openPage()
    await opened(before, id)
    before.setDraft(id, 'half a thought')
    before.close()

    const after = openPage()
    await opened(after, id)
    expect(after.draft(id)).toBe('half a thought')
    server.broadcast.sessionEnded()
    await vi.waitFor(() => expect(after.getState().session).toMatchObject({ status: 'signed-out', kept: 1 }))
    expect(after.draft(id)).toBe('')
    await after.signIn('robin@example.com', PASSWORD)
    expect(after.draft(id)).toBe('half a thought')
  })

  it('is gone once the agent signs out', async () => {
    const id = server.addConversation({ messages: 1 })
    const client = openPage()
    await opened(client, id)
    client.setDraft(id, 'half a thought')
    await client.signOut()
    expect(values.size).toBe(0)
  })

  it('is bounded, and what is not understood is left out', async () => {
    const id = server.addConversation({ messages: 1 })
    const client = openPage()
    await opened(client, id)
    for (let count = 0; count < 300; count += 1) client.setDraft(`${id}-${count}` as ConversationId, 'x')
    await vi.waitFor(async () => {
      const drafts = Object.keys((await storage.get<object>('drafts')) ?? {})
      expect(drafts).toEqual(Array.from({ length: 200 }, (_, index) => `${id}-${index + 100}`))
    })
    client.close()
    await storage.update('outbox', () => [
      { clientId: 7 },
      null,
      'text',
      { clientId: 'a', conversationId: id, body: 'no' },
    ])
    await storage.update('drafts', () => [7])
    const next = openPage()
    await opened(next, id)
    expect(await next.unsentReplies()).toBe(0)
    expect(next.draft(id)).toBe('')
  })

  it('stays in the page where the browser refuses to keep it', async () => {
    const refuse = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))
    storage = { ...createMemoryStorage(), update: refuse }
    const id = server.addConversation({ messages: 1 })
    const client = openPage()
    await opened(client, id)
    client.setDraft(id, 'half a thought')
    expect(client.draft(id)).toBe('half a thought')
    client.send({ text: 'reply' })
    expect(await client.unsentReplies()).toBe(1)
    await vi.waitFor(() => expect(server.messages(id).at(-1)?.text).toBe('reply'))
    await vi.waitFor(async () => expect(await client.unsentReplies()).toBe(0))
  })
})

describe('a file that an agent sends', () => {
  it('[FI10] [FI12] is kept with its bytes, fails where the app takes none, and is gone with the agent', async () => {
    const id = server.addConversation({ messages: 1 })
    const client = openPage()
    await client.signIn('robin@example.com', PASSWORD)
    await opened(client, id)
    const keptBytes = () => [...values.keys()].filter((key) => key.startsWith('file:'))
    client.send({ file: new File(['words'], 'note.txt', { type: 'text/plain' }), text: 'See here' })
    const failed = {
      ...{
        kind: 'pending',
        body: { file: { name: 'note.txt', size: 5, type: 'text/plain' }, text: 'See here' },
      },
      state: { status: 'failed', code: 'not-found' },
    }
    await vi.waitFor(() => {
      const { conversation } = client.getState()
      expect(conversation?.status === 'open' && conversation.items.at(-1)).toMatchObject(failed)
    })
    expect(server.sends).toEqual([])
    expect(keptBytes()).toHaveLength(1)
    await client.signOut()
    expect(keptBytes()).toEqual([])
  })
})
