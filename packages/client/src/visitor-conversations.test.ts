import type {
  Conversation,
  ConversationId,
  OwnConversation,
  ServerToVisitorEvents,
} from '@chat-widget/protocol'
import { expect, it, vi } from 'vitest'
import type { EventsFrom } from './connection/event-maps.ts'
import type { RenewingRequest } from './renewing-requests.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'
import { VisitorConversations } from './visitor-conversations.ts'

const ID = 'c1' as ConversationId
const none = { visitorReadSeq: 0, agentReadSeq: 0, visitorDeliveredSeq: 0, agentDeliveredSeq: 0 } as const
const conversation = { id: ID, headSeq: 0, ...none } as const

it('[DL15] lists a conversation as closed when the server says that it was', async () => {
  const listed: OwnConversation = { id: ID, status: 'open', unread: 0, lastMessage: { seq: 1 } as never }
  let isClosed = false
  const request = vi.fn(async () => ({
    ok: true,
    value: { conversations: [{ ...listed, status: isClosed ? 'closed' : 'open' }], cursor: null, unread: 0 },
  })) as unknown as RenewingRequest
  const listeners = new Map<string, ((detail: never) => void)[]>()
  const server: EventsFrom<ServerToVisitorEvents> = {
    onEvent(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener])
      return () => {}
    },
  }
  const conversations = new VisitorConversations({
    request,
    identity: {
      visit: new AbortController().signal,
      owner: 'anonymous',
      isLeaving: false,
      settled: async () => {},
    },
    connection: { state: { status: 'connected' }, on: () => () => {} },
    mergePolicy: 'merge',
    prepare() {},
    storage: createMemoryStorage(),
    draft: () => expect.fail('no other conversation is shown'),
    chosen() {},
    delivered() {},
  })
  conversations.follow(server)
  conversations.open({ ...conversation, status: 'open' })
  await vi.waitFor(() => expect(conversations.list).toMatchObject([{ status: 'open' }]))
  isClosed = true
  const told: Conversation = { ...conversation, status: 'closed' }
  for (const listener of listeners.get('conversation') ?? []) listener(told as never)
  await vi.waitFor(() => expect(conversations.list).toMatchObject([{ status: 'closed' }]))
  conversations.close()
})
