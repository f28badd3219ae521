/** The contract of messages about earlier ones: answers, edits, deletions; and of bodies of every kind. */
import type { AgentId, ConversationEvent, MessageContent, PostedBody } from '@chat-widget/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { postedBodies } from '../kinds/bodies.testing.ts'
import { eventContent } from '../kinds/event.ts'
import { contentOfBody } from '../kinds/index.ts'
import {
  closing,
  type Fixture,
  newAgentId,
  newClientId,
  START,
  textFrom,
  visitorText,
} from './contract-fixture.testing.ts'
import type { AppendRequest, SessionRecord } from './storage.ts'

const QUESTION: PostedBody<'text'> = {
  text: 'Which one?',
  quickReplies: [
    { label: 'The small one', value: 's' },
    { label: 'The large one', value: 'l' },
  ],
}
const CARDS: PostedBody = {
  cards: [
    { title: 'Tent', buttons: [{ label: 'Take it', value: 'tent' }] },
    { title: 'Mat', buttons: [{ label: 'Look', url: 'https://example.com' }] },
  ],
}
const FORM: PostedBody<'form'> = {
  form: {
    title: 'Your return',
    fields: [
      { name: 'order', label: 'Order number', type: 'text', required: true },
      { name: 'why', label: 'Reason', type: 'select', options: [{ label: 'Broken', value: 'broken' }] },
    ],
    submit: 'Send',
  },
}

export function aboutContract(fixture: Fixture): void {
  const append = (request: AppendRequest) => fixture.storage.messages.append(request)

  async function asked(body: PostedBody, author: 'bot' | 'agent' = 'bot') {
    const session = await fixture.anonymous()
    await fixture.append(visitorText(session, 'hello'))
    const { message } = await fixture.append(
      textFrom({ kind: author }, session.conversationId, '', { body: contentOfBody(body) }),
    )
    return { session, seq: message.seq, conversationId: session.conversationId, message }
  }
  const posted = (session: SessionRecord, body: PostedBody) =>
    visitorText(session, '', { body: contentOfBody(body) })
  const reply = (session: SessionRecord, to: number, value: string, text: string) =>
    posted(session, { text, reply: { to, value } })
  const change = ({ conversationId }: SessionRecord, event: ConversationEvent) =>
    textFrom({ kind: 'system' }, conversationId, '', { body: eventContent(event) })
  const edit = (session: SessionRecord, of: number, body: PostedBody) =>
    change(session, { type: 'edited', of, body: contentOfBody(body) as MessageContent<'text'> })
  const remove = (session: SessionRecord, of: number) => change(session, { type: 'deleted', of })
  const told = async ({ conversationId }: SessionRecord) =>
    (await fixture.all(conversationId)).map(({ text }) => text)

  it('[MK7] a quick reply is taken once, whichever of them it is', async () => {
    const { session, seq } = await asked(QUESTION)
    const taken = reply(session, seq, 's', 'The small one')
    const { message } = await fixture.append(taken)
    expect(message).toMatchObject({ text: 'The small one', reply: { to: seq, value: 's' } })
    const refused = { ok: false, code: 'already-answered' }
    expect(await append(reply(session, seq, 'l', 'The large one'))).toEqual(refused)
    expect(await append({ ...taken, clientId: newClientId() })).toEqual(refused)
    expect(await append(taken)).toMatchObject({ ok: true, created: false, message })
    expect(await told(session)).toEqual(['hello', 'Which one?', 'The small one'])
  })

  it('[MK7] a reply is worded by the label of its value, whatever its text was', async () => {
    const { session, seq } = await asked(QUESTION)
    const request = reply(session, seq, 's', 'I agree to everything')
    const { message } = await fixture.append(request)
    expect(message).toMatchObject({ text: 'The small one', reply: { to: seq, value: 's' } })
    expect(await append(request)).toMatchObject({ ok: true, created: false, message })
  })

  it('[DL2] a client id with another body of any kind is refused', async () => {
    const { session, seq } = await asked(QUESTION)
    const form = await asked(FORM)
    const { text } = QUESTION
    const pairs: readonly (readonly [AppendRequest, PostedBody])[] = [
      [textFrom({ kind: 'bot' }, session.conversationId, '', { body: contentOfBody(QUESTION) }), { text }],
      [textFrom({ kind: 'bot' }, session.conversationId, '', { body: contentOfBody(CARDS) }), FORM],
      [
        textFrom({ kind: 'bot' }, session.conversationId, '', {
          body: contentOfBody({ text, format: 'plain' }),
        }),
        { text, format: 'markdown' },
      ],
      [reply(session, seq, 's', 's'), { text: 's', reply: { to: seq, value: 'l' } }],
      [
        posted(form.session, { to: form.seq, values: { order: '1' } }),
        { to: form.seq, values: { order: '2' } },
      ],
    ]
    for (const [request, other] of pairs) {
      await fixture.append(request)
      expect(await append(request)).toMatchObject({ ok: true, created: false })
      expect(await append({ ...request, body: contentOfBody(other) })).toEqual({
        ...{ ok: false, code: 'client-id-reused' },
      })
    }
  })

  it('[MK7] of two that are taken at the same moment one is stored', async () => {
    const { session, seq } = await asked(QUESTION)
    const results = await Promise.all([
      append(reply(session, seq, 's', 'The small one')),
      append(reply(session, seq, 'l', 'The large one')),
    ])
    expect(results.map((result) => (result.ok ? 'stored' : result.code))).toEqual([
      'stored',
      'already-answered',
    ])
  })

  it('[MK7] a card’s button with a value is taken in the same way', async () => {
    const { session, seq } = await asked(CARDS, 'agent')
    await fixture.append(reply(session, seq, 'tent', 'Take it'))
    expect(await append(reply(session, seq, 'tent', 'Take it'))).toMatchObject({ code: 'already-answered' })
  })

  it('[MK7] what a message does not offer is refused, and nothing is stored', async () => {
    const { session, seq } = await asked(QUESTION)
    const other = await asked(QUESTION)
    const card = await asked(CARDS)
    const form = await asked(FORM)
    const bad = { ok: false, code: 'bad-request', problem: expect.any(String) }
    expect(await append(reply(session, seq, 'm', 'The small one'))).toEqual(bad)
    expect(await append(reply(session, 1, 's', 'The small one'))).toEqual(bad)
    expect(await append(reply(session, 99, 's', 'The small one'))).toEqual(bad)
    expect(await append(reply(card.session, card.seq, 'https://example.com', 'Look'))).toEqual(bad)
    expect(await append(posted(session, { to: seq, values: { order: '1' } }))).toEqual(bad)
    expect(await append(reply(form.session, form.seq, 'broken', 'Broken'))).toEqual(bad)
    expect(await told(session)).toEqual(['hello', 'Which one?'])
    await fixture.append(reply(other.session, other.seq, 's', 'The small one'))
  })

  it('[MK8] a form is answered once, by values that fit it, worded by its labels', async () => {
    const { session, seq } = await asked(FORM)
    const answer = (values: Readonly<Record<string, string>>) => posted(session, { to: seq, values })
    for (const values of [
      {},
      { why: 'broken' },
      { order: ' ' },
      { order: '1', why: 'x' },
      { order: '1', a: 'b' },
    ])
      expect(await append(answer(values))).toMatchObject({ ok: false, code: 'bad-request' })
    const sent = answer({ why: 'broken', order: 'A-17' })
    const { message } = await fixture.append(sent)
    expect(message).toMatchObject({
      kind: 'form-answer',
      text: 'Order number: A-17\nReason: Broken',
      values: { order: 'A-17', why: 'broken' },
    })
    expect(await append(sent)).toMatchObject({ ok: true, created: false, message })
    expect(await append(answer({ order: 'B-1' }))).toEqual({ ok: false, code: 'already-answered' })
    expect(await fixture.storage.messages.find(message.id)).toEqual(message)
  })

  it('[MK8] a field left blank is none', async () => {
    const { session, seq } = await asked(FORM)
    const { message } = await fixture.append(posted(session, { to: seq, values: { order: '1', why: '' } }))
    expect(message).toMatchObject({ text: 'Order number: 1', values: { order: '1' } })
  })

  it('[MK9] an edited message keeps its seq and has the new content', async () => {
    const { session, seq, message } = await asked(QUESTION)
    const request = edit(session, seq, { text: 'Which **one** is it?' })
    const edited = await fixture.append(request)
    const { quickReplies: _, ...rest } = message as typeof message & { quickReplies: unknown }
    expect(edited.message).toMatchObject({
      seq: seq + 1,
      event: { type: 'edited', of: seq, body: { kind: 'text', text: 'Which **one** is it?' } },
    })
    const [, now] = await fixture.all(session.conversationId)
    expect(now).toEqual({ ...rest, text: 'Which **one** is it?', edited: true })
    expect(await append(request)).toMatchObject({ ok: true, created: false })
    expect(await append({ ...request, clientId: newClientId() })).toEqual({ ok: false, code: 'unchanged' })
    expect(await append(reply(session, seq, 's', 'The small one'))).toMatchObject({ code: 'bad-request' })
  })

  it('[MK9] nothing is left of a deleted message, in what was told of it neither', async () => {
    const { session, seq, message } = await asked({ text: 'the secret one' })
    await fixture.append(edit(session, seq, { text: 'the secret two' }))
    await Promise.all([
      fixture.append(edit(session, seq, { text: 'the secret three' })),
      fixture.append(remove(session, seq)),
    ])
    const all = await fixture.all(session.conversationId)
    expect(JSON.stringify(all)).not.toContain('secret')
    const { id, clientId, conversationId, author, createdAt } = message
    expect(all[1]).toEqual({
      ...{ id, clientId, conversationId, seq, author, createdAt },
      ...{ kind: 'text', text: 'A message was deleted.', deleted: true },
    })
    expect(all.slice(2).map((one) => one.kind === 'event' && one.event)).toEqual([
      { type: 'edited', of: seq },
      { type: 'edited', of: seq },
      { type: 'deleted', of: seq },
    ])
    expect(await append(remove(session, seq))).toEqual({ ok: false, code: 'unchanged' })
    expect(await append(edit(session, seq, { text: 'back' }))).toMatchObject({ code: 'bad-request' })
    for (const request of [edit(session, 99, { text: 'x' }), remove(session, 99)])
      expect(await append(request)).toEqual({ ok: false, code: 'no-message' })
  })

  it('[MK9] only texts, cards and forms of the agents’ side can be changed, each to its kind', async () => {
    const { session, seq } = await asked({ login: { text: 'Sign in', button: 'Go' } })
    const { message: event } = await fixture.append(change(session, { type: 'handed-to-bot' }))
    const form = await asked(FORM)
    const bad = { ok: false, code: 'bad-request', problem: expect.any(String) }
    for (const of of [1, seq, event.seq]) {
      expect(await append(remove(session, of))).toEqual(bad)
      expect(await append(edit(session, of, { text: 'changed' }))).toEqual(bad)
    }
    expect(await append(edit(form.session, form.seq, CARDS))).toEqual(bad)
    await fixture.append(posted(form.session, { to: form.seq, values: { order: '1' } }))
    const other: PostedBody = { form: { ...FORM.form, title: 'Another one' } }
    expect(await append(edit(form.session, form.seq, other))).toEqual({ ok: false, code: 'already-answered' })
    await fixture.append(remove(form.session, form.seq))
  })

  it('[MK11] an event says that the visitor opened a closed conversation again', async () => {
    const session = await fixture.anonymous()
    await fixture.append(visitorText(session, 'hello'))
    await fixture.append(closing(session.conversationId))
    const request = visitorText(session, 'once more')
    const { message, preceding, conversation } = await fixture.append(request)
    expect(preceding).toMatchObject([{ seq: 3, author: { kind: 'system' }, event: { type: 'reopened' } }])
    expect([message.seq, conversation.headSeq, conversation.status]).toEqual([4, 4, 'open'])
    expect(await fixture.append(request)).toMatchObject({ created: false, preceding: [], message })
    await fixture.append(visitorText(session, 'and more'))
    expect(await told(session)).toEqual([
      ...['hello', 'Closed.', 'The conversation was opened again.', 'once more', 'and more'],
    ])
  })

  it('[MK11] an event says that an agent joined, before their first message', async () => {
    const session = await fixture.anonymous()
    await fixture.append(visitorText(session, 'hello'))
    const ids = [newAgentId(), newAgentId()] as const
    const by = (id: AgentId, text: string) =>
      textFrom({ kind: 'agent', id, name: 'Grace' }, session.conversationId, text, { takeOver: true })
    const [first, second] = await Promise.all([
      fixture.append(by(ids[0], 'one')),
      fixture.append(by(ids[0], 'two')),
    ])
    expect(first.preceding).toMatchObject([{ event: { type: 'joined', agent: { name: 'Grace' } } }])
    expect(second.preceding).toEqual([])
    await fixture.append(by(ids[1], 'three'))
    await fixture.append(by(ids[0], 'four'))
    const joined = 'Grace joined the conversation.'
    expect(await told(session)).toEqual(['hello', joined, 'one', 'two', joined, 'three', 'four'])
  })

  it('[MK11] agents who have read everything have read such events too', async () => {
    const { session, seq, conversationId } = await asked({ text: 'one' })
    const read = async () => (await fixture.storage.conversations.find(conversationId))?.agentReadSeq
    await fixture.append(edit(session, seq, { text: 'two' }))
    expect(await read()).toBe(3)
    await fixture.append(visitorText(session, 'what?'))
    await fixture.append(remove(session, seq))
    expect(await read()).toBe(3)
  })

  it('[MK4] any body that is accepted is told as it was posted, also after a restart', async () => {
    const session = await fixture.anonymous()
    await fixture.append(visitorText(session, 'hello'))
    const contents: MessageContent[] = []
    for (const body of fc.sample(postedBodies, 60)) {
      const content = contentOfBody(body)
      contents.push(content)
      const request = textFrom({ kind: 'bot' }, session.conversationId, '', { body: content, at: START })
      expect(await append(request)).toMatchObject({ ok: true, message: content })
      expect(await append(request)).toMatchObject({ ok: true, created: false })
    }
    await fixture.reopen()
    const [, ...all] = await fixture.all(session.conversationId)
    for (const [index, content] of contents.entries()) expect(all[index]).toMatchObject(content)
    expect(all.every(({ text }) => text.trim() !== '')).toBe(true)
  })
}
