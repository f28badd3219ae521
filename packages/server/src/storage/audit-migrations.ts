/** Columns of the audit table by which its rows are listed. */
import { type Kysely, type Migration, sql } from 'kysely'

/** Adds actor and subject to the audit; until now only sign-ins, actions, and mutes and addressees by REST were written. */
export const auditActors: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema
      .alterTable('audit')
      .addColumn('actor_kind', 'text', (column) => column.notNull().defaultTo('visitor'))
      .execute()
    await schema.alterTable('audit').addColumn('actor_id', 'text').execute()
    await schema.alterTable('audit').addColumn('subject', 'text').execute()
    await sql`update audit set actor_kind = 'key' where kind in ('unmute', 'forget')`.execute(db)
    // The row's details begin with the agent's id.
    await sql`update audit set actor_kind = 'agent', actor_id = substr(details, 11, 36) where kind = 'action'`.execute(
      db,
    )
    await schema
      .createIndex('audit_log')
      .on('audit')
      .columns(['at', 'id'])
      .where(sql<boolean>`actor_kind <> 'visitor'`)
      .execute()
  },
}
