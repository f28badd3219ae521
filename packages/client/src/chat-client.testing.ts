/**
 * Shared by tests of `ChatClient`: a real server, a relay in front of it for each test, and clients that are closed
 * after it.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import { ChatClient } from './chat-client.ts'
import type { ChatClientOptions } from './chat-client-api.ts'
import type { ChatState, RequestContextProvider, TimelineItem } from './chat-state.ts'
import type { OutboxEntry } from './conversation/outbox-entry.ts'
import type { LoadSignIn } from './identity/identity-options.ts'
import { type SharedServer, startSharedServer } from './shared-server.testing.ts'
import type { ChatStorage } from './storage/chat-storage.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'
import { startVisitorServer, type VisitorServer } from './visitor-server.testing.ts'

export let server: VisitorServer
const clients: ChatClient[] = []

/** Call it once in a test file. */
export function useVisitorServer(): void {
  let shared: SharedServer
  beforeAll(async () => {
    shared = await startSharedServer()
  })
  afterAll(() => shared.close())
  beforeEach(async () => {
    server = await startVisitorServer(shared)
  })
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()))
    await server.close()
  })
}

export function createClient(options: Partial<ChatClientOptions> = {}, loadSignIn?: LoadSignIn): ChatClient {
  const client = new ChatClient(
    { app: 'shop', server: server.url, storage: createMemoryStorage(), ...options },
    loadSignIn,
  )
  clients.push(client)
  return client
}

export const ada = (requestContextProvider: RequestContextProvider = () => ({ token: 'ada' })) => ({
  userIdentifier: 'ada',
  requestContextProvider,
})

const textOf = (item: TimelineItem) => (item.kind === 'stored' ? item.message.text : item.text)
export const texts = (client: ChatClient) => client.getState().timeline.items.map(textOf)
export const statusOf = (client: ChatClient) => client.getState().identity.status
export const until = (check: () => unknown) => vi.waitFor(check, { interval: 10 })
export const untilStatus = (client: ChatClient, status: ChatState['identity']['status']) =>
  until(() => expect(statusOf(client)).toBe(status))
export const untilConnected = (client: ChatClient) =>
  until(() => expect(client.getState().connection.status).toBe('connected'))
export const outboxOf = async (storage: ChatStorage) =>
  (await storage.get<OutboxEntry<string>[]>('outbox')) ?? []
