/** The contract of what is kept of a customer. */
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { eventContent } from '../kinds/event.ts'
import {
  type Fixture,
  newSecretHash,
  SHOP,
  START,
  textFrom,
  visitorText,
} from './contract-fixture.testing.ts'
import { plantPerson } from './person.testing.ts'
import { PERSON_TABLES } from './person-tables.ts'

const AT = START + 60_000
const BY = { kind: 'key' } as const
const HOW = { by: BY, at: AT }

export function personContract(fixture: Fixture): void {
  const persons = () => fixture.storage.persons
  const person = (userIdentifier: string) => ({ app: SHOP, userIdentifier, method: 'host' }) as const
  const newAgent = () =>
    fixture.storage.agents.add({
      ...{
        name: 'Grace',
        email: `${newSecretHash()}@example.com`,
        passwordHash: 'x',
        role: 'agent',
        at: START,
      },
    })

  /** Every value of every table, by table. */
  const everything = () =>
    fixture.query(async (db) => {
      const tables = await db.introspection.getTables()
      const all: Record<string, readonly string[]> = {}
      for (const { name } of tables) {
        const { rows } = await sql<object>`select * from ${sql.table(name)}`.execute(db)
        all[name] = rows.map((row) => JSON.stringify(row))
      }
      return all
    })
  const holding = async (mark: string) =>
    Object.entries(await everything()).flatMap(([table, rows]) =>
      rows.some((row) => row.toLowerCase().includes(mark.toLowerCase())) ? [table] : [],
    )

  it('[PD1] each table of the database says what it holds of a customer', async () => {
    const tables = Object.keys(await everything()).filter((name) => !name.startsWith('kysely_'))
    expect(tables.toSorted()).toEqual(Object.keys(PERSON_TABLES).toSorted())
  })

  it('[PD1] erases one customer from every table, and nobody else', async () => {
    const { id: agentId } = await newAgent()
    const other = await plantPerson(fixture.storage, { mark: 'neighbour', agentId, at: START })
    const before = await everything()
    const { userIdentifier, words, agentsWord } = await plantPerson(fixture.storage, {
      mark: 'planted',
      agentId,
      at: START,
    })
    const found = await holding('planted')
    expect(found).toEqual(
      expect.arrayContaining(['users', 'conversations', 'messages', 'login_cards', 'action_runs']),
    )
    expect(found).toEqual(
      expect.arrayContaining(['identity_trace', 'files', 'jobs', 'authentication_requests']),
    )
    expect(words.length).toBeGreaterThanOrEqual(60)

    const { userId, counts } = await persons().erase(person(userIdentifier), { ...HOW, isWhole: true })
    expect(counts).toMatchObject({ users: 1, sessions: 2, conversations: 1, files: 1, identity_trace: 2 })
    expect([...(await holding('planted')), ...(await holding(agentsWord))]).toEqual([])
    const after = await everything()
    for (const [table, rows] of Object.entries(before)) {
      if (['jobs', 'audit', 'file_totals'].includes(table)) continue
      expect(after[table]?.toSorted(), table).toEqual(rows.toSorted())
    }
    expect(after.file_totals).toEqual(before.file_totals)
    expect(await holding('neighbour')).toEqual(found)
    // The rest of the work, by ids alone.
    const { rows } = await fixture.query((db) =>
      sql<{ kind: string; payload: string }>`select kind, payload from jobs where kind = 'erasure'`.execute(
        db,
      ),
    )
    expect(rows.map(({ payload }) => JSON.parse(payload))).toMatchObject([
      {
        app: SHOP,
        isPerson: true,
        sessions: [expect.any(String), expect.any(String)],
        files: [expect.any(String)],
      },
    ])
    const { entries } = await fixture.storage.audit.list({ limit: 1 })
    expect(entries).toMatchObject([
      { kind: 'user-erased', by: BY, about: userId, app: SHOP, details: counts },
    ])

    expect(await persons().erase(person(userIdentifier), HOW)).toEqual({ userId: null, counts: {} })
    expect(await persons().read(person(userIdentifier), BY, AT)).toBeNull()
    expect(await persons().read(person(other.userIdentifier), BY, AT)).toMatchObject({ conversations: [{}] })
  })

  it('[PD5] leaves what agents wrote, in a closed conversation of nobody, beside “Deleted by request.”', async () => {
    const { storage } = fixture
    const { id: agentId } = await newAgent()
    const { userIdentifier, agentsWord, conversationId } = await plantPerson(storage, {
      mark: 'planted',
      agentId,
      at: START,
    })
    const agent = { kind: 'agent', id: agentId, name: 'Grace' } as const
    await fixture.append(textFrom(agent, conversationId, 'Gone tomorrow'))
    const signedIn = eventContent({ type: 'signed-in', userIdentifier })
    await fixture.append(textFrom({ kind: 'system' }, conversationId, '', { body: signedIn }))
    const before = await fixture.all(conversationId)

    const { counts } = await persons().erase(person(userIdentifier), HOW)
    expect(counts).toMatchObject({ users: 1, conversations: 1, files: 1, login_cards: 1, action_runs: 1 })
    expect(await holding('planted')).toEqual([])
    const after = await fixture.all(conversationId)
    expect(after.map(({ id, seq }) => [id, seq])).toEqual(before.map(({ id, seq }) => [id, seq]))
    const written = after.flatMap((message) => (message.kind === 'text' && !message.deleted ? [message] : []))
    expect(written.map(({ text, author }) => [text, author])).toEqual([
      [`${agentsWord} I can help`, agent],
      ['Gone tomorrow', agent],
    ])
    const events = after.flatMap((message) => (message.kind === 'event' ? [message.event] : []))
    const types = new Set(events.map(({ type }) => type))
    expect([...types].toSorted()).toEqual(['deleted', 'edited', 'joined'])
    for (const { text, kind, deleted, erased } of after)
      if (deleted)
        expect({ text, kind, erased }).toEqual({ text: 'Deleted by request.', kind: 'text', erased: true })
    expect(await storage.conversations.find(conversationId)).toMatchObject({
      ...{ owner: { kind: 'nobody' }, userIdentifier: null, status: 'closed', language: null },
      agentReadSeq: after.length,
    })

    // Nobody writes there any more, and an agent may delete what else they have said.
    const further = textFrom(agent, conversationId, 'Are you there?')
    expect(await storage.messages.append({ ...further, at: AT })).toMatchObject({
      ok: false,
      code: 'bad-request',
    })
    const { seq } = written[1]!
    const deletion = textFrom({ kind: 'system' }, conversationId, '', {
      body: eventContent({ type: 'deleted', of: seq }),
    })
    await fixture.append(deletion)
    expect((await fixture.all(conversationId))[seq - 1]).toMatchObject({ text: 'A message was deleted.' })
    expect(await persons().purgeConversations(SHOP, AT + 1, 10)).toBe(1)
  })

  it('[PD1] a namesake who signs in in another way, or to another app, is somebody else', async () => {
    const { id: agentId } = await newAgent()
    const { userIdentifier } = await plantPerson(fixture.storage, { mark: 'planted', agentId, at: START })
    const found = await holding('planted')
    for (const name of [
      { ...person(userIdentifier), method: 'email' as const },
      { ...person(userIdentifier), app: 'other' as typeof SHOP },
    ])
      expect((await persons().erase(name, HOW)).counts).toEqual({})
    expect(await holding('planted')).toEqual(found)
  })

  it('[PD3] deletes conversations that nobody wrote in for so long, and what belongs to them', async () => {
    const old = await fixture.anonymous()
    await fixture.append(visitorText(old, 'long ago'))
    const recent = await fixture.anonymous()
    await fixture.append(visitorText(recent, 'just now', { at: AT }))
    expect(await persons().purgeConversations(SHOP, AT, 10)).toBe(1)
    expect(await persons().purgeConversations(SHOP, AT, 10)).toBe(0)
    expect(await fixture.storage.conversations.find(old.conversationId)).toBeNull()
    expect(await fixture.all(old.conversationId)).toEqual([])
    expect(await fixture.all(recent.conversationId)).toHaveLength(1)
    // The visitor begins anew, in the same place.
    expect((await fixture.append(visitorText(old, 'hello again', { at: AT }))).message.seq).toBe(1)
  })
}
