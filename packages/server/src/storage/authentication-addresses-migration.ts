/** Migration 0016: the email address as it was written, and requests that whoever scans their code answers. */
import type { Kysely, Migration } from 'kysely'

export const authenticationAddressesMigration: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema.alterTable('authentication_requests').addColumn('address', 'text').execute()
    await schema
      .alterTable('authentication_requests')
      .addColumn('is_scan', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
