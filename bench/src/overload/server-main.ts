/** A process with nothing but a chat server: its apps cost nothing to verify and run no actions. */
import { createChatServer } from '@chat-widget/server'
import type { FromServer, ServerSetup, ToServer } from '../messages.ts'

const { dataDir } = JSON.parse(process.argv[2] ?? '{}') as ServerSetup

const tell = (message: FromServer) => void process.send?.(message)

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

process.on('message', async (message: ToServer) => {
  switch (message.kind) {
    case 'memory':
      if (message.collect) globalThis.gc?.()
      return tell({ kind: 'memory', bytes: process.memoryUsage.rss() })
    case 'close':
      await server.close()
      return process.disconnect()
  }
})
// The parent is gone, however it ended.
process.on('disconnect', () => process.exit(0))

tell({ kind: 'listening', url: await server.listen() })
