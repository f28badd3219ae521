import type { AppId, FetchedMessages } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { hashToken } from '../identity/session-token.ts'
import { ownerOf, visitorText } from '../storage/contract-fixture.testing.ts'
import type { Storage } from '../storage/storage.ts'
import { startRealtime } from './realtime.testing.ts'

it('[ID11] a tab that was anonymous reads nothing that the user wrote after signing in elsewhere', async () => {
  let meanwhile: (() => Promise<void>) | undefined
  const server = await startRealtime({
    wrapStorage: (storage): Storage => ({
      ...storage,
      messages: {
        ...storage.messages,
        async list(query) {
          const work = meanwhile
          meanwhile = undefined
          await work?.()
          return storage.messages.list(query)
        },
      },
    }),
  })
  try {
    const app = 'shop' as AppId
    const { sessions, messages } = server.storage
    const { device, ready } = await server.visitor()
    const { id } = ready.conversation!
    await device.send(id, 'written before')
    const anonymous = (await sessions.findBySecretHash(app, hashToken(ready.session?.token ?? '')))!
    // By another server, after this one has checked the conversation's owner and before it reads.
    meanwhile = async () => {
      const { session } = await sessions.identify({
        sessionId: anonymous.id,
        app,
        userIdentifier: 'ada',
        contextExpiresAt: null,
        merge: true,
        claims: [],
        newSecretHash: 'another secret',
        at: Date.now(),
      })
      expect(ownerOf(session).kind).toBe('user')
      expect(await messages.append(visitorText(session, 'the user alone'))).toMatchObject({ ok: true })
    }
    const fetched = await device.ask<FetchedMessages>('messages:fetch', { conversationId: id, limit: 50 })
    expect(meanwhile).toBeUndefined()
    expect(fetched.messages.map(({ text }) => text)).toEqual(['written before'])
    expect(fetched.headSeq).toBe(1)
  } finally {
    await server.stop()
  }
})
