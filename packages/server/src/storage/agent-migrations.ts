/** Columns of agents and their sessions, beyond those of the first releases. */
import { type Kysely, type Migration, sql } from 'kysely'

/** Roles owner, admin, agent and reader; apps; single sign-on; what is told of sessions. */
export const agentAccess: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    for (const column of ['apps', 'issuer', 'issuer_subject'] as const)
      await schema.alterTable('agents').addColumn(column, 'text').execute()
    await schema.alterTable('agents').addColumn('password_expires_at', 'bigint').execute()
    await schema
      .createIndex('agents_issuer_subject')
      .unique()
      .on('agents')
      .columns(['issuer', 'issuer_subject'])
      .where(sql.ref('issuer_subject'), 'is not', null)
      .execute()
    await sql`update agents set role = 'reader' where role = 'viewer'`.execute(db)
    // Somebody has to be able to give roles: the oldest account, one that may answer before one that may only read.
    await sql`update agents set role = 'owner' where id = (select id from agents where removed_at is null
      order by case role when 'reader' then 1 else 0 end, created_at, id limit 1)`.execute(db)

    await schema.alterTable('agent_sessions').addColumn('id', 'text').execute()
    await schema.alterTable('agent_sessions').addColumn('seen_at', 'bigint').execute()
    for (const [column, value] of [
      ['device', ''],
      ['method', 'password'],
    ] as const)
      await schema
        .alterTable('agent_sessions')
        .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(value))
        .execute()
    // Of sessions from before: a part of the hash of a secret with 256 random bits.
    await sql`update agent_sessions set id = substr(secret_hash, 1, 32), seen_at = created_at`.execute(db)
  },
}
