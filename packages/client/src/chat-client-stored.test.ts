/** Stored data of another version, or of another script. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  createClient,
  outboxOf,
  texts,
  until,
  untilConnected,
  useVisitorServer,
} from './chat-client.testing.ts'
import type { ChatStorage } from './storage/chat-storage.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'

useVisitorServer()
afterEach(() => void Reflect.deleteProperty(globalThis, 'sessionStorage'))

const GOOD = {
  clientId: '5c8f4d56-0a3c-4a8e-9a6b-0d5b5b1f6c01',
  conversationId: null,
  body: 'kept',
  owner: 'anonymous',
  createdAt: '2026-01-01T00:00:00.000Z',
}

async function storageWith(key: string, value: unknown): Promise<ChatStorage> {
  const storage = { ...createMemoryStorage(), kind: 'persistent' as const }
  await storage.update(key, () => value)
  return storage
}

describe('a stored value that is not understood', () => {
  it.each([
    ['outbox', {}],
    ['outbox', [null]],
    ['outbox', [{ ...GOOD, createdAt: 'yesterday' }]],
    ['draft', null],
    ['draft', { owner: 'anonymous', text: 7 }],
    ['session', null],
    ['session', { token: 'short' }],
    ['session', { token: 'rubbish-rubbish-rubbish-rubbish', visitor: 'ada' }],
    ['logins', { 0: null }],
    ['logins', [null]],
    ['sign-in', 'rubbish'],
    ['sign-in', { userIdentifier: 'ada' }],
    ['departure', {}],
  ])('[DL13] is dropped and told once: %s %j', async (key, value) => {
    const storage = await storageWith(key, value)
    const client = createClient({ storage })
    const errors: string[] = []
    client.on('error', ({ code }) => errors.push(code))
    await client.connect()
    await client.send('hello')
    expect(texts(client)).toEqual(['hello'])
    expect(errors).toEqual(['storage-unreadable'])
    await client.close()

    const next = createClient({ storage })
    next.on('error', ({ code }) => errors.push(code))
    await next.connect()
    expect(errors).toHaveLength(1)
  })

  it('[DL13] takes no message with it that is understood', async () => {
    const storage = await storageWith('outbox', [null, GOOD, { ...GOOD, owner: 1 }])
    const client = createClient({ storage })
    await client.connect()
    await until(() => expect(texts(client)).toEqual(['kept']))
    await until(async () => expect(await outboxOf(storage)).toEqual([]))
  })

  it('[DL13] is dropped from the storage of a tab', async () => {
    const values = new Map([['chat-widget:shop@SERVER:logins', '{']])
    vi.stubGlobal('sessionStorage', undefined)
    Object.defineProperty(globalThis, 'sessionStorage', {
      configurable: true,
      value: {
        getItem: (key: string) => values.get(key.replace(/@.*:logins/, '@SERVER:logins')) ?? null,
        setItem: (key: string, value: string) =>
          void values.set(key.replace(/@.*:logins/, '@SERVER:logins'), value),
        removeItem: (key: string) => void values.delete(key.replace(/@.*:logins/, '@SERVER:logins')),
      },
    })
    const client = createClient({ storage: await storageWith('other', 1) })
    const errors: string[] = []
    client.on('error', ({ code }) => errors.push(code))
    client.connect()
    await untilConnected(client)
    expect(errors).toEqual(['storage-unreadable'])
    expect([...values.keys()]).toEqual([])
  })
})
