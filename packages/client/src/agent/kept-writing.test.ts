import type { ConversationId } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AgentClient, createAgentClient } from './agent-client.ts'
import { PASSWORD, type ScriptedAgentServer, startScriptedAgentServer } from './agent-server.testing.ts'
import { browserWriting, type WritingStorage } from './kept-writing.ts'

let server: ScriptedAgentServer
let storage: WritingStorage
const clients: AgentClient[] = []

/** A page: what is kept is the browser's, all else is its own. */
function openPage(): AgentClient {
  const client = createAgentClient({ server: server.url, policy: { nextDelayMs: () => 5 }, storage })
  clients.push(client)
  return client
}

beforeEach(async () => {
  server = await startScriptedAgentServer()
  // Node has no localStorage; memory stands in for it.
  storage = browserWriting()
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await server.close()
})

/** Writes what the server does not take, and ends the page. */
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
    await vi.waitFor(() => expect(after.unsentReplies()).toBe(0))
  })

  it('[DL4] keeps its order, whatever order the browser keeps its values in', async () => {
    const values = browserWriting()
    const backwards = () => Array.from({ length: values.length }, (_, index) => values.key(index)).reverse()
    storage = {
      get length() {
        return values.length
      },
      key: (index) => backwards()[index] ?? null,
      getItem: (key) => values.getItem(key),
      setItem: (key, value) => values.setItem(key, value),
      removeItem: (key) => values.removeItem(key),
    }
    const id = server.addConversation({ messages: 0 })
    const before = openPage()
    await opened(before, id)
    const texts = ['one', 'two', 'three', 'four']
    await closedUnsent(before, id, texts)
    const after = openPage()
    await opened(after, id)
    await vi.waitFor(() => expect(server.messages(id).map(({ text }) => text)).toEqual(texts))
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
    expect(storage.length).toBe(0)
  })

  it('is bounded, and what is not understood is left out', async () => {
    const id = server.addConversation({ messages: 1 })
    const client = openPage()
    await opened(client, id)
    const agent = client.getState().session
    if (agent.status !== 'signed-in') throw new Error('an agent is expected')
    for (const value of ['{', 'null', '[]', '{"clientId":7}'])
      storage.setItem(`chat-console:${agent.agent.id}:reply:${value}`, value)
    for (let count = 0; count < 300; count += 1) client.setDraft(`${id}-${count}` as ConversationId, 'x')
    expect(storage.length).toBe(4 + 200)
    client.close()
    const next = openPage()
    await opened(next, id)
    expect(next.unsentReplies()).toBe(0)
  })

  it('stays in the page where the browser refuses to keep it', async () => {
    const refuse = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    storage = { ...browserWriting(), length: 0, setItem: refuse }
    const id = server.addConversation({ messages: 1 })
    const client = openPage()
    await opened(client, id)
    client.setDraft(id, 'half a thought')
    expect(client.draft(id)).toBe('half a thought')
    client.send({ text: 'reply' })
    expect(client.unsentReplies()).toBe(1)
    await vi.waitFor(() => expect(server.messages(id).at(-1)?.text).toBe('reply'))
    await vi.waitFor(() => expect(client.unsentReplies()).toBe(0))
  })
})
