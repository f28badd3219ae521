/** The contract of migrations: a database of an earlier release is brought up to date and keeps its data. */
import { randomUUID } from 'node:crypto'
import type { AgentId, ConversationId } from '@chat-widget/protocol'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { newAgentId, newUserId, SHOP, START } from './contract-fixture.testing.ts'
import type { SqlDatabase } from './database.ts'
import { migrate } from './migrations.ts'
import { createSqlStorage } from './sql-storage.ts'

/** `openDatabase` opens a fresh, empty database. */
export function migrationContract(openDatabase: () => Promise<SqlDatabase>): void {
  it('[ID9] a database without claims keeps its users, who have none until they sign in again', async () => {
    const database = await openDatabase()
    const storage = createSqlStorage(database)
    try {
      await migrate(database, '0001-initial')
      const ann = newUserId()
      await database.write((db) =>
        sql`insert into users (id, app, user_identifier, created_at) values (${ann}, ${SHOP}, 'ann', ${START})`.execute(
          db,
        ),
      )
      await migrate(database)
      expect(await storage.users.claims([ann])).toEqual(new Map([[ann, []]]))
      const claims = [{ label: 'Name', value: 'Ann', verified: true }]
      const { session, claimsChanged } = await storage.sessions.identify({
        sessionId: null,
        app: SHOP,
        userIdentifier: 'ann',
        contextExpiresAt: null,
        merge: true,
        claims,
        newSecretHash: 'hash',
        at: START,
      })
      expect([session.user?.id, claimsChanged]).toEqual([ann, true])
      expect(await storage.users.claims([ann])).toEqual(new Map([[ann, claims]]))
    } finally {
      await storage.close()
    }
  })
  it('[MK3] messages of an earlier release are told as they were', async () => {
    const database = await openDatabase()
    const storage = createSqlStorage(database)
    try {
      await migrate(database, '0018-agent-roles')
      const id = randomUUID() as string as ConversationId
      const login = '{"button":"Go","reason":"message"}'
      await database.write(async (db) => {
        await sql`insert into conversations (id, app, owner_kind, owner_id, status, handler, head_seq, visitor_read_seq,
          agent_read_seq, created_at, updated_at)
          values (${id}, ${SHOP}, 'visitor', ${id}, 'open', 'bot', 2, 0, 2, ${START}, ${START})`.execute(db)
        await sql`insert into messages (id, conversation_id, seq, client_id, author_kind, kind, text, details, created_at)
          values (${randomUUID()}, ${id}, 1, 'one', 'bot', 'text', '**hi**', null, ${START}),
            (${randomUUID()}, ${id}, 2, 'two', 'bot', 'login', 'Who are you?', ${login}, ${START})`.execute(
          db,
        )
      })
      await migrate(database)
      const messages = await storage.messages.list({ conversationId: id, after: 0, limit: 10 })
      const told = { id: expect.any(String), conversationId: id, author: { kind: 'bot' } }
      const createdAt = new Date(START).toISOString()
      expect(messages).toEqual([
        { ...told, createdAt, seq: 1, clientId: 'one', kind: 'text', text: '**hi**' },
        {
          ...{ ...told, createdAt, seq: 2, clientId: 'two', kind: 'login', text: 'Who are you?' },
          login: { button: 'Go', reason: 'message' },
        },
      ])
    } finally {
      await storage.close()
    }
  })
  it('[AG1] the audit of an earlier release says who did it, as far as it was written down', async () => {
    const database = await openDatabase()
    const storage = createSqlStorage(database)
    try {
      await migrate(database, '0028-bot-delivery-jobs')
      const agent = newAgentId()
      const details = { agent, conversation: 'c', run: 'r', action: 'orders', outcome: 'result', status: 200 }
      await database.write(async (db) => {
        for (const [kind, json] of [
          ['identify', '{}'],
          ['forget', '{}'],
          ['action', JSON.stringify(details)],
        ])
          await sql`insert into audit (id, at, app, kind, details)
            values (${randomUUID()}, ${START}, ${SHOP}, ${kind}, ${json})`.execute(db)
      })
      await migrate(database)
      const { entries } = await storage.audit.list({ limit: 10 })
      expect(entries.map(({ kind, by }) => [kind, by]).toSorted()).toEqual([
        ['action', { kind: 'agent', id: agent }],
        ['forget', { kind: 'key' }],
      ])
    } finally {
      await storage.close()
    }
  })
  it('[AG2] of agents of an earlier release the oldest who may answer is owner, and viewers are readers', async () => {
    const database = await openDatabase()
    const storage = createSqlStorage(database)
    try {
      await migrate(database, '0029-audit-actors')
      const insert = (id: string, role: string, at: number, removedAt: number | null = null) =>
        database.write((db) =>
          sql`insert into agents (id, name, email, email_key, password_hash, created_at, role, removed_at)
            values (${id}, ${id}, ${id}, ${id}, 'x', ${at}, ${role}, ${removedAt})`.execute(db),
        )
      await insert('removed', 'agent', START, START)
      await insert('reader', 'viewer', START + 1)
      await insert('ann', 'agent', START + 2)
      await insert('ben', 'agent', START + 3)
      await database.write((db) =>
        sql`insert into agent_sessions (secret_hash, agent_id, created_at, expires_at)
          values (${'f'.repeat(64)}, 'ann', ${START}, ${START + 9})`.execute(db),
      )
      await migrate(database)
      expect((await storage.agents.list()).map(({ id, role }) => [id, role])).toEqual([
        ['ann', 'owner'],
        ['ben', 'agent'],
        ['reader', 'reader'],
      ])
      const sessions = await storage.agents.sessionsOf('ann' as AgentId, START)
      expect(sessions).toMatchObject([{ seenAt: START, method: 'password', device: '' }])
    } finally {
      await storage.close()
    }
  })
  it('requests that ended before it was written down when are kept as if they had ended now', async () => {
    const database = await openDatabase()
    const storage = createSqlStorage(database)
    try {
      await migrate(database, '0005-authentication-requests')
      const insert = (id: string, status: string) =>
        database.write((db) =>
          sql`insert into authentication_requests (id, app, addressee_kind, addressee, status, claims, binding, creator,
            creator_secret_hash, created_at, expires_at, delivery, wrong_codes, is_locked, is_replaced)
            values (${id}, ${SHOP}, 'email', ${`${id}@example.com`}, ${status}, '{}', 'none', 'key', 'hash', ${START},
            ${START + 1}, 'delivered', 0, 0, 0)`.execute(db),
        )
      await insert('approved', 'approved')
      await insert('pending', 'pending')
      const before = Date.now()
      await migrate(database)
      const { purgeEnded, countPending } = storage.authenticationUpkeep
      expect(await purgeEnded(SHOP, before - 1, 10)).toBe(0)
      expect(await purgeEnded(SHOP, Date.now(), 10)).toBe(1)
      expect(await countPending()).toEqual(new Map([[SHOP, 1]]))
    } finally {
      await storage.close()
    }
  })
  it('[AR7] a person who muted an app before kinds of callers were told apart has muted all of them', async () => {
    const database = await openDatabase()
    const storage = createSqlStorage(database)
    try {
      await migrate(database, '0008-authentication-upkeep')
      const insert = (email: string, mutedAt: number | null) =>
        database.write((db) =>
          sql`insert into authentication_addressees (app, addressee_kind, addressee, asked_at, muted_at)
            values (${SHOP}, 'email', ${email}, ${START}, ${mutedAt})`.execute(db),
        )
      await insert('ann@example.com', START + 1)
      await insert('bob@example.com', null)
      await migrate(database)
      const isMuted = (email: string) =>
        Promise.all(
          (['key', 'visitor', 'anyone'] as const).map((creator) =>
            storage.authenticationRequests.isMuted(SHOP, { kind: 'email', email }, creator),
          ),
        )
      expect(await isMuted('ann@example.com')).toEqual([true, true, true])
      expect(await isMuted('bob@example.com')).toEqual([false, false, false])
      expect(await storage.authenticationUpkeep.purgeAddressees(START, 10)).toBe(2)
      expect(await isMuted('ann@example.com')).toEqual([true, true, true])
    } finally {
      await storage.close()
    }
  })

  it('[AR9] [JB1] pending authentication requests of an earlier release are delivered, followed and ended by jobs', async () => {
    const database = await openDatabase()
    const storage = createSqlStorage(database)
    try {
      await migrate(database, '0030-job-receivers')
      const insert = (id: string, kind: string, delivery: string, status = 'pending') =>
        database.write((db) =>
          sql`insert into authentication_requests (id, app, addressee_kind, addressee, is_scan, status, claims, binding, creator,
            creator_secret_hash, created_at, expires_at, delivery, wrong_codes, is_locked, is_replaced)
            values (${id}, ${SHOP}, ${kind}, ${id}, 0, ${status}, '{}', 'none', 'key', 'hash', ${START}, ${START + 10},
              ${delivery}, 0, 0, 0)`.execute(db),
        )
      await insert('owed', 'email', 'owed')
      await insert('asked', 'email', 'delivered')
      await insert('shown', 'identifier', 'delivered')
      await insert('over', 'email', 'owed', 'canceled')
      await migrate(database)
      const leaseOf = async (kind: 'request-delivery' | 'request-follow' | 'request-expiry', at: number) => {
        const leased = await storage.jobs.lease({
          kind,
          owner: 'node',
          held: [],
          at,
          until: at + 1,
          limit: 9,
        })
        return leased.map(({ payload }) => payload.requestId).toSorted()
      }
      expect(await leaseOf('request-delivery', START)).toEqual(['owed'])
      expect(await leaseOf('request-follow', START)).toEqual(['asked'])
      expect(await leaseOf('request-expiry', START + 9)).toEqual([])
      expect(await leaseOf('request-expiry', START + 10)).toEqual(['asked', 'owed', 'shown'])
    } finally {
      await storage.close()
    }
  })

  it('[DL8] [JB1] what bots and agents were owed by an earlier release are jobs, in their order', async () => {
    const database = await openDatabase()
    const storage = createSqlStorage(database)
    try {
      await migrate(database, '0025-jobs')
      const [id, run] = [randomUUID(), randomUUID()]
      const result = { kind: 'action-result', name: 'a "b"', ok: true, status: 200, body: null }
      await database.write(async (db) => {
        await sql`insert into agents (id, name, email, email_key, password_hash, created_at)
          values ('kim', 'Kim', 'kim@example.com', 'kim@example.com', 'x', ${START})`.execute(db)
        await sql`insert into conversations (id, app, owner_kind, owner_id, status, handler, head_seq, visitor_read_seq,
          agent_read_seq, created_at, updated_at)
          values (${id}, ${SHOP}, 'visitor', ${id}, 'open', 'bot', 2, 0, 2, ${START}, ${START})`.execute(db)
        for (const [key, state] of [
          [run, 'running'],
          [randomUUID(), 'blocked'],
        ])
          await sql`insert into action_runs (id, conversation_id, agent_id, name, params, state, sign_ins, created_at)
            values (${key}, ${id}, 'kim', 'orders', '{}', ${state}, 1, ${START})`.execute(db)
        for (const [key, work, ordinal] of [
          ['second', { kind: 'closed' }, 2],
          ['first', result, 1],
        ] as const)
          await sql`insert into bot_deliveries (id, conversation_id, work, attempts, created_at, ordinal)
            values (${key}, ${id}, ${JSON.stringify(work)}, 2, ${START}, ${ordinal})`.execute(db)
      })
      await migrate(database)
      const leaseOf = (kind: 'bot-delivery' | 'action-run') =>
        storage.jobs.lease({ kind, owner: 'node', held: [], at: START, until: START + 1, limit: 9 })
      const [first, ...more] = await leaseOf('bot-delivery')
      expect(more).toEqual([])
      expect(first).toMatchObject({
        key: 'first',
        attempts: 3,
        payload: { conversationId: id, work: result },
      })
      await storage.jobs.done(first!, [])
      expect(await leaseOf('bot-delivery')).toMatchObject([{ key: 'second' }])
      expect(await leaseOf('action-run')).toMatchObject([{ key: `${run}.1`, payload: { runId: run } }])
    } finally {
      await storage.close()
    }
  })
}
