import type { ActionRunId, AgentActionOutcome, ConversationId } from '@chat-widget/protocol'
import { ACTION_WAIT_MS } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { randomId } from '../util/random-id.ts'
import { type AgentClient, createAgentClient } from './agent-client.ts'
import { type ScriptedAgentServer, startScriptedAgentServer } from './agent-server.testing.ts'
import type { AgentActionRun } from './agent-state.ts'

const RESULT: AgentActionOutcome = { kind: 'result', ok: true, status: 200, body: { orders: [] } }

let server: ScriptedAgentServer
let client: AgentClient
let id: ConversationId

beforeEach(async () => {
  server = await startScriptedAgentServer()
  client = createAgentClient({ server: server.url, policy: { nextDelayMs: () => 5 } })
  id = server.addConversation({ messages: 2 })
  await client.restore()
  client.open(id)
  await vi.waitFor(() => expect(client.getState().conversation?.status).toBe('open'))
})

afterEach(async () => {
  vi.useRealTimers()
  client.close()
  await server.close()
})

/** Texts of messages, and states of runs, in the order shown. */
function shown(): readonly (string | AgentActionRun['state'])[] {
  const { conversation } = client.getState()
  const items = conversation?.status === 'open' ? conversation.items : []
  return items.map((item) =>
    item.kind === 'run' ? item.run.state : item.kind === 'stored' ? item.message.text : 'pending',
  )
}

const states = () => shown().filter((item) => typeof item !== 'string')
const tell = (runId: ActionRunId, outcome: AgentActionOutcome) =>
  server.broadcast.outcome({ conversationId: id, runId, name: 'orders', outcome })
const concluded = (outcome: AgentActionOutcome) => ({ status: 'concluded', outcome })

describe('[ID16] an action', () => {
  it('is running until its outcome is told, after the message at which the agent asked', async () => {
    expect(client.getState().apps[0]?.actions).toEqual(['orders'])
    const runId = client.runAction(id, 'orders', { page: 2 })
    expect(shown()).toEqual(['message 1', 'message 2', { status: 'running' }])
    await vi.waitFor(() => expect(server.runs).toHaveLength(1))
    expect(server.runs[0]).toEqual({ conversationId: id, runId, name: 'orders', params: { page: 2 } })
    server.say(id, 'hello?')
    tell(runId, RESULT)
    await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'message 2', concluded(RESULT), 'hello?']))
  })

  it('[ID15] that waits for a sign-in moves to the end when its answer comes after it', async () => {
    const runId = client.runAction(id, 'orders', {})
    tell(runId, { kind: 'login-needed' })
    await vi.waitFor(() => expect(states()).toEqual([concluded({ kind: 'login-needed' })]))
    server.say(id, 'signed in')
    await vi.waitFor(() => expect(shown().at(-1)).toBe('signed in'))
    tell(runId, RESULT)
    await vi.waitFor(() => expect(shown().at(-1)).toEqual(concluded(RESULT)))
    expect(states()).toHaveLength(1)
  })

  it('is asked about again after a reconnect, with the same run id', async () => {
    server.script('store-but-lose-ack')
    const runId = client.runAction(id, 'orders', {})
    await vi.waitFor(() => expect(server.runs).toHaveLength(2))
    expect(server.runs[1]).toEqual(server.runs[0])
    expect(states()).toEqual([{ status: 'running' }])
    tell(runId, RESULT)
    await vi.waitFor(() => expect(states()).toEqual([concluded(RESULT)]))
    server.disconnectAll()
    server.say(id, 'later')
    await vi.waitFor(() => expect(shown()).toContain('later'))
    expect(server.runs).toHaveLength(2)
  })

  it('that was taken is not refused by a repeated request that is put off', async () => {
    const runId = client.runAction(id, 'orders', {})
    await vi.waitFor(() => expect(server.runs).toHaveLength(1))
    server.script({ code: 'rate-limited', message: 'too many' })
    server.disconnectAll()
    await vi.waitFor(() => expect(server.runs).toHaveLength(2))
    // An outcome sent after the answer arrives after it.
    server.say(id, 'later')
    await vi.waitFor(() => expect(shown()).toContain('later'))
    expect(states()).toEqual([{ status: 'running' }])
    tell(runId, RESULT)
    await vi.waitFor(() => expect(states()).toEqual([concluded(RESULT)]))
  })

  it('of which nothing is heard ends as having no answer, and a late one still counts', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const runId = client.runAction(id, 'orders', {})
    vi.advanceTimersByTime(ACTION_WAIT_MS - 1)
    expect(states()).toEqual([{ status: 'running' }])
    vi.advanceTimersByTime(1)
    expect(states()).toEqual([concluded({ kind: 'no-answer' })])
    vi.useRealTimers()
    tell(runId, RESULT)
    await vi.waitFor(() => expect(states()).toEqual([concluded(RESULT)]))
  })

  it('that the server refuses says why, and goes when it is dismissed; one under way stays', async () => {
    server.script({ code: 'not-found', message: 'no such action' })
    const refused = client.runAction(id, 'nonsense', {})
    await vi.waitFor(() => expect(states()).toEqual([{ status: 'refused', code: 'not-found' }]))
    const running = client.runAction(id, 'orders', {})
    client.dismissRun(refused)
    client.dismissRun(running)
    expect(states()).toEqual([{ status: 'running' }])
  })

  it('of another agent is shown where the conversation stands', async () => {
    tell(randomId<ActionRunId>(), RESULT)
    await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'message 2', concluded(RESULT)]))
  })

  it('is kept while the agent looks elsewhere, and forgotten with the session', async () => {
    const runId = client.runAction(id, 'orders', {})
    client.leave()
    tell(runId, RESULT)
    await vi.waitFor(() => expect(server.runs).toHaveLength(1))
    client.open(id)
    await vi.waitFor(() => expect(states()).toEqual([concluded(RESULT)]))
    server.broadcast.sessionEnded()
    await vi.waitFor(() => expect(client.getState().session.status).toBe('signed-out'))
    await client.restore()
    client.open(id)
    await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'message 2']))
  })
})
