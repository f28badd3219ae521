/** A server over each supported database, with access to its data. */
import { onTestFinished } from 'vitest'
import { startPostgresServer } from '../../../scripts/postgres-server.mjs'
import { type ServerHere, startServerHere } from './server-here.ts'
import { shopConfig } from './shop.ts'
import { postgresMessages, type StoredMessage, sqliteMessages } from './stored-messages.ts'

export interface StoredServer {
  readonly server: ServerHere
  stored(): Promise<readonly StoredMessage[]>
}

/** Each starts a server that ends with the test. */
export const DATABASES: Readonly<Record<'SQLite' | 'PostgreSQL', () => Promise<StoredServer>>> = {
  async SQLite() {
    const server = await startServerHere(shopConfig())
    onTestFinished(() => server.close())
    return { server, stored: async () => sqliteMessages(`${server.folder}/data`) }
  },
  async PostgreSQL() {
    const postgres = await startPostgresServer()
    onTestFinished(() => postgres.stop())
    const server = await startServerHere(shopConfig(), { databaseUrl: postgres.url })
    onTestFinished(() => server.close())
    return { server, stored: () => postgresMessages(postgres.url) }
  },
}
