/** The database of commands that also run beside a server. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ChatError } from '@chat-widget/protocol'
import { FLAGS, type ParsedFlags, settingsOf } from '../config/flags.ts'
import { storagePlace } from '../config/load-config.ts'
import { knownProblem } from '../storage/database-problem.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../storage/storage.ts'
import type { Terminal } from './terminal.ts'

export const PLACE_FLAGS = FLAGS.filter(({ name }) => name === 'data' || name === 'database-url')

/** Runs `work` on the database that the flags name. `begins`: makes the database where there is none. */
export async function withStorage<Value>(
  flags: ParsedFlags,
  { env }: Terminal,
  work: (storage: Storage) => Promise<Value>,
  { begins = false } = {},
): Promise<Value> {
  const place = storagePlace(settingsOf(flags, env))
  const isThere = place.databaseUrl !== undefined || existsSync(join(place.dataDir, 'chat.db'))
  if (!isThere && !begins) throw new Error(`there is no database in ${place.dataDir}; choose another --data`)
  const storage = await openStorage({ ...place, exclusive: false })
  try {
    return await work(storage)
  } catch (error) {
    if (error instanceof ChatError && error.code === 'unavailable') throw withReason(error)
    throw error
  } finally {
    await storage.close()
  }
}

/** Why a database that was opened takes nothing, which only operators are told. */
function withReason(error: ChatError): ChatError {
  const problem = knownProblem(error.cause)
  return problem === null
    ? error
    : new ChatError(error.code, `${error.message}: ${problem}`, { cause: error })
}
