/** The contract of reading, listing and marking conversations. */
import type { AppId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import {
  closing,
  type Fixture,
  handOver,
  newConversationId,
  newSecretHash,
  SHOP,
  START,
  textFrom,
  visitorText,
} from './contract-fixture.testing.ts'
import { ownerOf } from './records.ts'
import type { SessionRecord } from './storage.ts'

export function conversationContract(fixture: Fixture): void {
  async function conversationsAt(...times: readonly number[]): Promise<readonly SessionRecord[]> {
    const sessions: SessionRecord[] = []
    for (const at of times) {
      const session = await fixture.anonymous()
      await fixture.append(visitorText(session, `at ${at}`, { at }))
      sessions.push(session)
    }
    return sessions
  }

  async function visitorElse(): Promise<void> {
    await fixture.append(visitorText(await fixture.anonymous(), 'of somebody else'))
  }

  it('pages messages forward from a seq, back below one, and from the newest', async () => {
    const session = await fixture.anonymous()
    const conversationId = session.conversationId
    for (const text of '123456789') await fixture.append(visitorText(session, text))
    const seqs = async (query: { readonly after?: number; readonly before?: number }) => {
      const messages = await fixture.storage.messages.list({ conversationId, limit: 3, ...query })
      return messages.map(({ seq }) => seq)
    }
    expect(await seqs({})).toEqual([7, 8, 9])
    expect(await seqs({ after: 0 })).toEqual([1, 2, 3])
    expect(await seqs({ after: 7 })).toEqual([8, 9])
    expect(await seqs({ after: 9 })).toEqual([])
    expect(await seqs({ before: 7 })).toEqual([4, 5, 6])
    expect(await seqs({ before: 2 })).toEqual([1])
  })

  it('lists what an owner has, with what the owner has not read, and goes back to one of them', async () => {
    const session = await fixture.anonymous()
    const first = session.conversationId
    await fixture.append(visitorText(session, 'one', { at: START }))
    await fixture.append(textFrom({ kind: 'agent' }, first, 'two', { at: START + 1 }))
    const second = await fixture.storage.sessions.reserveConversation(session.id)
    await fixture.append(visitorText({ ...session, conversationId: second }, 'three', { at: START + 2 }))
    await fixture.append(textFrom({ kind: 'bot' }, first, 'four', { at: START + 3 }))
    await fixture.append(textFrom({ kind: 'system' }, first, 'five', { at: START + 4 }))
    await visitorElse()
    const query = { owner: ownerOf(session), app: SHOP, limit: 10 }
    const own = await fixture.storage.conversations.listOwn(query)
    expect(own.conversations.map(({ id, unread, lastMessage }) => [id, unread, lastMessage.text])).toEqual([
      [first, 3, 'five'],
      [second, 0, 'three'],
    ])
    expect([own.cursor, own.unread]).toEqual([null, 3])
    await fixture.storage.conversations.markRead(first, 'visitor', 2)
    expect((await fixture.storage.conversations.listOwn(query)).conversations[0]?.unread).toBe(2)
    expect((await fixture.storage.conversations.current({ ...session, conversationId: second }))?.id).toBe(
      second,
    )
    await fixture.storage.sessions.chooseConversation(session.id, first)
    expect((await fixture.storage.conversations.current({ ...session, conversationId: first }))?.id).toBe(
      first,
    )
  })

  it('counts what no agent has read, in all open conversations', async () => {
    const count = async () => (await fixture.storage.conversations.countUnread()).get(SHOP) ?? 0
    expect(await count()).toBe(0)
    const [one, two, three] = await conversationsAt(START, START + 1, START + 2)
    await fixture.append(visitorText(one!, 'again'))
    expect(await count()).toBe(4)
    await fixture.append(textFrom({ kind: 'agent' }, two!.conversationId, 'Hi'))
    expect(await count()).toBe(3)
    await fixture.append(closing(three!.conversationId))
    expect(await count()).toBe(2)
    await fixture.storage.conversations.markRead(one!.conversationId, 'agent', 1)
    expect(await count()).toBe(1)
  })

  it('lists conversations newest first, by app and status, with their last message', async () => {
    const [one, two, three] = await conversationsAt(START, START + 1, START + 2)
    await fixture.append(closing(two!.conversationId, START + 1))
    await fixture.append(textFrom({ kind: 'agent' }, one!.conversationId, 'Hi', { at: START + 9 }))
    const list = async (query: { apps?: readonly AppId[]; status?: 'open' | 'closed' }) => {
      const page = await fixture.storage.conversations.list({ limit: 10, ...query })
      expect(page.cursor).toBeNull()
      return page.conversations.map(({ id, lastMessage }) => [id, lastMessage.text])
    }
    const first = [one!.conversationId, 'Hi']
    const second = [three!.conversationId, `at ${START + 2}`]
    const third = [two!.conversationId, 'Closed.']
    expect(await list({})).toEqual([first, second, third])
    expect(await list({ apps: [SHOP], status: 'open' })).toEqual([first, second])
    expect(await list({ status: 'closed' })).toEqual([third])
    expect(await list({ apps: ['bank' as AppId] })).toEqual([])
  })

  it('[AG3] lists conversations of several apps in one order, by pages, and of none', async () => {
    const times = [1, 2, 2, 3, 3, 4]
    for (const [index, time] of times.entries()) {
      const app = ['shop', 'travel', 'bank'][index % 3] as AppId
      const session = await fixture.storage.sessions.createAnonymous({
        ...{ app, secretHash: newSecretHash(), at: START },
      })
      await fixture.append(visitorText(session, `${app} ${time}`, { at: START + time }))
    }
    const walk = async (apps: readonly AppId[], order: 'created' | 'updated') => {
      const seen: { app: AppId; at: number }[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const query = { apps, order, limit: 2, ...(cursor !== undefined && { cursor }) }
        const page = await fixture.storage.conversations.list(query)
        seen.push(...page.conversations.map(({ app, createdAt }) => ({ app, at: createdAt - START })))
        cursor = page.cursor
      }
      return seen
    }
    for (const order of ['created', 'updated'] as const) {
      const both = await walk(['shop', 'bank'] as AppId[], order)
      expect(both.map(({ at }) => at)).toEqual([4, 3, 2, 1])
      expect(new Set(both.map(({ app }) => app))).toEqual(new Set(['shop', 'bank']))
    }
    expect(await walk([], 'updated')).toEqual([])
  })

  it('pages the list without repeating or losing an untouched conversation while messages arrive', async () => {
    // Four of them share a millisecond: their order must hold from page to page too.
    const times = [0, 1, 2, 2, 2, 2, 3, 4].map((offset) => START + offset)
    const sessions = await conversationsAt(...times)
    const newest = sessions.at(-1)!
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page: Awaited<ReturnType<typeof fixture.storage.conversations.list>> =
        await fixture.storage.conversations.list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) })
      expect(page.conversations.length).toBeLessThanOrEqual(3)
      seen.push(...page.conversations.map(({ id }) => id))
      cursor = page.cursor ?? undefined
      await fixture.append(visitorText(newest, 'again', { at: START + 1_000 + seen.length }))
      await conversationsAt(START + 2_000 + seen.length)
    } while (cursor !== undefined)
    expect(seen).toHaveLength(sessions.length)
    expect(new Set(seen)).toEqual(new Set(sessions.map(({ conversationId }) => conversationId)))
  })

  type Order = 'created' | 'updated'

  /** Ids of the whole list; `between` runs after each page. */
  async function walk(order: Order, between: (pages: number) => Promise<unknown>): Promise<string[]> {
    const seen: string[] = []
    let cursor: string | null = null
    for (let pages = 1; pages === 1 || cursor !== null; pages++) {
      const query = { order, limit: 3, ...(cursor === null ? {} : { cursor }) }
      const page: Awaited<ReturnType<typeof fixture.storage.conversations.list>> =
        await fixture.storage.conversations.list(query)
      seen.push(...page.conversations.map(({ id }) => id))
      cursor = page.cursor
      await between(pages)
    }
    return seen
  }

  it.each<Order>(['created', 'updated'])(
    '[RS1] a walk in the order %s sees each conversation of its start once, whichever is written to meanwhile',
    async (order) => {
      const sessions = await conversationsAt(
        ...[0, 1, 2, 2, 2, 2, 3, 4, 5, 6].map((offset) => START + offset),
      )
      const [oldest, second, third] = sessions
      const write = (session: SessionRecord | undefined, at: number) =>
        fixture.append(visitorText(session!, 'again', { at: START + at }))
      const seen = await walk(order, async (pages) => {
        // Writes to conversations of later pages, again and again, and to one that was listed; others begin.
        await write(oldest, 1_000 * pages)
        await write(second, 1_000 * pages + 1)
        if (pages === 1) await write(third, 1_002)
        await write(sessions.at(-1), 1_000 * pages + 3)
        await conversationsAt(START + 1_000 * pages + 4)
      })
      expect(seen).toEqual([...new Set(seen)])
      expect(new Set(seen)).toEqual(new Set(sessions.map(({ conversationId }) => conversationId)))
    },
  )

  it('[RS1] lists by creation, newest first, whatever was written since', async () => {
    const sessions = await conversationsAt(START, START + 1, START + 2, START + 3)
    await fixture.append(visitorText(sessions[0]!, 'again', { at: START + 9 }))
    const ids = sessions.map(({ conversationId }) => conversationId)
    expect(await walk('created', async () => {})).toEqual(ids.toReversed())
  })

  it('[RS1] refuses a cursor of the other order', async () => {
    await conversationsAt(START, START + 1)
    const { list } = fixture.storage.conversations
    const { cursor } = await list({ order: 'created', limit: 1 })
    await expect(list({ order: 'updated', limit: 1, cursor: cursor! })).rejects.toMatchObject({
      code: 'bad-request',
      message: 'cursor: of a list in another order',
    })
    expect((await list({ limit: 1, cursor: cursor! })).conversations).toHaveLength(1)
  })

  it('refuses a cursor that no list gave', async () => {
    for (const cursor of ['', 'x', "1' or 1=1", Buffer.from('NaN x').toString('base64url')]) {
      await expect(fixture.storage.conversations.list({ limit: 1, cursor })).rejects.toMatchObject({
        code: 'bad-request',
      })
    }
  })

  it('moves read positions forward only, and never past the head', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    for (const text of '12345') await fixture.append(visitorText(session, text))
    const { markRead } = fixture.storage.conversations
    expect(await markRead(id, 'agent', 3)).toMatchObject({ agentReadSeq: 3, visitorReadSeq: 5 })
    expect(await markRead(id, 'agent', 2)).toBeNull()
    expect(await markRead(id, 'agent', 3)).toBeNull()
    expect(await markRead(id, 'agent', 99)).toMatchObject({ agentReadSeq: 5 })
    expect(await markRead(id, 'agent', 100)).toBeNull()
    expect(await markRead(id, 'visitor', 9)).toBeNull()
    expect(await markRead(newConversationId(), 'agent', 1)).toBeNull()
    const marks = await Promise.all([1, 2, 3, 4, 5, 6].map((seq) => markRead(id, 'visitor', seq)))
    expect(marks.every((mark) => mark === null)).toBe(true)
  })

  it('[DL16] moves delivered positions forward only, up to the head, and not where it was read', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    for (const text of '12345') await fixture.append(visitorText(session, text))
    const { find, markDelivered, markRead } = fixture.storage.conversations
    expect(await markDelivered(id, 'agent', 2)).toMatchObject({ agentDeliveredSeq: 2, agentReadSeq: 0 })
    expect(await markDelivered(id, 'agent', 2)).toBeNull()
    expect(await markDelivered(id, 'visitor', 4)).toBeNull()
    await markRead(id, 'agent', 3)
    expect(await markDelivered(id, 'agent', 3)).toBeNull()
    expect(await markDelivered(id, 'agent', 99)).toMatchObject({ agentDeliveredSeq: 5 })
    await fixture.append(visitorText(session, '6'))
    expect(await find(id)).toMatchObject({ headSeq: 6, agentReadSeq: 3, agentDeliveredSeq: 5 })
  })

  it('ends at the furthest position when marks and messages cross', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    await fixture.append(visitorText(session, 'first'))
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        await fixture.append(textFrom({ kind: 'system' }, id, `${index}`))
        await fixture.storage.conversations.markRead(id, 'agent', index + 2)
      }),
    )
    expect(await fixture.storage.conversations.find(id)).toMatchObject({ headSeq: 21, agentReadSeq: 21 })
  })

  it('shows the reserved conversation, and a new one the visitor asked for before it has a message', async () => {
    const session = await fixture.anonymous()
    const { conversations, sessions } = fixture.storage
    expect(await conversations.current(session)).toBeNull()
    await fixture.append(visitorText(session, 'one'))
    expect((await conversations.current(session))?.id).toBe(session.conversationId)
    const second = { ...session, conversationId: await sessions.reserveConversation(session.id) }
    expect(await conversations.current(second)).toBeNull()
    await fixture.append(visitorText(second, 'two', { at: START + 1 }))
    expect((await conversations.current(second))?.id).toBe(second.conversationId)
  })

  it('[DL4] shows what has just begun on all devices of its owner, also when they come back', async () => {
    const { conversations, sessions } = fixture.storage
    const comeBack = async ({ id }: SessionRecord) => (await fixture.identify(id, 'alex')).session
    const [desktop, phone] = [
      (await fixture.identify(null, 'alex')).session,
      (await fixture.identify(null, 'alex')).session,
    ]
    const begin = async (session: SessionRecord, at: number) => {
      const conversationId = await sessions.reserveConversation(session.id)
      return async () => {
        const request = visitorText({ ...session, conversationId }, 'begun', { at })
        await fixture.append({ ...request, as: { ...request.as!, isAskedFor: true } })
        return conversationId
      }
    }
    await fixture.append(visitorText(phone, 'on the phone'))
    const [one, other] = [await begin(desktop, START + 1), await begin(desktop, START + 2)]
    const second = await one()
    expect((await conversations.current(await comeBack(phone)))?.id, 'it had another').toBe(second)
    const back = await comeBack(desktop)
    expect((await conversations.current(back))?.id, 'it had chosen an empty one later').toBe(second)
    const third = await other()
    expect((await conversations.current(await comeBack(back)))?.id).toBe(third)
  })

  it('[DL10] begins one conversation of an owner, whichever devices write first, and another one only if asked for', async () => {
    const { append } = fixture.storage.messages
    const devices = await Promise.all(
      Array.from({ length: 6 }, async () => (await fixture.identify(null, 'alex')).session),
    )
    const results = await Promise.all(devices.map((session) => append(visitorText(session, 'first'))))
    const begun = results.flatMap((result) => (result.ok ? [result.conversation.id] : []))
    expect(begun).toHaveLength(1)
    expect(results.filter((result) => !result.ok && result.code === 'conflict')).toHaveLength(5)
    for (const session of devices)
      expect((await fixture.storage.conversations.current(session))?.id).toBe(begun[0])
    const [one, other] = devices
    const asked = { ...one!, conversationId: await fixture.storage.sessions.reserveConversation(one!.id) }
    expect(await append(visitorText(asked, 'second'))).toMatchObject({ ok: true })
    await fixture.append(closing(asked.conversationId))
    await fixture.append(closing(begun[0]!))
    const late = { ...other!, conversationId: newConversationId() }
    expect(await append(visitorText(late, 'none is open'))).toMatchObject({ ok: true })
  })

  it('[DL4] shows what has just begun in all tabs of an anonymous visitor, and of nobody else', async () => {
    const { conversations, sessions } = fixture.storage
    const secretHash = newSecretHash()
    const session = await sessions.createAnonymous({ app: SHOP, secretHash, at: START })
    const stranger = await fixture.anonymous()
    const strangers = await sessions.reserveConversation(stranger.id)
    await sessions.reserveConversation(session.id)
    await fixture.append(visitorText(session, 'in the first tab'))
    const found = (await sessions.findBySecretHash(SHOP, secretHash))!
    expect((await conversations.current(found))?.id).toBe(session.conversationId)
    expect(await conversations.current({ ...stranger, conversationId: strangers })).toBeNull()
  })

  it('shows a user on a new device the newest open conversation', async () => {
    const { conversations } = fixture.storage
    const older = await fixture.anonymous()
    await fixture.append(visitorText(older, 'one'))
    await fixture.identify(older.id, 'alex')
    const newer = await fixture.anonymous()
    await fixture.append(visitorText(newer, 'two', { at: START + 1 }))
    await fixture.identify(newer.id, 'alex')
    const { session: device } = await fixture.identify(null, 'alex')
    expect((await conversations.current(device))?.id).toBe(newer.conversationId)
    await fixture.append(closing(newer.conversationId))
    expect((await conversations.current(device))?.id).toBe(older.conversationId)
    await fixture.append(closing(older.conversationId))
    expect(await conversations.current(device)).toBeNull()
  })

  it('shows nobody a conversation of another owner, even if it is reserved by the session', async () => {
    const [victim] = await conversationsAt(START)
    const other = await fixture.anonymous()
    const forged = { ...other, conversationId: victim!.conversationId }
    expect(await fixture.storage.conversations.current(forged)).toBeNull()
  })

  it('hands a conversation over with the note that says so, once', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    await fixture.append(visitorText(session, 'Hello', { notifyBot: true }))
    const note = () => handOver(id)
    const results = await Promise.all(
      [note(), note()].map((request) => fixture.storage.messages.append(request)),
    )
    expect(results.map((result) => (result.ok ? result.conversation.handler : result.code)).sort()).toEqual([
      'agents',
      'client-id-reused',
    ])
    expect((await fixture.storage.conversations.find(id))?.handler).toBe('agents')
    expect((await fixture.all(id)).map(({ kind }) => kind)).toEqual(['text', 'event'])
  })
}
