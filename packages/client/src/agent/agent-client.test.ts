import { type AgentId, type ConversationId, type PostedBody, postedKind } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { randomId } from '../util/random-id.ts'
import { type AgentClient, createAgentClient } from './agent-client.ts'
import {
  AGENT,
  PASSWORD,
  type ScriptedAgentServer,
  startScriptedAgentServer,
} from './agent-server.testing.ts'
import type { OpenConversation } from './agent-state.ts'

let server: ScriptedAgentServer
let client: AgentClient

beforeEach(async () => {
  server = await startScriptedAgentServer()
  client = createAgentClient({ server: server.url, policy: { nextDelayMs: () => 5 } })
})

afterEach(async () => {
  client.close()
  await server.close()
})

async function connected(): Promise<void> {
  await client.restore()
  await vi.waitFor(() => expect(client.getState().list.status).toBe('loaded'))
}

async function opened(id: ConversationId): Promise<void> {
  client.open(id)
  await vi.waitFor(() => expect(client.getState().conversation?.status).toBe('open'))
}

function conversation(): Extract<OpenConversation, { status: 'open' }> {
  const state = client.getState().conversation
  if (state?.status !== 'open') {
    throw new Error(`the conversation is ${state?.status ?? 'not open'}`)
  }
  return state
}

/** `text` of stored messages, `(text)` of pending ones, `!text` of failed ones, `#name` of actions. */
function shown(): readonly string[] {
  return conversation().items.map((item) => {
    if (item.kind === 'stored') {
      return item.message.text
    }
    if (item.kind === 'run') {
      return `#${item.run.name}`
    }
    const { body } = item
    const text =
      'text' in body ? body.text : 'login' in body ? body.login.text : postedKind(body as PostedBody)
    return item.state.status === 'failed' ? `!${text}` : `(${text})`
  })
}

it('[DL3] shows what a server has that was restored from a backup, and goes on from there', async () => {
  const id = server.addConversation({ messages: 4 })
  await connected()
  await opened(id)
  server.restore(id, 2)
  server.disconnectAll()
  await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'message 2']))
  server.say(id, 'new')
  await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'message 2', 'new']))
})

it.each([
  ['at once', null],
  ['when the server finds the erasure, if the news was lost', () => server.broadcast.deleted()],
  ['with the next connection, if the news was lost', () => server.disconnectAll()],
])('[PD5] shows what is left of a customer who was erased %s', async (_when, later) => {
  const id = server.addConversation({ messages: 2 })
  await connected()
  await opened(id)
  client.send({ text: 'A refund it is' })
  await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'message 2', 'A refund it is']))
  server.erase(id, { quietly: later !== null })
  later?.()
  await vi.waitFor(() =>
    expect(shown()).toEqual(['Deleted by request.', 'Deleted by request.', 'A refund it is']),
  )
  expect(conversation().summary.erased).toBe(true)
})

it('[PD5] shows nothing of a conversation that was deleted, neither open nor in the list', async () => {
  const [kept, id] = [server.addConversation({ messages: 1 }), server.addConversation({ messages: 2 })]
  await connected()
  await opened(id)
  server.remove(id)
  server.broadcast.deleted()
  await vi.waitFor(() =>
    expect(client.getState().conversation).toEqual({ status: 'failed', id, code: 'not-found' }),
  )
  await vi.waitFor(() =>
    expect(client.getState().list.conversations.map((summary) => summary.id)).toEqual([kept]),
  )
})

it('[PD5] takes a conversation out of the list when it is opened and was deleted unheard', async () => {
  const [kept, id] = [server.addConversation({ messages: 1 }), server.addConversation({ messages: 2 })]
  await connected()
  const listed = () => client.getState().list.conversations.map((summary) => summary.id)
  await vi.waitFor(() => expect(listed()).toContain(id))
  server.remove(id)
  client.open(id)
  await vi.waitFor(() => expect(listed()).toEqual([kept]))
})

it('[OP9] sends nothing for a reader, not even that messages were read, and goes on once the role changes', async () => {
  const id = server.addConversation({ messages: 1 })
  server.role = 'reader'
  await connected()
  await opened(id)
  expect(client.send({ text: 'hi' })).toBeNull()
  client.setTyping(true)
  client.markRead()
  server.role = 'agent'
  server.disconnectAll()
  await vi.waitFor(() => expect(client.getState().session).toMatchObject({ agent: { role: 'agent' } }))
  expect(server.conversations.get(id)?.agentReadSeq).toBe(0)
  expect(server.typings).toEqual([])
  client.send({ text: 'now' })
  await vi.waitFor(() => expect(server.sends.map(({ body }) => body)).toEqual([{ text: 'now' }]))
})

describe('session', () => {
  it('is restored by the cookie, and brings agent and apps', async () => {
    await connected()
    expect(client.getState()).toMatchObject({
      session: { status: 'signed-in', agent: AGENT },
      connection: { status: 'connected' },
      apps: [{ id: 'shop', name: 'Northwind' }],
    })
  })

  it('is signed out where there is no cookie, and connects after signing in', async () => {
    server.signedIn = false
    await client.restore()
    expect(client.getState()).toMatchObject({
      session: { status: 'signed-out' },
      connection: { status: 'closed' },
    })
    await client.signIn(AGENT.email, PASSWORD)
    await vi.waitFor(() => expect(client.getState().connection.status).toBe('connected'))
    expect(client.getState().session).toEqual({ status: 'signed-in', agent: AGENT })
  })

  it('is that of another window’s sign-in, and until then the reason stays why this one is signed out', async () => {
    await connected()
    server.broadcast.sessionEnded()
    await vi.waitFor(() => expect(client.getState().session.status).toBe('signed-out'))
    server.signedIn = false
    await client.restore()
    expect(client.getState().session).toEqual({ status: 'signed-out', reason: 'session-invalid' })
    server.signedIn = true
    await client.restore()
    await vi.waitFor(() => expect(client.getState().connection.status).toBe('connected'))
    expect(client.getState().session).toEqual({ status: 'signed-in', agent: AGENT })
  })

  it('answers a wrong password with a stable code and stays signed out', async () => {
    server.signedIn = false
    await client.restore()
    await expect(client.signIn(AGENT.email, 'wrong')).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(client.getState().session).toEqual({ status: 'signed-out' })
  })

  it('goes on looking while the server cannot be reached, and does not ask for the password', async () => {
    const answers = [Promise.reject(new TypeError('down')), Promise.resolve(AGENT)]
    client.close()
    client = createAgentClient({
      server: server.url,
      policy: { nextDelayMs: () => 5 },
      sessions: {
        current: () => answers.shift() ?? Promise.resolve(AGENT),
        signIn: () => Promise.resolve(AGENT),
        signOut: () => Promise.resolve(),
        methods: () => Promise.resolve({ passwords: 'all', issuer: null }),
      },
    })
    await client.restore()
    expect(client.getState().session).toMatchObject({ status: 'restoring', problem: 'internal' })
    await vi.waitFor(() => expect(client.getState().session.status).toBe('signed-in'))
  })

  it('[ID14] says that a session ended, and forgets what was on the screen', async () => {
    const id = server.addConversation({ messages: 2 })
    await connected()
    await opened(id)
    server.broadcast.sessionEnded()
    await vi.waitFor(() => expect(client.getState().session.status).toBe('signed-out'))
    expect(client.getState()).toMatchObject({
      session: { reason: 'session-invalid' },
      connection: { status: 'closed' },
      list: { conversations: [] },
      conversation: null,
    })
  })

  it('is signed out when a reconnect is refused', async () => {
    await connected()
    server.signedIn = false
    server.disconnectAll()
    await vi.waitFor(() =>
      expect(client.getState().session).toEqual({ status: 'signed-out', reason: 'unauthenticated' }),
    )
  })

  it('signs out on the server', async () => {
    await connected()
    await client.signOut()
    expect(server.signedIn).toBe(false)
    expect(client.getState().session).toEqual({ status: 'signed-out' })
  })
})

describe('list', () => {
  it('knows how many messages wait in all conversations', async () => {
    await connected()
    await vi.waitFor(() => expect(client.getState().unread).toBe(7))
    await client.signOut()
    expect(client.getState().unread).toBe(0)
  })

  it('tells a burst of changes a few times, and then what came last', async () => {
    await connected()
    const ids = Array.from({ length: 400 }, () => server.addConversation({ messages: 1 }))
    let told = 0
    const unsubscribe = client.on('change', () => {
      told += 1
    })
    const performanceNow = vi.spyOn(performance, 'now').mockReturnValue(performance.now())
    try {
      for (const id of ids) server.say(id, 'burst')
      await vi.waitFor(() => expect(client.getState().list.conversations).toHaveLength(400))
      // No time passes for the client, so at most one change was emitted, and one is due.
      expect(told).toBeLessThanOrEqual(2)
      await vi.waitFor(() => {
        const last = client
          .getState()
          .list.conversations.filter(({ lastMessage }) => lastMessage?.text === 'burst')
        expect(last).toHaveLength(400)
      })
    } finally {
      performanceNow.mockRestore()
      unsubscribe()
    }
  })

  it('shows the newest first, and a changed conversation moves to the top', async () => {
    const older = server.addConversation({ updatedAt: '2026-01-01T10:00:00.000Z' })
    const newer = server.addConversation({ updatedAt: '2026-01-01T11:00:00.000Z' })
    await connected()
    const ids = () => client.getState().list.conversations.map(({ id }) => id)
    expect(ids()).toEqual([newer, older])
    server.say(older, 'hello')
    await vi.waitFor(() => expect(ids()).toEqual([older, newer]))
    expect(client.getState().list.conversations[0]?.lastMessage?.text).toBe('hello')
  })

  it('pages without losing or doubling a conversation', async () => {
    for (let minute = 0; minute < 55; minute += 1) {
      server.addConversation({ updatedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString() })
    }
    await connected()
    expect(client.getState().list).toMatchObject({ hasMore: true })
    await client.loadMore()
    const { conversations, hasMore } = client.getState().list
    expect(hasMore).toBe(false)
    expect(new Set(conversations.map(({ id }) => id)).size).toBe(55)
  })

  it('drops a conversation that was closed from the open ones, and finds it among the closed', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    await client.closeConversation()
    await vi.waitFor(() => expect(client.getState().list.conversations).toEqual([]))
    expect(conversation().summary.status).toBe('closed')
    client.setFilter({ status: 'closed', app: null })
    await vi.waitFor(() => expect(client.getState().list.conversations.map((one) => one.id)).toEqual([id]))
  })
})

describe('[MK9] a message of the agents’ side', () => {
  it('is edited and deleted, and shown so; what the server refuses is said', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    client.send({ text: 'Clsoed on Sunday' })
    await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'Clsoed on Sunday']))
    await client.edit(2, { text: 'Closed on Sunday' })
    await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'Closed on Sunday', 'Edited']))
    expect(conversation().items[1]).toMatchObject({ message: { seq: 2, edited: true } })
    await expect(client.edit(1, { text: 'x' })).rejects.toMatchObject({ code: 'bad-request' })
    await client.remove(2)
    await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'Deleted', 'Edited', 'Deleted']))
    expect(conversation().items[1]).toMatchObject({ message: { seq: 2, deleted: true } })
  })
})

describe('open conversation', () => {
  it('shows the newest page, and older ones on demand', async () => {
    const id = server.addConversation({ messages: 60 })
    await connected()
    await opened(id)
    expect(shown()).toHaveLength(50)
    expect(conversation().hasOlder).toBe(true)
    await client.loadOlder()
    expect(shown()).toEqual(server.messages(id).map(({ text }) => text))
    expect(conversation().hasOlder).toBe(false)
  })

  it('says so when there is no such conversation', async () => {
    await connected()
    client.open('6b9a9ad2-9e9b-4a3a-8f5d-2f3f1d1d1d1d' as ConversationId)
    await vi.waitFor(() =>
      expect(client.getState().conversation).toMatchObject({ status: 'failed', code: 'not-found' }),
    )
  })

  it('[DL3] fetches what it lacks when it sees a gap', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    server.say(id, 'lost', { quietly: true })
    server.say(id, 'told')
    await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'lost', 'told']))
  })

  it('[DL3] fetches what it lacks when the head is beyond the cursor', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    server.say(id, 'lost', { quietly: true })
    server.broadcast.head(id)
    await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'lost']))
  })

  it('[DL3] watches again after a reconnect and catches up', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    server.disconnectAll()
    for (let number = 1; number <= 250; number += 1) {
      server.say(id, `missed ${number}`, { quietly: true })
    }
    await vi.waitFor(() => expect(shown()).toHaveLength(251))
    expect(shown().at(-1)).toBe('missed 250')
    server.say(id, 'live again')
    await vi.waitFor(() => expect(shown().at(-1)).toBe('live again'))
  })

  it('stops watching a conversation that was left', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    expect(server.watchers(id)).toBe(1)
    client.leave()
    expect(client.getState().conversation).toBeNull()
    await vi.waitFor(() => expect(server.watchers(id)).toBe(0))
  })

  it('shows typing and takes it back, at the latest with the message', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    server.broadcast.typing(id, true)
    await vi.waitFor(() => expect(conversation().typing).toEqual({ kind: 'visitor' }))
    server.say(id, 'typed')
    await vi.waitFor(() => expect(shown().at(-1)).toBe('typed'))
    expect(conversation().typing).toBeNull()
  })

  it('shows the typing of an agent of the same name, and not that of another window of its own', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    const namesake = { kind: 'agent', id: randomId<AgentId>(), name: AGENT.name } as const
    server.broadcast.typing(id, true, { kind: 'agent', id: AGENT.id, name: AGENT.name })
    server.broadcast.typing(id, true, namesake)
    await vi.waitFor(() => expect(conversation().typing).not.toBeNull())
    expect(conversation().typing).toEqual(namesake)
  })

  it('tells that the agent types once, and that it is over when the reply goes', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    client.setTyping(true)
    client.setTyping(true)
    client.send({ text: 'hello' })
    await vi.waitFor(() => expect(shown().at(-1)).toBe('hello'))
    expect(server.typings).toEqual([true, false])
  })

  it('marks as read what was shown', async () => {
    const id = server.addConversation({ messages: 3 })
    await connected()
    await opened(id)
    client.markRead()
    await vi.waitFor(() => expect(conversation().summary.agentReadSeq).toBe(3))
    expect(server.conversations.get(id)?.agentReadSeq).toBe(3)
  })
})

describe('sending', () => {
  it('[DL1] shows a reply as sent only after its ack, then as read', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    client.send({ text: 'reply' })
    expect(shown()).toEqual(['message 1', '(reply)'])
    await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'reply']))
    expect(conversation().items.at(-1)).toMatchObject({ delivery: 'sent' })
    server.broadcast.receipt(id, 2)
    await vi.waitFor(() => expect(conversation().items.at(-1)).toMatchObject({ delivery: 'read' }))
  })

  it('sends a login card', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    client.send({ login: { text: 'Please sign in', button: 'Go' } })
    await vi.waitFor(() =>
      expect(conversation().items.at(-1)).toMatchObject({
        kind: 'stored',
        message: { kind: 'login', text: 'Please sign in', login: { button: 'Go' } },
      }),
    )
  })

  it('[DL2] sends again with the same client id when the ack was lost, and shows the message once', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    server.script('store-but-lose-ack')
    client.send({ text: 'once' })
    await vi.waitFor(() => expect(server.sends).toHaveLength(2))
    await vi.waitFor(() => expect(shown()).toEqual(['message 1', 'once']))
    expect(new Set(server.sends.map(({ clientId }) => clientId)).size).toBe(1)
    expect(server.messages(id)).toHaveLength(2)
  })

  it('[DL4] keeps the order in which replies were written, also when the first is refused for now', async () => {
    const id = server.addConversation()
    await connected()
    await opened(id)
    server.script({ code: 'unavailable', message: 'disk full' })
    client.send({ text: 'one' })
    client.send({ text: 'two' })
    await vi.waitFor(() => expect(shown()).toEqual(['one', 'two']))
    expect(server.messages(id).map(({ text }) => text)).toEqual(['one', 'two'])
  })

  it('goes on sending into a conversation that was left', async () => {
    const id = server.addConversation({ messages: 1 })
    await connected()
    await opened(id)
    server.script({ code: 'unavailable', message: 'disk full' })
    client.send({ text: 'later' })
    client.leave()
    await vi.waitFor(() => expect(server.messages(id).at(-1)?.text).toBe('later'))
  })

  it('shows a refused reply as failed, and tries it again with the same client id or gives it up', async () => {
    const id = server.addConversation()
    await connected()
    await opened(id)
    const tooLarge = { code: 'too-large', message: 'too long' } as const
    server.script(tooLarge, tooLarge)
    const first = client.send({ text: 'first' })
    const second = client.send({ text: 'second' })
    await vi.waitFor(() => expect(shown()).toEqual(['!first', '!second']))
    if (first === null || second === null) {
      throw new Error('nothing was sent')
    }
    client.discard(second)
    client.retry(first)
    await vi.waitFor(() => expect(shown()).toEqual(['first']))
    expect(server.sends.map(({ clientId }) => clientId)).toEqual([first, second, first])
  })
})

it('tells changes until unsubscribed, and closes twice without harm', async () => {
  const heard = vi.fn()
  const unsubscribe = client.on('change', heard)
  await connected()
  expect(heard).toHaveBeenCalled()
  unsubscribe()
  const before = heard.mock.calls.length
  const id = server.addConversation({ messages: 1 })
  await vi.waitFor(() => expect(client.getState().list.conversations.map((one) => one.id)).toEqual([id]))
  expect(heard).toHaveBeenCalledTimes(before)
  client.close()
  client.close()
})
