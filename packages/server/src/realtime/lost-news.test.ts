import type { SessionId } from '@chat-widget/protocol'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { watchLostNews } from './lost-news.ts'
import { sessionRoom } from './rooms.ts'

it('[DL11] [ID11] a device that signs in meanwhile is not taken for one whose session was ended elsewhere', async () => {
  const [replaced, ended] = ['replaced', 'ended'] as SessionId[] as [SessionId, SessionId]
  const rooms = new Map([replaced, ended].map((id) => [sessionRoom(id), new Set()]))
  const told: SessionId[] = []
  let asked = 0
  const stop = watchLostNews({
    visitors: { adapter: { rooms } },
    agents: { sockets: new Map() },
    storage: {
      sessions: {
        async ended(ids: readonly SessionId[]) {
          asked += 1
          // The device is in its new session's room once the server has heard that it is stored.
          if (asked === 1) rooms.delete(sessionRoom(replaced))
          return { revoked: ids, deleted: [] }
        },
      },
    },
    vault: { sessions: () => [], forget: () => undefined },
    broadcaster: {
      endSessions: (ids: readonly SessionId[]) => void told.push(...ids),
      eraseSessions: () => undefined,
      conversationsDeletedHere: () => undefined,
    },
    rereadConversations: () => undefined,
    logger: pino({ level: 'silent' }),
    everyMs: 1,
  } as never)
  onTestFinished(stop)
  await expect.poll(() => told).toContain(ended)
  expect(told).not.toContain(replaced)
})
