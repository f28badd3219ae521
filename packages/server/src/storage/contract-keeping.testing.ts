/** The contract of login cards, bot deliveries, agents, and of reopening. */
import type { AgentId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { botJob } from './append-jobs.ts'
import {
  type Fixture,
  loginCard,
  newSecretHash,
  SHOP,
  START,
  type Stored,
  textFrom,
  visitorText,
} from './contract-fixture.testing.ts'

const asked = ({ message }: Stored) => ({ kind: 'message', messageId: message.id })

export function keepingContract(fixture: Fixture): void {
  it('[ID15] owes what a login card waits for by the sign-in itself, once, under 30 parallel sign-ins', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    const { message } = await fixture.append(visitorText(session, 'Where is my order?'))
    await fixture.append(loginCard(id, { kind: 'message', messageId: message.id }))
    const other = await fixture.anonymous()
    await fixture.append(visitorText(other, 'Hello'))
    await fixture.append(loginCard(other.conversationId, { kind: 'nothing' }))
    const results = await Promise.all(Array.from({ length: 30 }, () => fixture.identify(session.id, 'ann')))
    const events = results.flatMap(({ released }) => released.events)
    expect(events).toMatchObject([
      {
        message: { kind: 'event', seq: 3, event: { type: 'signed-in', userIdentifier: 'ann' } },
        conversation: { id, headSeq: 3, userIdentifier: 'ann' },
      },
    ])
    expect(await fixture.owed(id)).toEqual([{ kind: 'message', messageId: message.id }])
    await fixture.reopen()
    expect((await fixture.identify(null, 'ann')).released).toEqual({ events: [], actionRuns: [] })
    expect(await fixture.owed(other.conversationId)).toEqual([])
    const bob = await fixture.identify(other.id, 'bob')
    expect(bob.released.events.map(({ message }) => message.seq)).toEqual([3])
  })

  it('[ID15] owes work once that several cards wait for, oldest card first, also by a renewal that signs in', async () => {
    const { session } = await fixture.identify(null, 'ann')
    const id = session.conversationId
    const { message } = await fixture.append(visitorText(session, 'Where is my order?'))
    const work = { kind: 'message', messageId: message.id } as const
    const action = { kind: 'action', name: 'orders', params: { limit: 3, all: true, q: 'x' } } as const
    for (const blocked of [work, action, work]) await fixture.append(loginCard(id, blocked))
    const ofItself = await fixture.renew(session.id, { signsIn: false })
    expect(ofItself.released).toEqual({ events: [], actionRuns: [] })
    expect((await fixture.renew(session.id)).released.events).toHaveLength(1)
    expect(await fixture.owed(id)).toEqual([work, { ...action, key: expect.stringMatching(/^login\./) }])
    expect((await fixture.renew(session.id)).released.events).toEqual([])
  })

  it('[DL8] keeps what the bot is owed over a restart, in order, until it is done', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    const first = await fixture.append(visitorText(session, 'One', { notifyBot: true }))
    const second = await fixture.append(visitorText(session, 'Two', { notifyBot: true }))
    const stranger = await fixture.anonymous()
    await fixture.append(visitorText(stranger, 'Hello', { notifyBot: true }))
    await fixture.reopen()
    const { jobs, botDeliveries } = fixture.storage
    const request = { kind: 'bot-delivery', owner: 'node', held: [], at: START, until: START + 1 } as const
    const lease = () => jobs.lease({ ...request, limit: 10 })
    const [one, other] = await lease()
    expect(one).toMatchObject({ payload: { conversationId: id, work: asked(first) }, attempts: 1 })
    expect(other?.payload.conversationId).toBe(stranger.conversationId)
    const result = (name: string) =>
      ({ kind: 'action-result', name, ok: true, status: 200, body: { note: 'nul \0' } }) as const
    const job = (name: string) => botJob({ id, app: SHOP }, result(name), START)
    expect(await jobs.done(one!, [job('one'), job('two')])).toBe(true)
    expect(await jobs.done(one!, [job('again')])).toBe(false)
    expect(await fixture.owed(id)).toEqual([result('one'), result('two'), asked(second)])
    const [next] = await lease()
    await jobs.done(next!, [job('three')])
    expect(await fixture.owed(id)).toEqual([result('two'), result('three'), asked(second)])
    expect(await botDeliveries.count()).toBe(4)
    expect(await botDeliveries.isOwed(one!.key)).toBe(false)
    expect(await botDeliveries.isOwed(other!.key)).toBe(true)
  })

  it('keeps one agent per email, compared without case', async () => {
    const { agents } = fixture.storage
    const kim = {
      name: 'Kim',
      email: 'Kim@Example.com',
      passwordHash: 'one',
      role: 'agent',
      at: START,
    } as const
    const agent = await agents.add(kim)
    expect(agent).toMatchObject({ name: 'Kim', email: 'Kim@Example.com', passwordHash: 'one' })
    expect(await agents.findByEmail('kim@example.COM')).toEqual(agent)
    await expect(agents.add({ ...kim, email: 'KIM@example.com' })).rejects.toMatchObject({
      code: 'agent-exists',
    })
    const race = await Promise.allSettled(
      Array.from({ length: 5 }, () => agents.add({ ...kim, email: 'lee@example.com' })),
    )
    expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await agents.setPasswordHash(agent.id, 'two', { at: START })
    expect((await agents.findByEmail(kim.email))?.passwordHash).toBe('two')
    await agents.setAccess(agent.id, { role: 'reader' }, { at: START })
    expect((await agents.list()).map(({ name, role }) => [name, role])).toEqual([
      ['Kim', 'reader'],
      ['Kim', 'agent'],
    ])
    expect(await agents.findByEmail('nobody@example.com')).toBeNull()
  })

  it('ends an agent’s session at its time or by sign-out', async () => {
    const { agents } = fixture.storage
    const kim = {
      name: 'Kim',
      email: 'kim@example.com',
      passwordHash: 'x',
      role: 'agent',
      at: START,
    } as const
    const { id: agentId } = await agents.add(kim)
    const [one, two] = [newSecretHash(), newSecretHash()]
    for (const secretHash of [one, two]) {
      const session = { agentId, passwordHash: 'x', secretHash, expiresAt: START + 10, at: START }
      expect(await agents.createSession(session)).toEqual([])
    }
    expect([...(await agents.bySession(START)).keys()].toSorted()).toEqual([one, two].toSorted())
    expect((await agents.bySession(START + 10)).size).toBe(0)
    expect((await agents.findBySession(one, START + 9))?.id).toBe(agentId)
    expect(await agents.findBySession(one, START + 10)).toBeNull()
    expect(await agents.findBySession('other', START)).toBeNull()
    await agents.deleteSession(one)
    expect(await agents.findBySession(one, START)).toBeNull()
    expect((await agents.findBySession(two, START))?.id).toBe(agentId)
  })

  it('[OP8] ends an agent’s sessions with the password or the account, whose name and email part', async () => {
    const { agents } = fixture.storage
    const kim = {
      name: 'Kim',
      email: 'kim@example.com',
      passwordHash: 'x',
      role: 'agent',
      at: START,
    } as const
    const [{ id: agentId }, lee] = [
      await agents.add(kim),
      await agents.add({ ...kim, email: 'lee@example.com' }),
    ]
    const sign = async (id: AgentId, passwordHash: string) => {
      const secretHash = newSecretHash()
      const session = { agentId: id, passwordHash, secretHash, expiresAt: START + 10, at: START }
      return (await agents.createSession(session)) === null ? null : secretHash
    }
    const others = await sign(lee.id, 'x')
    const first = await sign(agentId, 'x')
    expect(await agents.setPasswordHash(agentId, 'y', { at: START, keep: 'all' })).toEqual([])
    expect((await agents.findBySession(first ?? '', START))?.id).toBe(agentId)
    expect(await agents.setPasswordHash(agentId, 'z', { at: START })).toEqual([first])
    expect(await agents.findBySession(first ?? '', START)).toBeNull()
    // A sign-in whose password was compared before the change.
    expect(await sign(agentId, 'y')).toBeNull()

    const second = await sign(agentId, 'z')
    expect(await agents.remove(agentId, { at: START })).toEqual([second])
    expect(await agents.findByEmail(kim.email)).toBeNull()
    expect(await sign(agentId, 'z')).toBeNull()
    expect((await agents.list()).map(({ id }) => id)).toEqual([lee.id])
    expect((await agents.add(kim)).id).not.toBe(agentId)
    expect((await agents.findBySession(others ?? '', START))?.id).toBe(lee.id)
  })

  it('[DL8] keeps everything over a restart, and brings the schema up to date only once', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    await fixture.append(visitorText(session, 'One'))
    await fixture.append(textFrom({ kind: 'agent', name: 'Kim' }, id, 'Two'))
    const messages = await fixture.all(id)
    const conversation = await fixture.storage.conversations.find(id)
    await fixture.reopen()
    await fixture.reopen()
    expect(await fixture.all(id)).toEqual(messages)
    expect(await fixture.storage.conversations.find(id)).toEqual(conversation)
    expect((await fixture.append(visitorText(session, 'Three'))).message.seq).toBe(3)
  })

  it('answers a ping, and refuses clearly after closing, which is harmless twice', async () => {
    await fixture.storage.ping()
    await Promise.all([fixture.storage.close(), fixture.storage.close()])
    await expect(fixture.storage.ping()).rejects.toMatchObject({ code: 'unavailable' })
    const session = fixture.storage.sessions.findBySecretHash('shop' as never, 'x')
    await expect(session).rejects.toMatchObject({ code: 'unavailable' })
    await fixture.reopen()
  })

  it('stores what was asked before closing', async () => {
    const session = await fixture.anonymous()
    const asked = Array.from({ length: 300 }, (_, index) => fixture.append(visitorText(session, `${index}`)))
    await fixture.storage.close()
    expect((await Promise.all(asked)).at(-1)?.message.seq).toBe(300)
    await fixture.reopen()
    expect(await fixture.all(session.conversationId)).toHaveLength(300)
  })
}
