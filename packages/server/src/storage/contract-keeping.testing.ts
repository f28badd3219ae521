/** The contract of login cards, bot deliveries, agents, and of reopening. */
import { expect, it } from 'vitest'
import {
  type Fixture,
  loginCard,
  newSecretHash,
  START,
  textFrom,
  visitorText,
} from './contract-fixture.testing.ts'

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
    await fixture.storage.botDeliveries.recordAttempt(first.botDelivery?.id ?? '')
    await fixture.reopen()
    const { botDeliveries } = fixture.storage
    expect(await botDeliveries.next(id)).toEqual({ ...first.botDelivery, attempts: 1 })
    const lanes = [id, stranger.conversationId].toSorted()
    expect(await botDeliveries.conversations({ after: null, limit: 10 })).toEqual(lanes)
    expect(await botDeliveries.conversations({ after: lanes[0]!, limit: 10 })).toEqual([lanes[1]])
    expect(await botDeliveries.conversations({ after: null, limit: 1 })).toEqual([lanes[0]])
    const result = (name: string) =>
      ({ kind: 'action-result', name, ok: true, status: 200, body: { note: 'nul \0' } }) as const
    await botDeliveries.done(first.botDelivery?.id ?? '', [result('one'), result('two')], START)
    await botDeliveries.done(first.botDelivery?.id ?? '', [result('again')], START)
    expect(await fixture.owed(id)).toEqual([result('one'), result('two'), second.botDelivery?.work])
    await botDeliveries.done((await botDeliveries.next(id))?.id ?? '', [result('three')], START)
    expect(await fixture.owed(id)).toEqual([result('two'), result('three'), second.botDelivery?.work])
    expect(await botDeliveries.count()).toBe(4)
  })

  it('keeps one agent per email, compared without case', async () => {
    const { agents } = fixture.storage
    const kim = { name: 'Kim', email: 'Kim@Example.com', passwordHash: 'one', at: START }
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
    await agents.setPasswordHash(agent.id, 'two')
    expect((await agents.findByEmail(kim.email))?.passwordHash).toBe('two')
    expect(await agents.findByEmail('nobody@example.com')).toBeNull()
  })

  it('ends an agent’s session at its time or by sign-out', async () => {
    const { agents } = fixture.storage
    const kim = { name: 'Kim', email: 'kim@example.com', passwordHash: 'x', at: START }
    const { id: agentId } = await agents.add(kim)
    const [one, two] = [newSecretHash(), newSecretHash()]
    for (const secretHash of [one, two]) {
      await agents.createSession({ agentId, secretHash, expiresAt: START + 10, at: START })
    }
    expect((await agents.findBySession(one, START + 9))?.id).toBe(agentId)
    expect(await agents.findBySession(one, START + 10)).toBeNull()
    expect(await agents.findBySession('other', START)).toBeNull()
    await agents.deleteSession(one)
    expect(await agents.findBySession(one, START)).toBeNull()
    expect((await agents.findBySession(two, START))?.id).toBe(agentId)
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
