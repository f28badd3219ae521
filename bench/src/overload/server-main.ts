/** A process with nothing but a chat server: its apps cost nothing to verify and run no actions. */
import { createChatServer } from '@chat-widget/server'
import type { ServerSetup } from '../messages.ts'
import { serveParent } from '../serve-parent.ts'

const { dataDir } = JSON.parse(process.argv[2] ?? '{}') as ServerSetup

const server = await createChatServer({
  apps: [
    {
      id: 'bench',
      origins: ['http://localhost:*'],
      verifyContext: async () => ({ userIdentifier: 'somebody', expiresAt: null }),
    },
  ],
  dataDir,
  port: 0,
})

await serveParent(server)
