/** Client ids of messages: one spelling, and distinct from the server's ids. */
import type { ConversationSummary, Message } from '@chat-widget/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { derivedClientId } from '../storage/derived-client-id.ts'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId } from './test-device.testing.ts'

let server: TestRealtime
beforeAll(async () => {
  server = await startRealtime()
})
afterAll(() => server.stop())

it('[DL2] knows a client id again in any letter case', async () => {
  const { device, ready } = await server.visitor()
  const conversationId = ready.conversation!.id
  const clientId = newClientId()
  const send = (id: string, of: string) =>
    device.ask('message:send', { conversationId: of, clientId: id, text: 'hello' })
  const first = await send(clientId, conversationId)
  expect(await send(clientId.toUpperCase(), conversationId.toUpperCase())).toEqual(first)
  const { messages } = await device.ask<{ messages: readonly Message[] }>('messages:fetch', {
    conversationId,
    after: 0,
    limit: 10,
  })
  expect(messages.map((message) => message.clientId)).toEqual([clientId])
})

it("[DL2] takes no client id of the server's own kind, so nobody can stand in the way of an event", async () => {
  const { device, ready } = await server.visitor()
  const conversationId = ready.conversation!.id
  await device.send(conversationId, 'hello')
  for (const headSeq of [1, 2, 3]) {
    const clientId = derivedClientId('closed', conversationId, headSeq)
    for (const spelled of [clientId, clientId.toUpperCase()]) {
      const request = { conversationId, clientId: spelled, text: 'in the way' }
      expect((await device.refusal('message:send', request)).code).toBe('bad-request')
    }
  }
  const { device: console } = await server.agent()
  await console.ask('conversation:close', { conversationId })
  const summary = await console.ask<ConversationSummary>('conversation:watch', { conversationId })
  expect(summary.status).toBe('closed')
})
