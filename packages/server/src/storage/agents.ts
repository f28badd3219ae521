/** Agents' accounts: every change in one transaction with its row of the audit. */
import { type AgentId, type AppId, ChatError } from '@chat-widget/protocol'
import type { Kysely, Transaction } from 'kysely'
import { storable } from '../text/storable.ts'
import { createAgentSessions, endSessions } from './agent-sessions.ts'
import type { AgentChange, AgentRecord, AgentStorage } from './agent-storage.ts'
import { addAudit } from './audit.ts'
import type { AuditDetails, AuditKind } from './audit-storage.ts'
import type { SqlDatabase } from './database.ts'
import { newId, toAgent } from './records.ts'
import type { AgentsTable, Tables } from './schema.ts'

/** Another agent has this email. */
class AgentExistsError extends Error {
  override readonly name = 'AgentExistsError'
  readonly code = 'agent-exists'
}

const keyOf = (email: string) => storable(email).trim().toLowerCase()
const jsonOf = (apps: readonly AppId[] | null | undefined): string | null =>
  apps === null || apps === undefined ? null : JSON.stringify([...new Set(apps)])

export function createAgents(database: SqlDatabase): AgentStorage {
  /** An account that was not removed, locked. Owners first, so that two of them cannot both be the last but one. */
  async function lock(db: Transaction<Tables>, id: AgentId): Promise<AgentRecord | null> {
    if (database.locksRows)
      await db
        .selectFrom('agents')
        .select('id')
        .where('role', '=', 'owner')
        .where('removed_at', 'is', null)
        .orderBy('id')
        .forUpdate()
        .execute()
    const row = await db
      .selectFrom('agents')
      .selectAll()
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .$if(database.locksRows, (query) => query.forUpdate())
      .executeTakeFirst()
    return row === undefined ? null : toAgent(row)
  }

  return {
    ...createAgentSessions(database),
    add: ({ name, email, passwordHash, passwordExpiresAt = null, avatar = null, linked, ...more }) =>
      database
        .write(async (db) => {
          const role = more.role ?? ((await hasAgents(db)) ? 'agent' : 'owner')
          const row: AgentsTable = {
            id: newId<AgentId>(),
            name: storable(name),
            email: storable(email).trim(),
            email_key: keyOf(email),
            password_hash: passwordHash,
            password_expires_at: passwordExpiresAt,
            created_at: more.at,
            role,
            apps: role === 'owner' ? null : jsonOf(more.apps),
            avatar,
            issuer: linked?.issuer ?? null,
            issuer_subject: linked?.subject ?? null,
            removed_at: null,
          }
          await authorize(db, more, [toAgent(row)])
          const made = await db
            .insertInto('agents')
            .values(row)
            .onConflict((conflict) => conflict.column('email_key').doNothing())
            .returning('id')
            .executeTakeFirst()
          if (made === undefined) return null
          const apps = row.apps === null ? {} : { apps: more.apps ?? [] }
          await tell(db, 'agent-added', row.id, more, { role, ...apps })
          return toAgent(row)
        })
        .then((agent) => {
          if (agent === null) throw new AgentExistsError(`there is an agent with the email ${email}`)
          return agent
        }),
    list: ({ withRemoved } = { withRemoved: false }) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('agents')
          .selectAll()
          .$if(!withRemoved, (query) => query.where('removed_at', 'is', null))
          .orderBy('email_key')
          .execute()
        return rows.map(toAgent)
      }),
    find: (id) => database.read((db) => findAgent(db, id)),
    findByEmail: (email) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('agents')
          .selectAll()
          .where('email_key', '=', keyOf(email))
          .executeTakeFirst()
        return row === undefined ? null : toAgent(row)
      }),
    findLinked: ({ issuer, subject }) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('agents')
          .selectAll()
          .where('issuer', '=', issuer)
          .where('issuer_subject', '=', subject)
          .executeTakeFirst()
        return row === undefined ? null : { agent: toAgent(row), isRemoved: row.removed_at !== null }
      }),
    setPasswordHash: (id, passwordHash, { expiresAt = null, keep, ...change }) =>
      database.write(async (db) => {
        const agent = await lock(db, id)
        if (agent === null) return []
        await authorize(db, change, [agent])
        const password = { password_hash: passwordHash, password_expires_at: expiresAt }
        await db.updateTable('agents').set(password).where('id', '=', id).execute()
        await tell(db, 'agent-password', id, change, { temporary: expiresAt !== null })
        return keep === 'all' ? [] : endSessions(db, id, { exceptHash: keep?.secretHash ?? null })
      }),
    setAccess: (id, access, change) =>
      database.write(async (db) => {
        const before = await lock(db, id)
        if (before === null) return null
        const role = access.role ?? before.role
        const apps = access.apps === undefined ? (before.apps ?? null) : access.apps
        const row = { role, apps: role === 'owner' ? null : jsonOf(apps) }
        const { apps: _, ...rest } = before
        const after = { ...rest, role, ...(row.apps !== null && { apps: apps ?? [] }) }
        // Before the change: nobody may give themselves the right to it.
        await authorize(db, change, [before, after])
        await db.updateTable('agents').set(row).where('id', '=', id).execute()
        if (role !== 'owner') await requireOtherOwner(db, before)
        if (role !== before.role) await tell(db, 'agent-role', id, change, { from: before.role, to: role })
        if (jsonOf(before.apps) !== row.apps)
          await tell(db, 'agent-apps', id, change, { from: before.apps ?? null, to: after.apps ?? null })
        return after
      }),
    setAvatar: (id, avatar, change) =>
      database.write(async (db) => {
        const agent = await lock(db, id)
        if (agent === null) return
        await authorize(db, change, [agent])
        await db.updateTable('agents').set({ avatar }).where('id', '=', id).execute()
        await tell(db, 'agent-picture', id, change, {})
      }),
    link: (id, { issuer, subject }, change) =>
      database.write(async (db) => {
        const agent = await lock(db, id)
        if (agent === null || agent.linked !== null) return false
        await db
          .updateTable('agents')
          .set({ issuer: null, issuer_subject: null })
          .where('issuer', '=', issuer)
          .where('issuer_subject', '=', subject)
          .where('removed_at', 'is not', null)
          .execute()
        await db.updateTable('agents').set({ issuer, issuer_subject: subject }).where('id', '=', id).execute()
        await tell(db, 'agent-linked', id, change, {})
        return true
      }),
    unlink: (id, change) =>
      database.write(async (db) => {
        const agent = await lock(db, id)
        if (agent === null || agent.linked === null) return null
        await db
          .updateTable('agents')
          .set({ issuer: null, issuer_subject: null })
          .where('id', '=', id)
          .execute()
        await tell(db, 'agent-unlinked', id, change, {})
        return endSessions(db, id, { method: 'issuer' })
      }),
    remove: (id, change) =>
      database.write(async (db) => {
        const agent = await lock(db, id)
        if (agent === null) return []
        await authorize(db, change, [agent])
        await requireOtherOwner(db, agent)
        const nobody = {
          ...{ email: '', email_key: id, password_hash: '', password_expires_at: null },
          removed_at: change.at,
        }
        await db.updateTable('agents').set(nobody).where('id', '=', id).execute()
        await tell(db, 'agent-removed', id, change, { role: agent.role })
        return endSessions(db, id, { exceptHash: null })
      }),
  }
}

async function hasAgents(db: Kysely<Tables>): Promise<boolean> {
  const row = await db.selectFrom('agents').select('id').where('removed_at', 'is', null).executeTakeFirst()
  return row !== undefined
}

/** Resolves with `null` for one who was removed, too. */
export async function findAgent(db: Kysely<Tables>, id: AgentId): Promise<AgentRecord | null> {
  const row = await db
    .selectFrom('agents')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row === undefined ? null : toAgent(row)
}

/** Rejects unless the agent who asks may do this to each of these states of an account. */
async function authorize(
  db: Transaction<Tables>,
  { by, authorize: check }: AgentChange,
  accounts: readonly AgentRecord[],
): Promise<void> {
  if (by?.kind !== 'agent' || check === undefined) return
  // As of now, not as of their connection.
  const asker = await findAgent(db, by.id)
  if (asker === null) throw new ChatError('unauthenticated', 'The account was removed.')
  for (const account of accounts) check(asker, account)
}

/** Rejects if this is the only owner. */
async function requireOtherOwner(db: Transaction<Tables>, { id, role }: AgentRecord): Promise<void> {
  if (role !== 'owner') return
  const other = await db
    .selectFrom('agents')
    .select('id')
    .where('role', '=', 'owner')
    .where('removed_at', 'is', null)
    .where('id', '<>', id)
    .executeTakeFirst()
  if (other === undefined)
    throw new ChatError('conflict', 'The last owner stays one: make another one first.')
}

function tell(
  db: Transaction<Tables>,
  kind: AuditKind,
  about: AgentId,
  { by = { kind: 'server' }, at }: AgentChange,
  details: AuditDetails,
): Promise<void> {
  return addAudit(db, { kind, by, about, app: null, at, details })
}
