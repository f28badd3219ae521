/** The contract of the actions that agents asked for. */
import { randomUUID } from 'node:crypto'
import type { ActionRunId, ConversationId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { type Fixture, loginCard, START, visitorText } from './contract-fixture.testing.ts'

export function actionRunContract(fixture: Fixture): void {
  /** A run of an agent in an existing conversation. */
  async function request() {
    const session = await fixture.anonymous()
    await fixture.append(visitorText(session, 'Hello'))
    const email = `${randomUUID()}@example.com`
    const agent = await fixture.storage.agents.add({
      ...{ name: 'Kim', email, passwordHash: 'x' },
      role: 'agent',
      at: START,
    })
    const asked = {
      id: randomUUID() as string as ActionRunId,
      conversationId: session.conversationId,
      agentId: agent.id,
      name: 'orders',
      params: { limit: 3, all: true, q: 'nul \0' },
      at: START,
    }
    return { asked, signIn: () => fixture.identify(session.id, session.id) }
  }

  const card = (conversationId: ConversationId, runId: ActionRunId) =>
    fixture.append(loginCard(conversationId, { kind: 'action-run', runId }))
  const find = (id: ActionRunId) => fixture.storage.actionRuns.find(id)

  /** Keys of the jobs, in their order. One of the lane is leased at a time. */
  const jobs = async () => {
    const keys: string[] = []
    const request = { kind: 'action-run', owner: 'node', held: [], limit: 9 } as const
    for (;;) {
      const [one] = await fixture.storage.jobs.lease({ ...request, at: START, until: START + 1 })
      if (one === undefined) return keys
      keys.push(one.key)
      await fixture.storage.jobs.fail(one, START)
    }
  }

  it('[ID16] [JB1] stores a run once, with its job, under 20 parallel asks, and keeps it over a restart', async () => {
    const { asked } = await request()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => fixture.storage.actionRuns.begin(asked)),
    )
    expect(answers.filter(({ created }) => created)).toHaveLength(1)
    await fixture.reopen()
    const { agentId, at, ...rest } = asked
    const run = { ...rest, agent: { id: agentId, name: 'Kim' }, state: 'running', signIns: 0, createdAt: at }
    expect(await find(asked.id)).toEqual(run)
    expect(await jobs()).toEqual([`${asked.id}.0`])
    expect(answers[0]?.run).toEqual(run)
    expect(await find(randomUUID() as string as ActionRunId)).toBeNull()
  })

  it('[ID16] settles a run for good, and forgets its parameters', async () => {
    const { asked } = await request()
    const { run } = await fixture.storage.actionRuns.begin(asked)
    await fixture.storage.actionRuns.conclude(run, { kind: 'result', status: 200 }, START)
    const settled = { ...run, state: 'settled', params: {} }
    expect(await find(run.id)).toEqual(settled)
    await fixture.storage.actionRuns.conclude(run, { kind: 'login-needed', status: null }, START)
    expect(await find(run.id)).toEqual(settled)
    expect((await fixture.storage.actionRuns.begin(asked)).created).toBe(false)
    expect(await jobs()).toEqual([`${run.id}.0`])
  })

  it('[ID15] [ID16] lets a blocked run go on by the sign-in that takes its card, once', async () => {
    const { asked, signIn } = await request()
    const { conversationId } = asked
    const { run } = await fixture.storage.actionRuns.begin(asked)
    await card(conversationId, run.id)
    await fixture.storage.actionRuns.conclude(run, { kind: 'login-needed', status: null }, START)
    expect(await find(run.id)).toMatchObject({ state: 'blocked' })
    const signedIn = await Promise.all([signIn(), signIn()])
    expect(signedIn.flatMap(({ released }) => released.actionRuns)).toEqual([run.id])
    await fixture.reopen()
    expect(await find(run.id)).toEqual({ ...run, signIns: 1 })
    expect(await jobs()).toEqual([`${run.id}.0`, `${run.id}.1`])
  })

  it('[ID15] does not block a run whose card was taken before', async () => {
    const { asked, signIn } = await request()
    const { run } = await fixture.storage.actionRuns.begin(asked)
    await card(asked.conversationId, run.id)
    await signIn()
    await fixture.storage.actionRuns.conclude(run, { kind: 'login-needed', status: null }, START)
    expect(await find(run.id)).toMatchObject({ state: 'running', signIns: 1 })
  })

  it('[ID15] lets no settled run go on', async () => {
    const { asked, signIn } = await request()
    const { run } = await fixture.storage.actionRuns.begin(asked)
    await card(asked.conversationId, run.id)
    await fixture.storage.actionRuns.conclude(run, { kind: 'result', status: 200 }, START)
    await signIn()
    expect(await find(run.id)).toMatchObject({ state: 'settled', signIns: 0 })
    expect(await jobs()).toEqual([`${run.id}.0`])
  })
}
