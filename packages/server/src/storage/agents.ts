/** Agents' accounts and their console sessions. */
import type { AgentId } from '@chat-widget/protocol'
import type { SqlDatabase } from './database.ts'
import { newId, storable, toAgent } from './records.ts'
import type { AgentsTable } from './schema.ts'
import type { Storage } from './storage.ts'

/** Another agent has this email. Never sent to a client: accounts are made by command only. */
class AgentExistsError extends Error {
  override readonly name = 'AgentExistsError'
  readonly code = 'agent-exists'
}

const keyOf = (email: string) => storable(email).trim().toLowerCase()

export function createAgents(database: SqlDatabase): Storage['agents'] {
  return {
    add: ({ name, email, passwordHash, at }) =>
      database
        .write(async (db) => {
          const row: AgentsTable = {
            id: newId<AgentId>(),
            name: storable(name),
            email: storable(email).trim(),
            email_key: keyOf(email),
            password_hash: passwordHash,
            created_at: at,
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
    setPasswordHash: (id, passwordHash) =>
      database.write(async (db) => {
        await db.updateTable('agents').set({ password_hash: passwordHash }).where('id', '=', id).execute()
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
    createSession: ({ agentId, secretHash, expiresAt, at }) =>
      database.write(async (db) => {
        await db.deleteFrom('agent_sessions').where('expires_at', '<=', at).execute()
        await db
          .insertInto('agent_sessions')
          .values({ secret_hash: secretHash, agent_id: agentId, created_at: at, expires_at: expiresAt })
          .execute()
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
    deleteSession: (secretHash) =>
      database.write(async (db) => {
        await db.deleteFrom('agent_sessions').where('secret_hash', '=', secretHash).execute()
      }),
  }
}
