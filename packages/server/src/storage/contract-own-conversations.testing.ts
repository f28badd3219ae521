/** The contract of a visitor's own conversations: the list, ratings, and one open at a time. */
import { type AgentId, LIMITS } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { eventContent } from '../kinds/event.ts'
import { closing, type Fixture, SHOP, START, textFrom, visitorText } from './contract-fixture.testing.ts'
import { ratingId } from './derived-client-id.ts'
import { ownerOf } from './records.ts'

export function ownConversationsContract(fixture: Fixture): void {
  it('[CV1] pages through what an owner has, and counts what is unread in all of it', async () => {
    const session = await fixture.anonymous()
    const ids: string[] = []
    for (let index = 0; index < 5; index += 1) {
      const conversationId = await fixture.storage.sessions.reserveConversation(session.id)
      // Two of one time: the id decides.
      const at = START + Math.floor(index / 2)
      await fixture.append(visitorText({ ...session, conversationId }, 'one', { at }))
      if (index === 0) await fixture.append(textFrom({ kind: 'bot' }, conversationId, 'two', { at }))
      ids.push(conversationId)
    }
    const query = { owner: ownerOf(session), app: SHOP, limit: 2 }
    const pages = [await fixture.storage.conversations.listOwn(query)]
    for (let cursor = pages[0]?.cursor; cursor != null; cursor = pages.at(-1)?.cursor)
      pages.push(await fixture.storage.conversations.listOwn({ ...query, cursor }))
    expect(pages.map(({ conversations }) => conversations.length)).toEqual([2, 2, 1])
    expect(pages.map(({ unread }) => unread)).toEqual([1, 1, 1])
    const walked = pages.flatMap(({ conversations }) => conversations.map(({ id }) => id))
    expect([...walked].sort()).toEqual([...ids].sort())
    expect(walked[0]).toBe(ids[4])
    await expect(fixture.storage.conversations.listOwn({ ...query, cursor: 'none' })).rejects.toThrow(
      'cursor',
    )
  })

  it('[CV1] names the agent who wrote last, also where somebody else wrote after them', async () => {
    const session = await fixture.anonymous()
    const { conversationId } = session
    const agent = (name: string) =>
      ({ kind: 'agent', id: name as AgentId, name, avatar: `https://a.example/${name}.png` }) as const
    const listed = async () => {
      const query = { owner: ownerOf(session), app: SHOP, limit: 2 }
      return (await fixture.storage.conversations.listOwn(query)).conversations[0]
    }
    await fixture.append(visitorText(session, 'Hello', { at: START }))
    expect(await listed()).not.toHaveProperty('agent')
    for (const name of ['Grace', 'Ada'])
      await fixture.append(textFrom(agent(name), conversationId, name, { at: START }))
    await fixture.append(visitorText(session, 'Thanks', { at: START }))
    expect(await listed()).toMatchObject({ lastMessage: { text: 'Thanks' }, agent: agent('Ada') })
    // Beyond that many messages it is not sought.
    for (let index = 0; index < 100; index += 1)
      await fixture.append(textFrom({ kind: 'bot' }, conversationId, `${index}`, { at: START }))
    expect(await listed()).not.toHaveProperty('agent')
  })

  it('[CV1] [DL9] gives no larger page than an answer may be', async () => {
    const session = await fixture.anonymous()
    const text = '\u20ac'.repeat(LIMITS.textLength)
    for (let index = 0; index < 12; index += 1) {
      const conversationId = await fixture.storage.sessions.reserveConversation(session.id)
      await fixture.append(visitorText({ ...session, conversationId }, text, { at: START + index }))
    }
    const query = { owner: ownerOf(session), app: SHOP, limit: 20 }
    const first = await fixture.storage.conversations.listOwn(query)
    expect(Buffer.byteLength(JSON.stringify(first.conversations))).toBeLessThanOrEqual(LIMITS.answerBytes)
    const rest = await fixture.storage.conversations.listOwn({ ...query, cursor: first.cursor ?? '' })
    expect(first.conversations.length + rest.conversations.length).toBe(12)
    expect(rest.cursor).toBeNull()
  })

  it('[CV4] rates a conversation once, and only a closed one', async () => {
    const { storage } = fixture
    const session = await fixture.anonymous()
    const { conversationId } = session
    await fixture.append(visitorText(session, 'one', { at: START }))
    const rate = (rating: number) =>
      storage.messages.append({
        ...closing(conversationId),
        clientId: ratingId(conversationId),
        body: eventContent({ type: 'rated', rating, text: 'Thanks' }),
      })
    expect(await rate(4)).toMatchObject({ ok: false, code: 'bad-request' })
    expect(await storage.conversations.ratingsOf([conversationId])).toEqual(new Map())
    await fixture.append(closing(conversationId))
    const [one, other] = await Promise.all([rate(4), rate(2)])
    expect([one, other].filter(({ ok }) => ok)).toHaveLength(1)
    expect([one, other].find(({ ok }) => !ok)).toMatchObject({ code: 'client-id-reused' })
    const rated = await storage.conversations.ratingsOf([conversationId])
    expect([...rated]).toEqual([[conversationId, { rating: one.ok ? 4 : 2, text: 'Thanks' }]])
    expect(await rate(one.ok ? 4 : 2)).toMatchObject({ ok: true, created: false })
    expect((await storage.conversations.find(conversationId))?.status).toBe('closed')
  })

  it('[CV5] opens a closed conversation beside an open one only where several may be open', async () => {
    const session = await fixture.anonymous()
    const first = session.conversationId
    await fixture.append(visitorText(session, 'one', { at: START }))
    await fixture.append(closing(first))
    const owner = ownerOf(session)
    expect(await fixture.storage.conversations.hasOpen(owner, SHOP)).toBe(false)
    const second = await fixture.storage.sessions.reserveConversation(session.id)
    await fixture.append(visitorText({ ...session, conversationId: second }, 'two', { at: START + 2 }))
    expect(await fixture.storage.conversations.hasOpen(owner, SHOP)).toBe(true)
    const as = { app: SHOP, owner, isOneAtATime: true }
    const again = await fixture.storage.messages.append(visitorText(session, 'three', { as }))
    expect(again).toEqual({ ok: false, code: 'forbidden' })
    const several = await fixture.storage.messages.append(visitorText(session, 'four'))
    expect(several.ok).toBe(true)
  })
}
