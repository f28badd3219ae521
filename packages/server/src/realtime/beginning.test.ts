/** The beginning of a conversation by several devices of one owner. */
import type { AppId, Authenticated, Conversation, Message } from '@chat-widget/protocol'
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

it('[RS4] begins a conversation with a user, once for a client id, and their devices get it; also before they ever signed in', async () => {
  const { conversations } = server.realtime
  const { device } = await deviceOf('cleo')
  const app = 'shop' as AppId
  const clientId = newClientId()
  const request = { app, userIdentifier: 'cleo', clientId, body: { text: 'Your parcel is late.' } }
  const { conversationId, message } = await conversations.start(request)
  expect(message).toMatchObject({ seq: 1, conversationId, author: { kind: 'bot' } })
  await device.message(({ id }: Message) => id === message.id)
  expect(await device.send(conversationId, 'How late?')).toMatchObject({ seq: 2 })
  expect(await conversations.start(request)).toEqual({ conversationId, message })
  await expect(conversations.start({ ...request, body: { text: 'Another one.' } })).rejects.toMatchObject({
    code: 'client-id-reused',
  })
  const author = { kind: 'agent', name: 'Grace' } as const
  const second = await conversations.start({ ...request, clientId: newClientId(), author })
  expect(second.conversationId).not.toBe(conversationId)
  expect(await conversations.summary(second.conversationId)).toMatchObject({
    handler: 'agents',
    status: 'open',
  })

  const early = await conversations.start({ ...request, userIdentifier: 'dora', clientId: newClientId() })
  const dora = await server.visitor({ intent: 'identify' })
  const answer = await dora.device.ask<Authenticated>(
    'identity:authenticate',
    await authentication({ sub: 'dora' }),
  )
  expect(answer.conversation.id).toBe(early.conversationId)
})

it('[RS4] begins one without a message, once for a client id, where the first message is then the user’s or the company’s', async () => {
  const one = await startRealtime({ withBot: true })
  try {
    const { conversations } = one.realtime
    const begin = (userIdentifier: string, by: Partial<Parameters<typeof conversations.start>[0]> = {}) =>
      conversations.start({ app: 'shop' as AppId, userIdentifier, ...by })
    const { device } = await one.visitor({ intent: 'identify' })
    await device.ask<Authenticated>('identity:authenticate', await authentication({ sub: 'cleo' }))
    const clientId = newClientId()
    const { conversationId, message } = await begin('cleo', { clientId })
    expect(message).toMatchObject({ seq: 1, kind: 'event', event: { type: 'handed-to-bot' } })
    expect(await begin('cleo', { clientId })).toEqual({ conversationId, message })
    await device.heard<Conversation>('conversation', ({ id }) => id === conversationId)
    expect(await one.storage.botDeliveries.count()).toBe(0)
    expect(await conversations.summary(conversationId)).toMatchObject({ handler: 'bot', status: 'open' })
    expect(await device.send(conversationId, 'hello')).toMatchObject({ seq: 2 })
    const { conversationId: ofAgent, message: begun } = await begin('dora', {
      author: { kind: 'agent', name: 'Grace' },
    })
    expect(await conversations.summary(ofAgent)).toMatchObject({ handler: 'agents', headSeq: 1 })
    const handed = { type: 'handed-to-agents', cause: 'company-asked' }
    expect(begun).toMatchObject({ kind: 'event', event: handed })
    const body = { text: 'Your parcel is late.' }
    const request = { app: 'shop' as AppId, conversationId: ofAgent, body }
    expect(await conversations.post(request)).toMatchObject({ seq: 2, ...body })
  } finally {
    await one.stop()
  }
})

it('[RS4] begins none beside an open one where the app allows one at a time; the bot that began it is not asked about it', async () => {
  const one = await startRealtime({ withBot: true, shop: { openConversations: 'one' } })
  try {
    const { conversations } = one.realtime
    const request = { app: 'shop' as AppId, userIdentifier: 'cleo', body: { text: 'hello' } }
    const { conversationId } = await conversations.start(request)
    await expect(conversations.start(request)).rejects.toMatchObject({ code: 'conflict' })
    expect(await conversations.summary(conversationId)).toMatchObject({ handler: 'bot' })
    expect(await one.storage.botDeliveries.count()).toBe(0)
    await conversations.close(conversationId)
    expect((await conversations.start(request)).message).toMatchObject({ seq: 1 })
  } finally {
    await one.stop()
  }
})
