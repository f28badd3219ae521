/** Reads messages directly from the database. */
import { join } from 'node:path'
import Database from 'libsql'
import pg from 'pg'

export interface StoredMessage {
  readonly conversationId: string
  readonly seq: number
  readonly clientId: string
  readonly author: string
  readonly text: string
}

const QUERY = `select conversation_id as "conversationId", seq, client_id as "clientId", author_kind as author, text
from messages order by conversation_id, seq`

/** From a server's `--data` folder; the server may be running. */
export function sqliteMessages(dataFolder: string): readonly StoredMessage[] {
  const database = new Database(join(dataFolder, 'chat.db'), { readonly: true } as object)
  try {
    return (database.prepare(QUERY).all() as StoredMessage[]).map((row) => ({ ...row }))
  } finally {
    database.close()
  }
}

/** Number of rows in all tables. */
export function sqliteRows(dataFolder: string): number {
  const database = new Database(join(dataFolder, 'chat.db'), { readonly: true } as object)
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table'").all() as {
      name: string
    }[]
    const count = (name: string) =>
      database.prepare(`select count(*) as n from "${name}"`).get() as { n: number }
    return tables.reduce((sum, { name }) => sum + count(name).n, 0)
  } finally {
    database.close()
  }
}

export async function postgresMessages(url: string): Promise<readonly StoredMessage[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<StoredMessage>(QUERY)
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }))
  } finally {
    await client.end()
  }
}
