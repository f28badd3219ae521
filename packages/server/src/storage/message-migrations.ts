/** Migrations of messages and of what devices hold of them. */
import { type Kysely, type Migration, sql } from 'kysely'

export const messageAuthors: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('messages').addColumn('author_id', 'text').execute()
  },
}

/** Messages about earlier ones: answers, edits, deletions. */
export const messagesAbout: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema.alterTable('messages').addColumn('about', 'bigint').execute()
    await schema.alterTable('messages').addColumn('changed', 'text').execute()
    await schema
      .createIndex('messages_about')
      .on('messages')
      .columns(['conversation_id', 'about'])
      .where(sql.ref('about'), 'is not', null)
      .execute()
  },
}

/** Finds an agent's messages in a conversation. */
export const agentsMessages: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createIndex('messages_agent')
      .on('messages')
      .columns(['conversation_id', 'author_id'])
      .where(sql.ref('author_id'), 'is not', null)
      .execute()
  },
}

/** Last seqs that a device of each side holds. */
export const deliveredSeqs: Migration = {
  async up(db: Kysely<unknown>) {
    for (const column of ['visitor_delivered_seq', 'agent_delivered_seq'])
      await db.schema
        .alterTable('conversations')
        .addColumn(column, 'bigint', (definition) => definition.notNull().defaultTo(0))
        .execute()
  },
}

/** Pictures of agents, and of messages' authors as they were then. */
export const avatars: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('agents').addColumn('avatar', 'text').execute()
    await db.schema.alterTable('messages').addColumn('author_avatar', 'text').execute()
  },
}
