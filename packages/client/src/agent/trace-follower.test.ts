import type { ConversationId, ConversationTrace, IdentityTraceEntry } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Reply } from '../connection/event-maps.ts'
import { type AgentClient, createAgentClient } from './agent-client.ts'
import { type ScriptedAgentServer, startScriptedAgentServer } from './agent-server.testing.ts'
import { TraceFollower } from './trace-follower.ts'

let server: ScriptedAgentServer
let client: AgentClient
beforeEach(async () => {
  server = await startScriptedAgentServer()
  client = createAgentClient({ server: server.url, policy: { nextDelayMs: () => 5 }, changeEveryMs: 0 })
})
afterEach(async () => {
  client.close()
  await server.close()
})

const entry = (cause: string): IdentityTraceEntry => ({
  at: new Date().toISOString(),
  from: 'identified',
  to: 'refreshing',
  cause,
  source: 'server',
  tab: 'server',
})
const trace = () => client.getState().identityTrace
const causes = () => {
  const state = trace()
  return state?.status === 'loaded' ? state.entries.map(({ cause }) => cause) : state?.status
}
const untilCauses = (expected: readonly string[]) => vi.waitFor(() => expect(causes()).toEqual(expected))

async function shown(): Promise<ConversationId> {
  const id = server.addConversation({ messages: 1 })
  server.trace(id, entry('one'))
  await client.restore()
  client.open(id)
  await vi.waitFor(() => expect(client.getState().conversation?.status).toBe('open'))
  expect(trace()).toBeNull()
  client.showIdentityTrace(true)
  expect(trace()).toEqual({ status: 'loading' })
  await untilCauses(['one'])
  return id
}

describe('the identity trace of the open conversation', () => {
  it('[ID17] is fetched when it is shown, and again when there is more', async () => {
    const id = await shown()
    server.trace(id, entry('two'))
    await untilCauses(['one', 'two'])
  })

  it('[ID17] is not asked for while nobody looks, nor that of another conversation', async () => {
    const id = await shown()
    server.trace(server.addConversation(), entry('other'))
    client.showIdentityTrace(false)
    expect(trace()).toBeNull()
    server.trace(id, entry('two'))
    server.say(id, 'told after the notice')
    await vi.waitFor(() => {
      const { conversation } = client.getState()
      expect(conversation?.status === 'open' && conversation.items).toHaveLength(2)
    })
    expect(server.traceFetches).toBe(1)
  })

  it('[ID17] is made up for after a lost connection, and what was shown stays meanwhile', async () => {
    const id = await shown()
    server.trace(id, entry('two'), { quietly: true })
    const states: unknown[] = []
    client.on('change', ({ connection, identityTrace }) =>
      states.push([connection.status, identityTrace?.status]),
    )
    server.disconnectAll()
    await untilCauses(['one', 'two'])
    expect(states).toContainEqual(['reconnecting', 'loaded'])
    expect(states.flat()).not.toContain('loading')
  })

  it('[ID17] says why it cannot be read, and tries again', async () => {
    const id = await shown()
    client.showIdentityTrace(false)
    server.script({ code: 'unavailable', message: 'later' })
    const states: unknown[] = []
    client.on('change', ({ identityTrace }) => states.push(identityTrace))
    client.showIdentityTrace(true)
    await untilCauses(['one'])
    expect(states).toContainEqual({ status: 'failed', code: 'unavailable' })
    expect(id).toBe(client.getState().conversation?.id)
  })

  it('[ID17] is gone with the conversation, and at the end of the session', async () => {
    await shown()
    client.open(server.addConversation({ messages: 1 }))
    expect(trace()).toBeNull()
    await vi.waitFor(() => expect(client.getState().conversation?.status).toBe('open'))
    client.showIdentityTrace(true)
    await untilCauses([])
    server.broadcast.sessionEnded()
    await vi.waitFor(() => expect(client.getState().session.status).toBe('signed-out'))
    expect(trace()).toBeNull()
  })
})

describe('a follower', () => {
  const [one, other] = ['c1', 'c2'] as readonly string[] as readonly [ConversationId, ConversationId]
  const answers = new Map<ConversationId, (cause: string) => void>()
  const fetch = vi.fn<(id: ConversationId) => Promise<Reply<ConversationTrace>>>()
  let follower: TraceFollower
  beforeEach(() => {
    fetch.mockReset().mockImplementation(
      (id) =>
        new Promise((resolve) => {
          answers.set(id, (cause) => resolve({ ok: true, value: { entries: [entry(cause)] } }))
        }),
    )
    follower = new TraceFollower({ fetch, policy: { nextDelayMs: () => 5 }, changed: () => {} })
  })

  it('[ID17] drops what is still answered about the conversation before', async () => {
    follower.show(one)
    follower.show(other)
    answers.get(other)?.('of the other')
    await vi.waitFor(() => expect(follower.state?.status).toBe('loaded'))
    answers.get(one)?.('of the one')
    await Promise.resolve()
    expect(follower.state).toMatchObject({ entries: [{ cause: 'of the other' }] })
  })

  it('[ID17] asks again for the conversation that has news, and no other', () => {
    follower.show(one)
    follower.noteNews(other)
    expect(fetch).toHaveBeenCalledTimes(1)
    follower.noteNews(one)
    expect(fetch).toHaveBeenCalledTimes(2)
  })
})
