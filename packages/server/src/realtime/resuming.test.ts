import { PROTOCOL_VERSION, VISITOR_NAMESPACE } from '@chat-widget/protocol'
import { io } from 'socket.io-client'
import { expect, it } from 'vitest'
import type { Storage } from '../storage/storage.ts'
import { startRealtime } from './realtime.testing.ts'

it('[ID14] a session that is revoked while it reconnects is said to have ended, and is not resumed', async () => {
  let revokeAfterLookup = false
  const server = await startRealtime({
    wrapStorage: (storage): Storage => ({
      ...storage,
      sessions: {
        ...storage.sessions,
        async findBySecretHash(app, secretHash) {
          const session = await storage.sessions.findBySecretHash(app, secretHash)
          // By another server, after this one admitted the device and before it joins its session's room.
          if (revokeAfterLookup && session !== null) await storage.sessions.revoke(session.id, Date.now())
          revokeAfterLookup = false
          return session
        },
      },
    }),
  })
  try {
    const { ready } = await server.visitor()
    revokeAfterLookup = true
    const session = ready.session?.token
    const socket = io(server.url + VISITOR_NAMESPACE, {
      auth: { protocolVersion: PROTOCOL_VERSION, app: 'shop', intent: 'anonymous', session },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    })
    const heard: string[] = []
    socket.onAny((name: string) => heard.push(name))
    await new Promise((resolve) => socket.once('disconnect', resolve))
    expect(heard).toEqual(['session:ended'])
  } finally {
    await server.stop()
  }
})
