/** Kinds of messages between visitors, agents and a bot: what is taken, refused and told. */
import type { BotAnswer, FetchedMessages, Message, PostedBody, Ready } from '@chat-widget/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { HOSTILE_BODIES } from '../kinds/bodies.testing.ts'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId, type TestDevice } from './test-device.testing.ts'

let server: TestRealtime
beforeAll(async () => {
  server = await startRealtime({ withBot: true })
})
afterAll(() => server.stop())

const QUESTION = {
  text: 'Is it **urgent**?',
  quick_replies: [
    { label: 'Yes, please', value: 'yes' },
    { label: 'No', value: 'no' },
  ],
}
const FORM: PostedBody<'form'> = {
  form: {
    fields: [{ name: 'order', label: 'Order number', type: 'text', required: true }],
    submit: 'Send',
  },
}

/** A visitor on two devices, whose bot answers what it is given. */
async function asked(messages: NonNullable<BotAnswer['messages']>, changes: BotAnswer = {}) {
  server.company.behaviour.bot = ({ request }) =>
    request.type === 'message' && request.message.text === 'hello'
      ? { messages, ...changes }
      : { messages: [] }
  const { device, ready } = await server.visitor()
  const conversationId = ready.conversation!.id
  await device.send(conversationId, 'hello')
  const other = await server.visitor({ session: (ready as Ready).session!.token })
  const { device: agent } = await server.agent()
  await agent.ask('conversation:watch', { conversationId })
  const all = async (from: TestDevice = device) =>
    (await from.ask<FetchedMessages>('messages:fetch', { conversationId, after: 0, limit: 50 })).messages
  const send = (from: TestDevice, body: object, clientId = newClientId()) =>
    from.request<Message>('message:send', { conversationId, clientId, ...body })
  return { device, other: other.device, agent, conversationId, all, send }
}
const asking = (message: Message) => message.author.kind === 'bot'

it('[MK7] a quick reply of one device is told to all, and to the bot; the next one is refused', async () => {
  const { device, other, agent, send } = await asked([QUESTION])
  const question = await device.message(asking)
  expect(question).toMatchObject({ text: 'Is it **urgent**?', quickReplies: QUESTION.quick_replies })
  const taken = { text: 'No', reply: { to: question.seq, value: 'no' } }
  expect(await send(device, taken)).toMatchObject({ ok: true, value: taken })
  for (const each of [device, other, agent]) {
    const told = await each.message(({ author, text }) => author.kind === 'visitor' && text === 'No')
    expect(told).toMatchObject({ kind: 'text', reply: { to: question.seq, value: 'no' } })
  }
  const second = { text: 'Yes, please', reply: { to: question.seq, value: 'yes' } }
  expect(await send(other, second)).toMatchObject({ ok: false, error: { code: 'already-answered' } })
  await expect
    .poll(() => server.company.botCalls.at(-1)?.request)
    .toMatchObject({ type: 'message', message: taken })
})

it('[MK8] a form’s answer is checked, told with its labels, and given to the bot', async () => {
  const { device, agent, send } = await asked([FORM])
  const form = await device.message(asking)
  expect(form).toMatchObject({ kind: 'form', text: '- Order number', ...FORM })
  const wrong = await send(device, { to: form.seq, values: { order: '' } })
  expect(wrong).toEqual({ ok: false, error: { code: 'bad-request', message: 'values.order: missing' } })
  const answer = { to: form.seq, values: { order: 'A-17' } }
  expect(await send(device, answer)).toMatchObject({ ok: true, value: { kind: 'form-answer', ...answer } })
  expect(await agent.message(({ kind }) => kind === 'form-answer')).toMatchObject({
    text: 'Order number: A-17',
  })
  await expect
    .poll(() => server.company.botCalls.at(-1)?.request)
    .toMatchObject({ type: 'message', message: { kind: 'form-answer', ...answer } })
})

it('[MK9] an agent edits and deletes what the bot has said, and every device is told', async () => {
  const { device, other, agent, conversationId, all } = await asked([{ text: 'Clsoed on Sunday' }])
  const { seq } = await device.message(asking)
  const one = { conversationId, seq }
  const edit = { ...one, clientId: newClientId(), body: { text: 'Closed on Sunday' } }
  const edited = await agent.ask<Message>('message:edit', edit)
  expect(edited).toMatchObject({ seq, text: 'Closed on Sunday', edited: true })
  expect(await agent.ask<Message>('message:edit', edit)).toEqual(edited)
  const event = { type: 'edited', of: seq, body: { kind: 'text', text: 'Closed on Sunday' } }
  for (const each of [device, other, agent])
    expect(await each.message(({ kind }) => kind === 'event')).toMatchObject({ event })
  expect((await all()).find((message) => message.seq === seq)).toEqual(edited)
  const deleted = await agent.ask<Message>('message:delete', one)
  expect(deleted).toMatchObject({ seq, text: 'A message was deleted.', deleted: true })
  expect(await agent.ask<Message>('message:delete', one)).toEqual(deleted)
  await other.message((message) => message.kind === 'event' && message.event.type === 'deleted')
  expect(JSON.stringify(await all())).not.toContain('on Sunday')
  expect(await all()).toHaveLength(4)
})

it('[MK9] a visitor’s message cannot be changed, and a visitor changes none', async () => {
  const { device, agent, conversationId } = await asked([{ text: 'hi' }])
  const { seq } = await device.message(asking)
  const refused = await agent.refusal('message:delete', { conversationId, seq: 1 })
  expect(refused.code).toBe('bad-request')
  const [edited] = await Promise.all([
    Promise.race([
      device
        .request('message:edit', { conversationId, seq, clientId: newClientId(), body: { text: 'x' } })
        .catch(() => 'no answer'),
      device.send(conversationId, 'still there'),
    ]),
  ])
  expect(edited).toMatchObject({ text: 'still there' })
})

it('[MK11] every device is told that an agent joined, before the agent’s first message, and not again', async () => {
  const { device, other, agent, conversationId, all } = await asked([{ text: 'hi' }])
  await device.message(asking)
  for (const text of ['I am here', 'and again'])
    await agent.ask('message:send', { conversationId, clientId: newClientId(), body: { text } })
  for (const each of [device, other]) await each.message(({ text }) => text === 'and again')
  const isJoined = (message: Message) => message.kind === 'event' && message.event.type === 'joined'
  const told = await all(other)
  expect(told.filter(isJoined)).toHaveLength(1)
  expect(told.find(isJoined)?.seq).toBeLessThan(told.find(({ text }) => text === 'I am here')?.seq ?? 0)
})

it('[MK4] hostile bodies are refused, of visitors and of agents, and nothing is stored', async () => {
  const { device, agent, conversationId, all } = await asked([{ text: 'hi' }])
  await device.message(asking)
  const before = await all()
  for (const [title, body] of HOSTILE_BODIES) {
    const ids = { conversationId, clientId: newClientId() }
    const answers = [
      await agent.request('message:send', { ...ids, body }),
      await device.request('message:send', { ...ids, ...body }),
    ]
    for (const answer of answers)
      expect(answer, title).toMatchObject({ ok: false, error: { code: 'bad-request' } })
  }
  for (const body of [QUESTION, FORM, { cards: [{ title: 'x', buttons: [] }] }, { login: {} }])
    expect(
      await device.request('message:send', { conversationId, clientId: newClientId(), ...body }),
    ).toMatchObject({ ok: false, error: { code: 'bad-request' } })
  expect(await all()).toEqual(before)
})

it('[MK1] a bot answers with any kind, and hands over', async () => {
  const cards = [{ title: 'Tent', buttons: [{ label: 'Look', url: 'https://example.com/tent' }] }]
  const { device, all } = await asked([QUESTION, { cards }, FORM, { text: 'plain', format: 'plain' }], {
    handOver: true,
  })
  await device.message(({ kind }) => kind === 'event')
  expect((await all()).map(({ kind }) => kind)).toEqual(['text', 'text', 'cards', 'form', 'text', 'event'])
  expect((await all())[2]).toMatchObject({ cards, text: 'Tent\nLook: https://example.com/tent' })
  expect((await all())[4]).toMatchObject({ format: 'plain' })
})
