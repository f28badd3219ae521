/** The contract of login cards, bot deliveries, agents, and of opening again. */
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
  it('[ID15] hands out what a login card waits for once, under 50 parallel asks', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    const { message } = await fixture.append(visitorText(session, 'Where is my order?'))
    const card = await fixture.append(loginCard(id, { kind: 'message', messageId: message.id }))
    const other = await fixture.anonymous()
    await fixture.append(visitorText(other, 'Hello'))
    await fixture.append(loginCard(other.conversationId, { kind: 'nothing' }))
    const taken = await Promise.all(
      Array.from({ length: 50 }, () => fixture.storage.logins.takeBlocked([id], START)),
    )
    expect(taken.flat()).toEqual([
      {
        conversationId: id,
        messageId: card.message.id,
        blocked: { kind: 'message', messageId: message.id },
      },
    ])
    await fixture.reopen()
    expect(await fixture.storage.logins.takeBlocked([id], START)).toEqual([])
    expect(await fixture.storage.logins.takeBlocked([], START)).toEqual([])
    expect(await fixture.storage.logins.takeBlocked([other.conversationId], START)).toHaveLength(1)
  })

  it('[ID15] replays work once that several cards wait for, oldest card first', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    const { message } = await fixture.append(visitorText(session, 'Where is my order?'))
    const work = { kind: 'message', messageId: message.id } as const
    const action = { kind: 'action', name: 'orders', params: { limit: 3, all: true, q: 'x' } } as const
    for (const blocked of [work, action, work]) await fixture.append(loginCard(id, blocked))
    const taken = await fixture.storage.logins.takeBlocked([id], START)
    expect(taken.map(({ blocked }) => blocked)).toEqual([work, action, { kind: 'nothing' }])
  })

  it('[DL8] keeps deliveries owed to the bot over a restart, oldest first, until they are done', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    const first = await fixture.append(visitorText(session, 'One', { notifyBot: true }))
    const second = await fixture.append(visitorText(session, 'Two', { notifyBot: true }))
    const body = { orders: [1, 2], note: 'nul \0' }
    const result = { kind: 'action-result', name: 'orders', ok: true, status: 200, body } as const
    const third = await fixture.storage.botDeliveries.add(id, result, START)
    await fixture.storage.botDeliveries.recordAttempt(third.id)
    await fixture.reopen()
    const { botDeliveries } = fixture.storage
    const owed = [first.botDelivery, second.botDelivery, { ...third, attempts: 1 }]
    expect(await botDeliveries.pending()).toEqual(owed)
    await botDeliveries.done(third.id)
    await botDeliveries.done(third.id)
    await botDeliveries.done(first.botDelivery?.id ?? '')
    expect(await botDeliveries.pending()).toEqual([second.botDelivery])
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
