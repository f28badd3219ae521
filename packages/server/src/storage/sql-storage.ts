/** Composes the storage over any engine. */
import { sql } from 'kysely'
import { createActionRuns } from './action-runs.ts'
import { createAgents } from './agents.ts'
import { appendGroup } from './append-group.ts'
import { createAppendQueue } from './append-queue.ts'
import { createAuthenticationRequestStorage } from './authentication-requests.ts'
import { createAuthenticationUpkeepStorage } from './authentication-upkeep.ts'
import { createAuthenticatorStorage } from './authenticators.ts'
import { createBotDeliveries } from './bot-deliveries.ts'
import { createConversations } from './conversations.ts'
import type { Engine } from './engine.ts'
import { createIdentityTraces } from './identity-traces.ts'
import { createMessages } from './messages.ts'
import { createServerKeys } from './server-keys.ts'
import { createSessions } from './sessions.ts'
import type { Storage } from './storage.ts'
import { createUpkeepStorage } from './upkeep.ts'
import { createUsers } from './users.ts'

export function createSqlStorage(engine: Engine): Storage {
  const queue = createAppendQueue({
    lanes: engine.appendLanes,
    store: (requests) => appendGroup(engine, requests),
  })
  return {
    sessions: createSessions(engine),
    users: createUsers(engine),
    conversations: createConversations(engine),
    messages: createMessages(engine, queue),
    identityTraces: createIdentityTraces(engine),
    botDeliveries: createBotDeliveries(engine),
    actionRuns: createActionRuns(engine),
    agents: createAgents(engine),
    authenticationRequests: createAuthenticationRequestStorage(engine),
    upkeep: createUpkeepStorage(engine),
    authenticationUpkeep: createAuthenticationUpkeepStorage(engine),
    authenticators: createAuthenticatorStorage(engine),
    serverKeys: createServerKeys(engine),
    onUncertain: engine.onUncertain,
    ping: () =>
      engine.write(async (db) => {
        await db.updateTable('write_checks').set({ times: sql<number>`times + 1` }).execute()
      }),
    async close() {
      await queue.idle()
      await engine.close()
    },
  }
}
