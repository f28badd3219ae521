/** A process with only a chat server, without bot, mail or webhooks. */
import { createChatServer, tuneGarbageCollection } from '@chat-widget/server'
import type { ServerSetup } from '../messages.ts'
import { serveParent } from '../serve-parent.ts'

// As the command does.
tuneGarbageCollection()

const { dataDir, databaseUrl, redisUrl } = JSON.parse(process.argv[2] ?? '{}') as ServerSetup

await serveParent(
  await createChatServer({
    apps: [{ id: 'bench', origins: ['http://localhost:*'] }],
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(redisUrl !== undefined && { redisUrl }),
    dataDir,
    port: 0,
  }),
)
