/** Agents' accounts and their console sessions. */
import type { AgentId } from '@chat-widget/protocol'
import type { Transaction } from 'kysely'
import { storable } from '../text/storable.ts'
import type { AgentStorage } from './agent-storage.ts'
import type { SqlDatabase } from './database.ts'
import { newId, toAgent } from './records.ts'
import type { AgentsTable, Tables } from './schema.ts'

/** Another agent has this email. Never sent to a client: accounts are made by command only. */
class AgentExistsError extends Error {
  override readonly name = 'AgentExistsError'
  readonly code = 'agent-exists'
}

const keyOf = (email: string) => storable(email).trim().toLowerCase()

export function createAgents(database: SqlDatabase): AgentStorage {
  return {
    add: ({ name, email, passwordHash, role, avatar = null, at }) =>
      database
        .write(async (db) => {
          const row: AgentsTable = {
            id: newId<AgentId>(),
            name: storable(name),
            email: storable(email).trim(),
            email_key: keyOf(email),
            password_hash: passwordHash,
            created_at: at,
            role,
            avatar,
            removed_at: null,
          }
          const made = await db
            .insertInto('agents')
            .values(row)
            .onConflict((conflict) => conflict.column('email_key').doNothing())
            .returning('id')
            .executeTakeFirst()
          return made === undefined ? null : toAgent(row)
        })
        .then((agent) => {
          if (agent === null) throw new AgentExistsError(`there is an agent with the email ${email}`)
          return agent
        }),
    list: () =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('agents')
          .selectAll()
          .where('removed_at', 'is', null)
          .orderBy('email_key')
          .execute()
        return rows.map(toAgent)
      }),
    setPasswordHash: (id, passwordHash, { keepSessions = false } = {}) =>
      database.write(async (db) => {
        await db
          .updateTable('agents')
          .set({ password_hash: passwordHash })
          .where('id', '=', id)
          .where('removed_at', 'is', null)
          .execute()
        return keepSessions ? [] : endSessions(db, id)
      }),
    setRole: (id, role) =>
      database.write(async (db) => {
        await db.updateTable('agents').set({ role }).where('id', '=', id).execute()
      }),
    setAvatar: (id, avatar) =>
      database.write(async (db) => {
        await db.updateTable('agents').set({ avatar }).where('id', '=', id).execute()
      }),
    remove: (id, at) =>
      database.write(async (db) => {
        const nobody = { email: '', email_key: id, password_hash: '', removed_at: at }
        await db.updateTable('agents').set(nobody).where('id', '=', id).execute()
        return endSessions(db, id)
      }),
    findByEmail: (email) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('agents')
          .selectAll()
          .where('email_key', '=', keyOf(email))
          .executeTakeFirst()
        return row === undefined ? null : toAgent(row)
      }),
    createSession: ({ agentId, passwordHash, secretHash, expiresAt, at }) =>
      database.write(async (db) => {
        // Locked: a change of the password then ends this session, or comes first.
        const agent = await db
          .selectFrom('agents')
          .select('id')
          .where('id', '=', agentId)
          .where('password_hash', '=', passwordHash)
          .$if(database.locksRows, (query) => query.forUpdate())
          .executeTakeFirst()
        if (agent === undefined) return false
        await db.deleteFrom('agent_sessions').where('expires_at', '<=', at).execute()
        await db
          .insertInto('agent_sessions')
          .values({ secret_hash: secretHash, agent_id: agentId, created_at: at, expires_at: expiresAt })
          .execute()
        return true
      }),
    findBySession: (secretHash, at) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('agent_sessions')
          .innerJoin('agents', 'agents.id', 'agent_sessions.agent_id')
          .selectAll('agents')
          .where('agent_sessions.secret_hash', '=', secretHash)
          .where('agent_sessions.expires_at', '>', at)
          .executeTakeFirst()
        return row === undefined ? null : toAgent(row)
      }),
    bySession: (at) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('agent_sessions')
          .innerJoin('agents', 'agents.id', 'agent_sessions.agent_id')
          .selectAll('agents')
          .select('agent_sessions.secret_hash')
          .where('agent_sessions.expires_at', '>', at)
          .execute()
        return new Map(rows.map((row) => [row.secret_hash, toAgent(row)]))
      }),
    deleteSession: (secretHash) =>
      database.write(async (db) => {
        await db.deleteFrom('agent_sessions').where('secret_hash', '=', secretHash).execute()
      }),
  }
}

async function endSessions(db: Transaction<Tables>, id: AgentId): Promise<readonly string[]> {
  const ended = await db
    .deleteFrom('agent_sessions')
    .where('agent_id', '=', id)
    .returning('secret_hash')
    .execute()
  return ended.map(({ secret_hash }) => secret_hash)
}
