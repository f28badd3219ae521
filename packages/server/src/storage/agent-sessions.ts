/** Console sessions of agents. */
import type { AgentId } from '@chat-widget/protocol'
import type { Transaction } from 'kysely'
import { type AgentRecord, type AgentStorage, MOST_SESSIONS, type SignInMethod } from './agent-storage.ts'
import { addAudit } from './audit.ts'
import type { SqlDatabase } from './database.ts'
import { newId, toAgent } from './records.ts'
import type { AgentsTable, Tables } from './schema.ts'

type Sessions = Pick<
  AgentStorage,
  'createSession' | 'findBySession' | 'bySession' | 'sessionsOf' | 'touch' | 'endSessions' | 'deleteSession'
>

export function createAgentSessions(database: SqlDatabase): Sessions {
  return {
    createSession: ({ agentId, passwordHash, secretHash, method = 'password', device = '', ...times }) =>
      database.write(async (db) => {
        const { at, expiresAt } = times
        // Locked: a change of the password then ends this session, or comes first.
        let query = db
          .selectFrom('agents')
          .select('id')
          .where('id', '=', agentId)
          .where('removed_at', 'is', null)
        if (passwordHash !== null) query = query.where('password_hash', '=', passwordHash)
        const agent = await query.$if(database.locksRows, (one) => one.forUpdate()).executeTakeFirst()
        if (agent === undefined) return null
        await db.deleteFrom('agent_sessions').where('expires_at', '<=', at).execute()
        const ended = await makeRoom(db, agentId)
        await db
          .insertInto('agent_sessions')
          .values({
            ...{ id: newId(), secret_hash: secretHash, agent_id: agentId, device, method },
            ...{ created_at: at, seen_at: at, expires_at: expiresAt },
          })
          .execute()
        await addAudit(db, {
          ...{ kind: 'agent-signed-in', by: { kind: 'agent', id: agentId }, about: agentId, app: null, at },
          details: { method },
        })
        return ended
      }),
    findBySession: (secretHash, at) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('agent_sessions')
          .innerJoin('agents', 'agents.id', 'agent_sessions.agent_id')
          .selectAll('agents')
          .select('agent_sessions.method')
          .where('agent_sessions.secret_hash', '=', secretHash)
          .where('agent_sessions.expires_at', '>', at)
          .executeTakeFirst()
        return row === undefined ? null : agentOf(row)
      }),
    bySession: (at) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('agent_sessions')
          .innerJoin('agents', 'agents.id', 'agent_sessions.agent_id')
          .selectAll('agents')
          .select(['agent_sessions.secret_hash', 'agent_sessions.method'])
          .where('agent_sessions.expires_at', '>', at)
          .execute()
        return new Map(rows.map((row) => [row.secret_hash, agentOf(row)]))
      }),
    sessionsOf: (id, at) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('agent_sessions')
          .selectAll()
          .where('agent_id', '=', id)
          .where('expires_at', '>', at)
          .orderBy('created_at', 'desc')
          .orderBy('id')
          .execute()
        return rows.map((row) => ({
          ...{ id: row.id, secretHash: row.secret_hash, device: row.device, method: row.method },
          ...{ createdAt: row.created_at, seenAt: row.seen_at },
        }))
      }),
    touch: (secretHashes, at) =>
      database.write(async (db) => {
        if (secretHashes.length === 0) return
        await db
          .updateTable('agent_sessions')
          .set({ seen_at: at })
          .where('secret_hash', 'in', [...secretHashes])
          .execute()
      }),
    endSessions: (id, which, { by = { kind: 'server' }, at }) =>
      database.write(async (db) => {
        const ended = await endSessions(db, id, which)
        const details = { sessions: ended.length }
        if (ended.length > 0)
          await addAudit(db, { kind: 'agent-session-ended', by, about: id, app: null, at, details })
        return ended
      }),
    deleteSession: (secretHash) =>
      database.write(async (db) => {
        await db.deleteFrom('agent_sessions').where('secret_hash', '=', secretHash).execute()
      }),
  }
}

/** Somebody who came in by the issuer need not replace a temporary password that they never used. */
const agentOf = (row: AgentsTable & { readonly method: SignInMethod }): AgentRecord => ({
  ...toAgent(row),
  ...(row.method === 'issuer' && { passwordExpiresAt: null }),
})

export async function endSessions(
  db: Transaction<Tables>,
  id: AgentId,
  which: Parameters<AgentStorage['endSessions']>[1] | { readonly method: SignInMethod },
): Promise<readonly string[]> {
  let query = db.deleteFrom('agent_sessions').where('agent_id', '=', id)
  if ('only' in which) query = query.where('id', '=', which.only)
  else if ('method' in which) query = query.where('method', '=', which.method)
  else if (which.exceptHash !== null) query = query.where('secret_hash', '<>', which.exceptHash)
  const ended = await query.returning('secret_hash').execute()
  return ended.map(({ secret_hash }) => secret_hash)
}

/** Ends the oldest sessions of an account that has as many as it may have. */
async function makeRoom(db: Transaction<Tables>, id: AgentId): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('agent_sessions')
    .select('secret_hash')
    .where('agent_id', '=', id)
    .orderBy('seen_at', 'desc')
    .offset(MOST_SESSIONS - 1)
    .limit(MOST_SESSIONS)
    .execute()
  const hashes = rows.map(({ secret_hash }) => secret_hash)
  if (hashes.length > 0) await db.deleteFrom('agent_sessions').where('secret_hash', 'in', hashes).execute()
  return hashes
}
