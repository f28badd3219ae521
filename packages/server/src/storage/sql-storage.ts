/** Composes the storage over any database. */
import { sql } from 'kysely'
import { createActionRuns } from './action-runs.ts'
import { createAgents } from './agents.ts'
import { appendGroup } from './append-group.ts'
import { createAppendQueue } from './append-queue.ts'
import { createAudit } from './audit.ts'
import { createAuthenticationRequestStorage } from './authentication-requests.ts'
import { createAuthenticationUpkeepStorage } from './authentication-upkeep.ts'
import { createAuthenticatorStorage } from './authenticators.ts'
import { createBotDeliveries } from './bot-deliveries.ts'
import { createConversations } from './conversations.ts'
import type { SqlDatabase } from './database.ts'
import { createFiles } from './files.ts'
import { createIdentityTraces } from './identity-traces.ts'
import { createJobStorage } from './jobs.ts'
import { createMessages } from './messages.ts'
import { createNodeStorage } from './nodes.ts'
import { createPersons } from './persons.ts'
import { createServerKeys } from './server-keys.ts'
import { createSessions } from './sessions.ts'
import type { Storage } from './storage.ts'
import { createTemplates } from './templates.ts'
import { createUnreadMails } from './unread-mails.ts'
import { createUpkeepStorage } from './upkeep.ts'
import { createUsers } from './users.ts'
import { createWebhookDeliveries } from './webhook-deliveries.ts'

export function createSqlStorage(database: SqlDatabase): Storage {
  const queue = createAppendQueue({
    lanes: database.appendLanes,
    store: (requests) => appendGroup(database, requests),
  })
  return {
    sessions: createSessions(database),
    users: createUsers(database),
    conversations: createConversations(database),
    messages: createMessages(database, queue),
    identityTraces: createIdentityTraces(database),
    botDeliveries: createBotDeliveries(database),
    files: createFiles(database),
    templates: createTemplates(database),
    jobs: createJobStorage(database),
    nodes: createNodeStorage(database),
    persons: createPersons(database),
    unreadMails: createUnreadMails(database),
    actionRuns: createActionRuns(database),
    agents: createAgents(database),
    audit: createAudit(database),
    webhookDeliveries: createWebhookDeliveries(database),
    authenticationRequests: createAuthenticationRequestStorage(database),
    upkeep: createUpkeepStorage(database),
    authenticationUpkeep: createAuthenticationUpkeepStorage(database),
    authenticators: createAuthenticatorStorage(database),
    serverKeys: createServerKeys(database),
    onUncertain: database.onUncertain,
    ping: () =>
      database.write(async (db) => {
        await db.updateTable('write_checks').set({ times: sql<number>`times + 1` }).execute()
      }),
    async close() {
      await queue.idle()
      await database.close()
    },
  }
}
