/** A shop with actions, a visitor and an agent, for tests of agents' actions. */
import { randomUUID } from 'node:crypto'
import type {
  ActionRunId,
  AgentActionNotice,
  AgentActionOutcome,
  ConversationId,
} from '@chat-widget/protocol'
import { testDatabase } from '../storage/test-storage.testing.ts'
import { type StartOptions, signIn, startRealtime, type TestRealtime } from './realtime.testing.ts'
import type { TestDevice } from './test-device.testing.ts'

export const newRunId = () => randomUUID() as string as ActionRunId

/** `orders` sends the context's token; `cancel` posts. */
export function startShop(options: StartOptions = {}): Promise<TestRealtime> {
  const authorization = 'Bearer {Auth.Token}'
  return startRealtime({
    actions: ({ url }) => ({
      orders: { url: `${url}/orders?limit=3`, headers: { authorization } },
      cancel: { url: `${url}/cancel`, method: 'POST', headers: { authorization } },
    }),
    ...options,
  })
}

/** A signed-in customer who wrote something. */
export async function customer(server: TestRealtime) {
  const { device } = await server.visitor({ intent: 'identify' })
  const { token, conversationId, answer } = await signIn(device)
  await device.send(conversationId, 'where is my order?')
  return { device, token, conversationId, session: answer.session?.token }
}

/** An anonymous visitor who wrote something. */
export async function stranger(server: TestRealtime) {
  const { device, ready } = await server.visitor()
  const conversationId = ready.conversation!.id
  await device.send(conversationId, 'where is my order?')
  return { device, conversationId }
}

/** Asks for an action and returns the run's id, once the server has accepted it. */
export async function runAction(
  agent: TestDevice,
  conversationId: ConversationId,
  request: {
    readonly name?: string
    readonly params?: object
    readonly runId?: ActionRunId
  } = {},
): Promise<ActionRunId> {
  const { name = 'orders', params = {}, runId = newRunId() } = request
  await agent.ask('action:run', { conversationId, runId, name, params })
  return runId
}

export const outcomesOf = (agent: TestDevice, runId: ActionRunId): readonly AgentActionOutcome[] =>
  agent
    .all<AgentActionNotice>('action:outcome')
    .filter((notice) => notice.runId === runId)
    .map(({ outcome }) => outcome)

/** Waits for the outcome of a kind. */
export async function outcome(
  agent: TestDevice,
  runId: ActionRunId,
  kind: AgentActionOutcome['kind'],
): Promise<AgentActionOutcome> {
  const fits = (notice: AgentActionNotice) => notice.runId === runId && notice.outcome.kind === kind
  return (await agent.heard<AgentActionNotice>('action:outcome', fits)).outcome
}

/** The audit rows of actions, oldest first. */
export async function auditOf({ folder }: TestRealtime): Promise<readonly object[]> {
  const rows = await testDatabase(folder).read((db) =>
    db.selectFrom('audit').selectAll().where('kind', '=', 'action').orderBy('at').execute(),
  )
  return rows.map(({ app, details }) => ({ app, ...(JSON.parse(details) as object) }))
}
