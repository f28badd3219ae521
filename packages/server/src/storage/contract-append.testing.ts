/** The contract of `messages.append`: dedupe, order, ownership. */
import { randomUUID } from 'node:crypto'
import type { AgentId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import {
  closing,
  type Fixture,
  loginCard,
  newClientId,
  newConversationId,
  newUserId,
  SHOP,
  START,
  stored,
  textFrom,
  visitorText,
} from './contract-fixture.testing.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

export function appendContract(fixture: Fixture): void {
  it('[DL2] gives the first message seq 1 and makes the conversation with it', async () => {
    const session = await fixture.anonymous()
    const { created, message, conversation } = await fixture.append(visitorText(session, 'Hello'))
    expect(created).toBe(true)
    expect(message).toMatchObject({
      kind: 'text',
      text: 'Hello',
      seq: 1,
      conversationId: session.conversationId,
      author: { kind: 'visitor' },
      createdAt: new Date(START).toISOString(),
    })
    expect(conversation).toEqual({
      id: session.conversationId,
      app: SHOP,
      owner: { kind: 'visitor', id: session.visitorId },
      userIdentifier: null,
      method: null,
      status: 'open',
      handler: 'agents',
      headSeq: 1,
      visitorReadSeq: 1,
      agentReadSeq: 0,
      visitorDeliveredSeq: 0,
      agentDeliveredSeq: 0,
      language: null,
      createdAt: START,
      updatedAt: START,
    })
    expect(await fixture.storage.conversations.find(session.conversationId)).toEqual(conversation)
    expect(await fixture.storage.messages.find(message.id)).toEqual(message)
  })

  it('[DL2] answers a repeated client id with the same message', async () => {
    const session = await fixture.anonymous()
    const request = visitorText(session, 'Hello')
    const first = await fixture.append(request)
    await fixture.append(visitorText(session, 'And more'))
    const again = await fixture.append({ ...request, at: START + 5 })
    expect(again).toMatchObject({ created: false, message: first.message, isBotAsked: false })
    expect(again.conversation.headSeq).toBe(2)
    expect(await fixture.all(session.conversationId)).toHaveLength(2)
  })

  it('[DL2] refuses a client id with another body, author or kind, and stores nothing', async () => {
    const session = await fixture.anonymous()
    const request = visitorText(session, 'Hello')
    await fixture.append(request)
    const reused = { ok: false, code: 'client-id-reused' }
    const { append } = fixture.storage.messages
    expect(await append({ ...request, body: { kind: 'text', text: 'Other' } })).toEqual(reused)
    expect(await append({ ...request, author: { kind: 'agent' }, as: null })).toEqual(reused)
    const card = loginCard(session.conversationId, { kind: 'nothing' })
    expect(await append({ ...card, clientId: request.clientId })).toEqual(reused)
    expect(await fixture.all(session.conversationId)).toHaveLength(1)
  })

  it('[DL2] keeps one message of a client id that is sent many times at once, also a new conversation’s first', async () => {
    const session = await fixture.anonymous()
    const request = visitorText(session, 'Hello')
    const results = await Promise.all(numbers(20).map(() => fixture.append(request)))
    expect(results.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(results.map(({ message }) => message.id)).size).toBe(1)
    const mixed = visitorText(session, 'One')
    const [one, other] = await Promise.all([
      fixture.storage.messages.append(mixed),
      fixture.storage.messages.append({ ...mixed, body: { kind: 'text', text: 'Two' } }),
    ])
    expect(stored(one).message.seq).toBe(2)
    expect(other).toEqual({ ok: false, code: 'client-id-reused' })
  })

  it('[DL2] recognises a repeated message whose text the database cannot keep as it is', async () => {
    const session = await fixture.anonymous()
    const request = visitorText(session, 'nul \0 and half a pair \ud83d end 😀')
    const { message } = await fixture.append(request)
    expect(message.text).toBe('nul \ufffd and half a pair \ufffd end 😀')
    expect(await fixture.append(request)).toMatchObject({ created: false, message })
    expect(await fixture.storage.messages.find(message.id)).toEqual(message)
  })

  it('[DL4] gives 500 parallel appends of one conversation 1 to 500 in the order of the calls', async () => {
    const session = await fixture.anonymous()
    const results = await Promise.all(
      numbers(500).map((number) => fixture.append(visitorText(session, `${number}`))),
    )
    expect(results.map(({ message }) => message.seq)).toEqual(numbers(500))
    expect(results.map(({ conversation }) => conversation.headSeq)).toEqual(numbers(500))
    const kept = await fixture.all(session.conversationId)
    expect(kept.map(({ seq, text }) => [seq, text])).toEqual(numbers(500).map((n) => [n, `${n}`]))
  })

  it('[DL4] keeps each conversation gapless when many are written at once', async () => {
    const sessions = await Promise.all(numbers(30).map(() => fixture.anonymous()))
    const rounds = numbers(15)
    await Promise.all(
      rounds.flatMap((round) => sessions.map((session) => fixture.append(visitorText(session, `${round}`)))),
    )
    for (const session of sessions) {
      const kept = await fixture.all(session.conversationId)
      expect(kept.map(({ seq, text }) => [seq, text])).toEqual(rounds.map((n) => [n, `${n}`]))
    }
  })

  it('does not let a refused append fail those stored with it', async () => {
    const session = await fixture.anonymous()
    const stranger = await fixture.anonymous()
    const first = visitorText(session, 'One')
    const results = await Promise.all(
      [
        first,
        textFrom({ kind: 'agent' }, newConversationId(), 'Nobody here'),
        visitorText(stranger, 'Not mine', { conversationId: session.conversationId }),
        { ...first, body: { kind: 'text', text: 'Other' } } as const,
        visitorText(session, 'Two'),
      ].map((request) => fixture.storage.messages.append(request)),
    )
    expect(results.map((result) => (result.ok ? result.message.seq : result.code))).toEqual([
      1,
      'not-found',
      'not-found',
      'client-id-reused',
      2,
    ])
  })

  it('lets nobody write in somebody else’s conversation, nor learn that it is there', async () => {
    const session = await fixture.anonymous()
    const request = visitorText(session, 'Mine')
    await fixture.append(request)
    const stranger = await fixture.anonymous()
    const { session: user } = await fixture.identify(null, 'ann')
    const notFound = { ok: false, code: 'not-found' }
    const { append } = fixture.storage.messages
    for (const intruder of [stranger, user]) {
      const { as } = visitorText(intruder, '')
      expect(await append({ ...request, as })).toEqual(notFound)
      expect(await append({ ...request, as, clientId: newClientId() })).toEqual(notFound)
    }
    const owner = { kind: 'visitor', id: session.visitorId } as const
    const otherApp = { app: 'bank' as typeof SHOP, owner }
    expect(await append({ ...request, as: otherApp, clientId: newClientId() })).toEqual(notFound)
    const unknown = { app: SHOP, owner: { kind: 'user', id: newUserId() } } as const
    const fresh = { conversationId: newConversationId(), clientId: newClientId(), as: unknown }
    expect(await append({ ...request, ...fresh })).toEqual(notFound)
    expect(await fixture.all(session.conversationId)).toHaveLength(1)
  })

  it('answers not-found to agents, bot and system where there is no conversation', async () => {
    for (const kind of ['agent', 'bot', 'system'] as const) {
      const request = textFrom({ kind }, newConversationId(), 'Hello?')
      expect(await fixture.storage.messages.append(request)).toEqual({ ok: false, code: 'not-found' })
      expect(await fixture.storage.conversations.find(request.conversationId)).toBeNull()
    }
  })

  it('gives a user’s new conversation to the user', async () => {
    const { session } = await fixture.identify(null, 'ann')
    const { conversation } = await fixture.append(visitorText(session, 'Hello'))
    expect(conversation).toMatchObject({
      owner: { kind: 'user', id: session.user?.id },
      userIdentifier: 'ann',
    })
    expect(await fixture.storage.conversations.find(conversation.id)).toEqual(conversation)
  })

  it('opens a closed conversation with the visitor’s next message, not with an agent’s', async () => {
    const session = await fixture.anonymous()
    await fixture.append(visitorText(session, 'Hello'))
    const id = session.conversationId
    expect((await fixture.append(closing(id))).conversation.status).toBe('closed')
    const agent = await fixture.append(textFrom({ kind: 'agent' }, id, 'One more thing'))
    expect(agent.conversation.status).toBe('closed')
    const visitor = await fixture.append(visitorText(session, 'Wait'))
    expect(visitor.conversation.status).toBe('open')
    expect((await fixture.storage.conversations.find(id))?.status).toBe('open')
  })

  it('[DL4] leaves one event of all who close a conversation at once, wherever they saw its head', async () => {
    const session = await fixture.anonymous()
    await fixture.append(visitorText(session, 'Hello'))
    const id = session.conversationId
    const results = await Promise.all(numbers(5).map(() => fixture.storage.messages.append(closing(id))))
    expect(results.map((result) => (result.ok ? result.message.seq : result.code)).sort()).toEqual([
      2,
      ...Array(4).fill('client-id-reused'),
    ])
    expect((await fixture.append(visitorText(session, 'Wait'))).message.seq).toBe(4)
    expect((await fixture.append(closing(id))).message.seq).toBe(5)
  })

  it('counts an author’s own message as read by the author’s side', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    await fixture.append(visitorText(session, '1'))
    await fixture.append(textFrom({ kind: 'system' }, id, '2'))
    const kim = { kind: 'agent', id: randomUUID() as string as AgentId, name: 'Kim' } as const
    const third = await fixture.append(textFrom(kim, id, '3'))
    expect(third.message.author).toEqual(kim)
    const [kept] = await fixture.storage.messages.list({ conversationId: id, after: 2, limit: 1 })
    expect(kept?.author).toEqual(kim)
    expect(third.conversation).toMatchObject({ headSeq: 3, visitorReadSeq: 1, agentReadSeq: 3 })
    const fourth = await fixture.append(visitorText(session, '4'))
    expect(fourth.conversation).toMatchObject({ visitorReadSeq: 4, agentReadSeq: 3 })
    const fifth = await fixture.append(textFrom({ kind: 'bot' }, id, '5'))
    expect(fifth.conversation).toMatchObject({ visitorReadSeq: 4, agentReadSeq: 5 })
    expect(await fixture.storage.conversations.find(id)).toEqual(fifth.conversation)
  })

  it('keeps login cards and events as they were sent, without what the card waits for', async () => {
    const session = await fixture.anonymous()
    const { message } = await fixture.append(visitorText(session, 'Where is my order?'))
    const card = loginCard(session.conversationId, { kind: 'message', messageId: message.id })
    const kept = (await fixture.append(card)).message
    expect(kept).toMatchObject({
      kind: 'login',
      text: 'Please sign in.',
      login: { button: 'Sign in', reason: 'message' },
    })
    expect(JSON.stringify(kept)).not.toContain('blocked')
    const event = { type: 'signed-in', userIdentifier: 'ann' } as const
    const note = textFrom({ kind: 'system' }, session.conversationId, '', {
      body: { kind: 'event', text: 'Signed in as ann', event },
    })
    expect((await fixture.append(note)).message).toMatchObject({ kind: 'event', event })
    expect((await fixture.append(note)).created).toBe(false)
    expect((await fixture.all(session.conversationId))[1]).toEqual(kept)
  })

  it('owes the bot a delivery while the conversation is the bot’s, until an agent takes over', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    const notify = { notifyBot: true }
    const first = await fixture.append(visitorText(session, 'One', notify))
    expect(first.conversation.handler).toBe('bot')
    expect(first.isBotAsked).toBe(true)
    const agent = textFrom({ kind: 'agent' }, id, 'I am here', { takeOver: true })
    expect((await fixture.append(agent)).conversation.handler).toBe('agents')
    const after = await fixture.append(visitorText(session, 'Two', notify))
    expect(after).toMatchObject({ isBotAsked: false, conversation: { handler: 'agents' } })
    expect(await fixture.owed(id)).toEqual([{ kind: 'message', messageId: first.message.id }])
  })
}
