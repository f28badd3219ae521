/** A process with only a chat server, whose links are sent to the parent instead of by mail. */
import { createChatServer } from '@chat-widget/server'
import type { ServerSetup } from '../messages.ts'
import { serveParent, tell } from '../serve-parent.ts'

const { dataDir, apiKeyHash = '', allowed = 0 } = JSON.parse(process.argv[2] ?? '{}') as ServerSetup

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

await serveParent(server)
