/** The beginning of a conversation by several devices of one owner. */
import type { Authenticated, Conversation } from '@chat-widget/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { authentication, startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId } from './test-device.testing.ts'

let server: TestRealtime
beforeAll(async () => {
  server = await startRealtime()
})
afterAll(() => server.stop())

async function deviceOf(sub: string) {
  const { device } = await server.visitor({ intent: 'identify' })
  const answer = await device.ask<Authenticated>('identity:authenticate', await authentication({ sub }))
  return { device, conversationId: answer.conversation.id }
}

it('[DL10] shows the later of two devices the conversation that the first one began, and then refuses', async () => {
  const [one, other] = [await deviceOf('ann'), await deviceOf('ann')]
  const request = { clientId: newClientId(), text: 'first' }
  const results = await Promise.all(
    [one, other].map(({ device, conversationId }) =>
      device.request('message:send', { ...request, conversationId }),
    ),
  )
  const index = results.findIndex(({ ok }) => !ok)
  expect(results[index]).toMatchObject({ ok: false, error: { code: 'conflict' } })
  const [late, first] = index === 1 ? [other, one] : [one, other]
  // Sent before the refusal, so it has arrived.
  expect(late.device.all<Conversation>('conversation').at(-1)?.id).toBe(first.conversationId)
  const sent = await late.device.ask('message:send', { ...request, conversationId: first.conversationId })
  expect(sent).toMatchObject({ seq: 1 })
})

it('[DL10] begins each conversation that a visitor asks for', async () => {
  const { device, conversationId } = await deviceOf('bob')
  await device.send(conversationId, 'one')
  const second = await device.ask<Conversation>('conversation:start', {})
  const third = await device.ask<Conversation>('conversation:start', {})
  expect(await device.send(second.id, 'two')).toMatchObject({ seq: 1 })
  expect(await device.send(third.id, 'three')).toMatchObject({ seq: 1 })
})
