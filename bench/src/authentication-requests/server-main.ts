/** A process with nothing but a chat server, whose links go to the parent instead of into mails. */
import { createChatServer } from '@chat-widget/server'
import type { FromServer, ServerSetup, ToServer } from '../messages.ts'

const { dataDir, apiKeyHash = '', allowed = 0 } = JSON.parse(process.argv[2] ?? '{}') as ServerSetup

const tell = (message: FromServer) => void process.send?.(message)

const limits = {
  ...{ addresseeBurst: 10, addresseeCooldownSeconds: 5, addresseePerHour: 60 },
  ...{ ipBurst: allowed, ipPerHour: allowed, ipWaits: allowed, appBurst: allowed, appPerHour: allowed },
}
const server = await createChatServer({
  apps: [
    {
      id: 'bench',
      origins: ['http://localhost:*'],
      apiKeyHashes: [apiKeyHash],
      authenticationRequests: { limits: { withKey: limits, withoutKey: limits } },
    },
  ],
  dataDir,
  port: 0,
  limits: { restRequestsPerMinute: allowed },
  delivery: {
    deliver: async ({ record, link }) => tell({ kind: 'link', id: record.id, link }),
  },
})

process.on('message', async (message: ToServer) => {
  switch (message.kind) {
    case 'memory':
      // What is only waiting to be collected is not what a caller costs.
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
