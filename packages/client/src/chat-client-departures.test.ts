/** Ownership of calls: data given to a client belongs to the visitor at the time of the call, or to nobody. */
import type { ChatError } from '@chat-widget/protocol'
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
import type { ChatUser } from './chat-state.ts'
import type { ChatStorage } from './storage/chat-storage.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'

useVisitorServer()

const userOf = (userIdentifier: string): ChatUser => ({
  userIdentifier,
  requestContextProvider: () => ({ token: userIdentifier }),
})
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: ChatError) => error.code,
  )
const storedTexts = () => [...server.messages.values()].flat().map(({ text }) => text)

/** Storage whose reads wait until the test releases them. */
function slowToRead(storage: ChatStorage) {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const slow: ChatStorage = {
    ...storage,
    kind: 'persistent',
    async get(key) {
      // As it was when it was requested.
      const value = await storage.get(key)
      await released
      return value as never
    },
  }
  return { slow, release }
}

describe('what a departure leaves', () => {
  const LEAVING: [string, (client: ChatClient) => unknown][] = [
    ['logout()', (client) => client.logout()],
    ['user = null', (client) => client.setUser(null)],
    ['user = B', (client) => client.setUser(userOf('bob'))],
    ['close()', (client) => client.close()],
  ]
  const LATER: [string, () => Promise<unknown>][] = [
    ['in the same task', async () => {}],
    ['a microtask later', () => Promise.resolve()],
    ['a task later', () => new Promise((resolve) => setTimeout(resolve))],
  ]
  const CASES = LEAVING.flatMap(([name, leave]) =>
    LATER.map(([when, wait]) => [name, when, leave, wait] as const),
  )

  it.each(CASES)('[ID12] of A, %s %s: a message is A’s or rejected', async (_name, when, leave, wait) => {
    const client = createClient()
    await client.setUser(ada())
    await client.send('before')
    const mine = server.conversationId()
    const sent = codeOf(client.send('of ada'))
    if (when !== 'in the same task') await wait()
    const left = leave(client)
    const code = await sent
    await left
    expect(['resolved', 'identity-changed', 'closed', 'send-pending']).toContain(code)
    for (const [id, messages] of server.messages)
      if (id !== mine) expect(messages.map(({ text }) => text)).not.toContain('of ada')
  })

  it.each(CASES)(
    '[ID12] of A, %s %s: a conversation begun is A’s or rejected',
    async (_name, when, leave, wait) => {
      const client = createClient()
      await client.setUser(ada())
      const begun = codeOf(client.newConversation())
      if (when !== 'in the same task') await wait()
      const left = leave(client)
      expect(['resolved', 'identity-changed', 'closed']).toContain(await begun)
      await left
      expect(server.begunBy.filter((owner) => owner !== 'ada')).toEqual([])
    },
  )

  it.each(CASES.filter(([name]) => name !== 'close()'))(
    '[ID12] of A, %s %s: nothing is left of draft, retry, typing and taps',
    async (_name, when, leave, wait) => {
      const values = new Map<string, unknown>()
      const storage = createMemoryStorage(values)
      const client = createClient({ storage })
      await client.setUser(ada())
      server.onSend = () => ({ ok: false, error: { code: 'not-found', message: 'no' } })
      await codeOf(client.send('of ada'))
      server.onSend = () => undefined
      const [item] = client.getState().timeline.items
      client.draft = 'half of ada'
      const login = client.requestLogin({ reason: 'message', messageId: null })
      client.setTyping(true)
      client.markRead()
      if (item?.kind === 'pending') client.retry(item.clientId)
      if (when !== 'in the same task') await wait()
      await leave(client)
      client.cancelLogin(login.requestId)
      expect(client.draft).toBe('')
      expect(client.getState().logins).toEqual([])
      expect(texts(client)).toEqual([])
      const stored = [...values.values()]
      expect(JSON.stringify(stored)).not.toContain('of ada')
    },
  )
})

describe('users one after the other', () => {
  it('[ID12] rejects what B handed over when C comes before B was signed in', async () => {
    const storage = createMemoryStorage()
    const client = createClient({ storage })
    await client.setUser(ada())
    client.user = userOf('bob')
    const sent = codeOf(client.send('of bob'))
    client.draft = 'half of bob'
    const begun = codeOf(client.newConversation())
    await client.setUser(userOf('cem'))
    expect(await sent).toBe('identity-changed')
    expect(await begun).toBe('identity-changed')
    expect(client.draft).toBe('')
    expect(await outboxOf(storage)).toEqual([])
    expect(storedTexts()).toEqual([])
  })

  it('[ID12] [AR15] resolves when B is signed in, though whom the chat signed in before leaves first', async () => {
    const storage = createMemoryStorage()
    const visitor = { userIdentifier: 'ann@example.com', method: 'email' }
    await storage.update('session', () => ({ token: 'of before the reload', visitor }))
    const client = createClient({ storage })
    await client.setUser(userOf('bob'))
    expect(client.getState().identity).toMatchObject({ status: 'identified', userIdentifier: 'bob' })
    expect(await storage.get('session')).toBeUndefined()
  })

  it('[ID12] begins B’s conversation as B’s, though A is still leaving', async () => {
    const client = createClient()
    await client.setUser(ada())
    client.user = userOf('bob')
    const id = await client.newConversation()
    expect(client.getState().identity).toMatchObject({ status: 'identified', userIdentifier: 'bob' })
    expect(client.getState().conversation?.id).toBe(id)
    expect(server.conversationId()).toBe(id)
  })

  it('[ID11] keeps an anonymous visitor’s message theirs where conversations stay separate', async () => {
    const storage = createMemoryStorage()
    const client = createClient({ storage, mergePolicy: 'separate' })
    const sent = codeOf(client.send('of a stranger'))
    await client.setUser(ada())
    expect(await sent).toBe('send-pending')
    await client.send('of ada')
    expect(storedTexts()).toEqual(['of ada'])
    const left = [{ body: 'of a stranger', owner: 'anonymous' }]
    await until(async () => expect(await outboxOf(storage)).toMatchObject(left))
  })

  it('[ID2] [ID12] copies the user: an object changed afterwards is another user when it is set again', async () => {
    const client = createClient()
    const user = { userIdentifier: 'ada', requestContextProvider: () => ({ token: user.userIdentifier }) }
    await client.setUser(user)
    await client.send('of ada')
    user.userIdentifier = 'bob'
    expect(client.user?.userIdentifier).toBe('ada')
    await client.setUser(user)
    expect(server.signOuts).toHaveLength(1)
    expect(client.getState().identity).toMatchObject({ status: 'identified', userIdentifier: 'bob' })
    expect(texts(client)).toEqual([])
  })

  it('[ID2] takes userIdentifier: null for an anonymous visitor', async () => {
    const client = createClient()
    const nobody = { userIdentifier: null, requestContextProvider: () => ({}) }
    await client.setUser(nobody)
    expect(client.user).toBeNull()
    await client.setUser(ada())
    await client.setUser(nobody)
    expect(server.signOuts).toHaveLength(1)
    expect(statusOf(client)).toBe('anonymous')
  })
})

describe('a departure', () => {
  it('[ID13] of before what is stored has been read leaves nothing of it', async () => {
    const storage = createMemoryStorage()
    const before = createClient({ storage })
    await before.connect()
    server.isDown = true
    server.cut()
    await until(() => expect(before.getState().connection.status).not.toBe('connected'))
    before.draft = 'half a secret'
    void before.send('a secret').catch(() => {})
    await before.close()
    expect(await outboxOf(storage)).toHaveLength(1)
    server.isDown = false

    const { slow, release } = slowToRead(storage)
    const client = createClient({ storage: slow })
    const connected = client.connect()
    const left = client.logout()
    const next = client.send('of the next')
    release()
    await left
    await connected
    await next
    expect(client.draft).toBe('')
    expect(texts(client)).toEqual(['of the next'])
    expect(storedTexts()).toEqual(['of the next'])
    await until(async () => expect(await outboxOf(storage)).toEqual([]))
    expect(await storage.get('draft')).toBeUndefined()
    expect(await storage.get('drafts')).toBeUndefined()
  })

  it('[ID13] that is under way is raised to everywhere', async () => {
    const client = createClient()
    await client.setUser(ada())
    client.user = null
    await client.logout({ everywhere: true })
    expect(server.signOuts).toEqual([{ everywhere: true }])
  })

  it('[ID13] that was told to the server already says that it did not end the others', async () => {
    const client = createClient()
    await client.setUser(ada())
    let asked: Promise<string>[] = []
    server.onSignOut = async () => {
      asked = [client.logout({ everywhere: true }), client.logout()].map(codeOf)
    }
    await client.setUser(null)
    expect(await Promise.all(asked), 'the one, and another call that asked for less').toEqual([
      'identity-changed',
      'resolved',
    ])
    expect(server.signOuts).toEqual([{ everywhere: false }])
  })

  it('[ID13] everywhere of a user who was not signed in yet says that it did not end the others', async () => {
    const client = createClient()
    void client.setUser(ada(() => new Promise(() => {}))).catch(() => {})
    expect(await codeOf(client.logout({ everywhere: true }))).toBe('identity-changed')
    expect(server.signOuts).toEqual([])
    expect(client.user).toBeNull()
    expect(await codeOf(client.logout({ everywhere: true })), 'nobody is there').toBe('resolved')
  })

  it('[ID13] is finished by a client that is closed meanwhile', async () => {
    const client = createClient()
    await client.setUser(ada())
    const left = codeOf(client.logout())
    await client.close()
    expect(await left).toBe('resolved')
    expect(server.signOuts).toEqual([{ everywhere: false }])
  })

  it('[ID13] and connecting in one task end connected, with a conversation', async () => {
    const storage = createMemoryStorage()
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const update: ChatStorage['update'] = async (key, change) => {
      if (key === 'session') await released
      await storage.update(key, change)
    }
    const client = createClient({ storage: { ...storage, update } })
    const left = client.logout()
    await client.connect()
    release()
    await left
    expect(await client.send('hello')).toMatchObject({ seq: 1 })
    expect(client.getState().conversation).not.toBeNull()
  })
})

describe('every promise settles', () => {
  it('[DL1] after close(), which stays closed', async () => {
    const client = createClient()
    await client.connect()
    await client.close()
    expect(await codeOf(client.send('late'))).toBe('closed')
    expect(await codeOf(client.setUser(ada()))).toBe('closed')
    expect(await codeOf(client.logout())).toBe('closed')
    expect(await codeOf(client.newConversation())).toBe('closed')
    client.user = ada()
    expect(client.getState().connection.status).toBe('closed')
    await until(() => expect(server.sockets.size).toBe(0))
  })

  it('[DL1] at close() says of each message whether it is kept', async () => {
    server.isGone = true
    const kept = createClient({ storage: { ...createMemoryStorage(), kind: 'persistent' } })
    const forgotten = createClient()
    const codes = [codeOf(kept.send('kept')), codeOf(forgotten.send('not kept'))]
    await Promise.all([kept.close(), forgotten.close()])
    expect(await Promise.all(codes)).toEqual(['send-pending', 'closed'])
  })

  it('[DL1] with the code that ended the connection for good', async () => {
    const refuse = () => server.refusals.push({ code: 'unknown-app', message: 'no such app' })
    const client = createClient()
    refuse()
    expect(await codeOf(client.send('hello'))).toBe('unknown-app')
    refuse()
    expect(await codeOf(client.setUser(ada()))).toBe('unknown-app')
    refuse()
    expect(await codeOf(client.newConversation())).toBe('unknown-app')
    const nameless = createClient({ app: '' })
    expect(await codeOf(nameless.send('hello'))).toBe('app-missing')
    expect(await codeOf(nameless.setUser(ada()))).toBe('app-missing')
  })

  it.each(['the first', 'a later'])(
    '[DL1] [DL14] of %s message on a page that changes JSON',
    async (which) => {
      const client = createClient()
      Object.assign(Array.prototype, {
        toJSON(this: unknown[]) {
          return `[${this.join()}]`
        },
      })
      try {
        if (which === 'a later') await codeOf(client.connect())
        expect(await codeOf(client.send('hello'))).toBe('json-patched')
      } finally {
        Reflect.deleteProperty(Array.prototype, 'toJSON')
      }
    },
  )

  it('[DL1] a client goes on where the one before it on its storage could not be closed', async () => {
    const client = createClient({ after: Promise.reject(new Error('the page is odd')) })
    expect(await client.send('hello')).toMatchObject({ seq: 1 })
  })

  it('[DL1] a client on storage that another one is closing waits for it', async () => {
    const storage: ChatStorage = { ...createMemoryStorage(), kind: 'persistent' }
    const first = createClient({ storage })
    await first.connect()
    const sent = Array.from({ length: 40 }, (_, index) => codeOf(first.send(String(index))))
    const closing = first.close()
    const second = createClient({ storage, after: closing })
    await second.connect()
    await until(() => expect(storedTexts()).toEqual(Array.from({ length: 40 }, (_, index) => String(index))))
    expect(new Set(await Promise.all(sent))).not.toContain('closed')
    await untilConnected(second)
    await untilStatus(second, 'anonymous')
  })
})

it('[PD2] a user who is erased by the company: the device shows nothing of before, and comes back as somebody new', async () => {
  const client = createClient()
  await client.setUser(ada())
  await client.send('my secret')
  expect(texts(client)).toEqual(['my secret'])
  const before = client.getState().conversation?.id
  await server.erase('ada')
  await until(() => expect(texts(client)).toEqual([]))
  client.setUser(ada(() => ({ token: 'ada:again' })))
  await untilStatus(client, 'identified')
  await untilConnected(client)
  await client.send('hello')
  expect(texts(client)).toEqual(['hello'])
  expect(client.getState().conversation?.id).not.toBe(before)
})
