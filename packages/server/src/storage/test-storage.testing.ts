/**
 * Storages for tests, on SQLite. Starting the two threads of one costs more than most tests, so each is opened once and
 * then serves one test after the other, with all rows deleted between them.
 */
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { ChatError } from '@chat-widget/protocol'
import { inject } from 'vitest'
import type { SqlDatabase } from './database.ts'
import { deleteAll } from './dump.testing.ts'
import { freshDatabase } from './fresh-database.testing.ts'
import { createSqlStorage } from './sql-storage.ts'
import { openSqliteDatabase } from './sqlite-database.ts'
import type { Storage } from './storage.ts'

interface Held {
  readonly path: string
  readonly database: SqlDatabase
}

/** By the folder of the test that has it. */
const held = new Map<string, Held>()
const idle: Held[] = []

async function open(): Promise<Held> {
  const folder = await mkdtemp(join(inject('storages'), 'storage-'))
  await freshDatabase(folder)
  const path = join(folder, 'chat.db')
  return { path, database: await openSqliteDatabase({ path, exclusive: true }) }
}

/**
 * As `openStorage({ dataDir: folder })`: opened again for the same folder, after it was closed, it has the same rows. The
 * file is elsewhere; a test that looks into it opens one of its own.
 */
export async function openTestStorage(folder: string): Promise<Storage> {
  let mine = held.get(folder)
  if (mine === undefined) {
    mine = idle.pop() ?? (await open())
    held.set(folder, mine)
  }
  const storage = createSqlStorage(untilClosed(mine.database))
  await storage.jobs.releaseAll()
  return storage
}

/** Ends the folder's use of its storage, which is closed. */
export function releaseTestStorage(folder: string): void {
  const mine = held.get(folder)
  if (mine === undefined) return
  held.delete(folder)
  deleteAll(mine.path)
  idle.push(mine)
}

/** The database behind a folder's storage. */
export function testDatabase(folder: string): SqlDatabase {
  const mine = held.get(folder)
  if (mine === undefined) throw new Error(`${folder} has no storage`)
  return mine.database
}

/** The database, which stays open while this use of it is closed. */
function untilClosed(database: SqlDatabase): SqlDatabase {
  let isClosed = false
  const unsubscribes: (() => void)[] = []
  const unlessClosed =
    <Args extends readonly unknown[], Value>(call: (...args: Args) => Promise<Value>) =>
    async (...args: Args): Promise<Value> => {
      if (isClosed) throw new ChatError('unavailable', 'the storage is closed')
      return call(...args)
    }
  return {
    ...database,
    read: unlessClosed(database.read) as SqlDatabase['read'],
    write: unlessClosed(database.write) as SqlDatabase['write'],
    writeAppends: unlessClosed(database.writeAppends) as SqlDatabase['writeAppends'],
    administer: unlessClosed(database.administer) as SqlDatabase['administer'],
    refreshStatistics: unlessClosed(database.refreshStatistics),
    scrub: unlessClosed(database.scrub),
    onUncertain(listener) {
      const unsubscribe = database.onUncertain(listener)
      unsubscribes.push(unsubscribe)
      return unsubscribe
    },
    async close() {
      if (isClosed) return
      isClosed = true
      for (const unsubscribe of unsubscribes) unsubscribe()
      // After the calls before.
      await database.write(async () => undefined)
    },
  }
}
