/** A process with only a chat server, whose app costs nothing to verify, runs no actions and sends no mail. */
import { createChatServer, tuneGarbageCollection } from '@chat-widget/server'
import type { ServerSetup } from '../messages.ts'
import { serveParent } from '../serve-parent.ts'
import { APP, CUSTOMER, fill } from './setup.ts'

// As the command does.
tuneGarbageCollection()

const { dataDir } = JSON.parse(process.argv[2] ?? '{}') as ServerSetup

const server = await createChatServer({
  apps: [
    {
      id: APP,
      origins: ['http://localhost:*'],
      verifyContext: async () => ({ userIdentifier: CUSTOMER.userIdentifier, expiresAt: null }),
      login: { methods: ['host', 'email'], continueAsGuest: true },
    },
  ],
  delivery: { deliver: async () => undefined },
  dataDir,
  port: 0,
})

await serveParent(server, (url) => fill(server, url))
