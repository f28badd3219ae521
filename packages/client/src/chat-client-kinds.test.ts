/** Kinds of messages in the client: what is sent, kept and shown. */
import type { PostedBody } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import {
  ada,
  createClient,
  outboxOf,
  server,
  statusOf,
  texts,
  until,
  untilConnected,
  untilStatus,
  useVisitorServer,
} from './chat-client.testing.ts'
import type { ChatClient } from './chat-client.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'

useVisitorServer()

const QUESTION: PostedBody = {
  text: 'Sure?',
  quickReplies: [
    { label: 'Yes, please', value: 'yes' },
    { label: 'No', value: 'no' },
  ],
}
const CARD: PostedBody = { cards: [{ title: 'Tent', buttons: [{ label: 'Take it', value: 'tent' }] }] }
const FORM: PostedBody = {
  form: { fields: [{ name: 'order', label: 'Order number', type: 'text', required: true }], submit: 'Send' },
}

/** A client to which the bot has posted; resolves with the seq. */
async function asked(body: PostedBody, options: Parameters<typeof createClient>[0] = {}) {
  const client = createClient(options)
  await client.connect()
  await client.send('hello')
  const { seq, conversationId } = await server.post(server.conversationId(), body)
  await shows(client, 2)
  return { client, seq, conversationId }
}
const shows = (client: ChatClient, count: number) => until(() => expect(texts(client)).toHaveLength(count))
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'sent').catch(({ code }) => code)
const itemOf = (client: ChatClient, index: number) => client.getState().timeline.items[index]

describe('[MK7] a reply', () => {
  it('is sent with the label of what was chosen, to the message’s conversation', async () => {
    const { client, seq, conversationId } = await asked(QUESTION)
    const reply = { to: seq, value: 'yes' }
    const sending = client.send({ reply, text: 'Yes, please' })
    await until(() => expect(texts(client)[2]).toBe('Yes, please'))
    expect(await sending).toMatchObject({ kind: 'text', text: 'Yes, please', reply })
    expect(server.sends.at(-1)).toMatchObject({ conversationId, text: 'Yes, please', reply })
    expect(texts(client)).toEqual(['hello', 'Sure?', 'Yes, please'])
  })

  it('of a card’s button is sent alike', async () => {
    const { client, seq } = await asked(CARD)
    expect(await client.send({ reply: { to: seq, value: 'tent' } })).toMatchObject({ text: 'Take it' })
  })

  it('that is not offered is rejected', async () => {
    const { client, seq } = await asked(QUESTION)
    for (const reply of [
      { to: seq, value: 'maybe' },
      { to: 1, value: 'yes' },
      { to: 99, value: 'yes' },
    ])
      expect(await codeOf(client.send({ reply }))).toBe('bad-request')
    expect(texts(client).slice(2)).toEqual(['maybe', 'yes', 'yes'])
  })

  it('is refused where another device took one before, and shown as failed', async () => {
    const storage = createMemoryStorage()
    const { client, seq } = await asked(QUESTION, { storage })
    await client.send({ reply: { to: seq, value: 'yes' } })
    expect(await codeOf(client.send({ reply: { to: seq, value: 'no' } }))).toBe('already-answered')
    expect(itemOf(client, 3)).toMatchObject({
      ...{ kind: 'pending', text: 'no', body: { text: 'no', reply: { to: seq, value: 'no' } } },
      state: { status: 'failed', code: 'already-answered' },
    })
  })
})

it('[MK8] a form’s values are sent, and come back with their labels', async () => {
  const { client, seq } = await asked(FORM)
  const wrong = client.send({ to: seq, values: { order: '' } })
  await until(() => expect(itemOf(client, 2)).toMatchObject({ kind: 'pending', text: '' }))
  expect(await codeOf(wrong)).toBe('bad-request')
  const values = { order: 'A-17' }
  const sending = client.send({ to: seq, values })
  values.order = 'changed by the host meanwhile'
  expect(await sending).toMatchObject({ kind: 'form-answer', text: 'Order number: A-17' })
})

describe('[MK10] what waits in the outbox', () => {
  it('may be a reply or a form’s answer, and goes out after a reload, once, to its conversation', async () => {
    const storage = createMemoryStorage()
    const { client, seq, conversationId } = await asked(QUESTION, { storage })
    const form = await server.post(conversationId, FORM)
    await shows(client, 3)
    server.isDown = true
    server.cut()
    await until(() => expect(client.getState().connection.status).toBe('reconnecting'))
    const bodies = [
      { text: 'no', reply: { to: seq, value: 'no' } },
      { to: form.seq, values: { order: 'A-17' } },
    ]
    const sent = [
      codeOf(client.send({ reply: { to: seq, value: 'no' } })),
      codeOf(client.send(bodies[1] as never)),
    ]
    await until(async () => expect(await outboxOf(storage)).toHaveLength(2))
    await client.close()
    expect(await outboxOf(storage)).toMatchObject(bodies.map((body) => ({ body, conversationId })))
    expect(await Promise.all(sent)).not.toContain('sent')

    server.isDown = false
    const next = createClient({ storage })
    await next.connect()
    await until(async () => expect(await outboxOf(storage)).toEqual([]))
    await until(() =>
      expect(texts(next)).toEqual(['hello', 'Sure?', '- Order number', 'No', 'Order number: A-17']),
    )
  })

  it('of the last release is sent as text', async () => {
    const storage = createMemoryStorage()
    const entry = { conversationId: null, owner: 'anonymous', createdAt: '2026-01-01T00:00:00.000Z' }
    await storage.update('outbox', () => [
      { ...entry, clientId: '5c8f4d56-0a3c-4a8e-9a6b-0d5b5b1f6c01', body: 'kept' },
    ])
    const client = createClient({ storage })
    await client.connect()
    await until(() => expect(texts(client)).toEqual(['kept']))
  })

  it('belongs to whoever was there at the call', async () => {
    const storage = createMemoryStorage()
    const { client, seq } = await asked(QUESTION, { storage, mergePolicy: 'separate' })
    server.isDown = true
    server.cut()
    await until(() => expect(client.getState().connection.status).toBe('reconnecting'))
    const sent = codeOf(client.send({ reply: { to: seq, value: 'no' } }))
    void client.setUser(ada())
    server.isDown = false
    await untilStatus(client, 'identified')
    await until(async () => expect(await sent).toBe('send-pending'))
    expect(server.sends.filter((one) => 'reply' in one)).toEqual([])
    expect(await outboxOf(storage)).toMatchObject([{ owner: 'anonymous' }])
    expect(statusOf(client)).toBe('identified')
  })
})

describe('[MK9] an earlier message', () => {
  it('is shown as it is since it was edited, and since it was deleted', async () => {
    const { client, seq, conversationId } = await asked(QUESTION)
    await server.edit(conversationId, seq, { text: 'Are you sure?' })
    await shows(client, 3)
    const edited = itemOf(client, 1)
    expect(edited).toMatchObject({ message: { seq, text: 'Are you sure?', edited: true } })
    expect(JSON.stringify(edited)).not.toContain('quickReplies')
    await server.remove(conversationId, seq)
    await shows(client, 4)
    expect(itemOf(client, 1)).toMatchObject({
      message: { kind: 'text', text: 'A message was deleted.', deleted: true },
    })
  })

  it('is caught up with after a pause, also where it was edited twice', async () => {
    const { client, seq, conversationId } = await asked(QUESTION)
    server.isDown = true
    server.cut()
    await server.edit(conversationId, seq, { text: 'one' })
    await server.edit(conversationId, seq, { text: 'two' })
    server.isDown = false
    await untilConnected(client)
    await shows(client, 4)
    expect(texts(client)[1]).toBe('two')
    expect(texts(client).slice(2)).toEqual(['Edited: one', 'Edited: two'])
  })
})
