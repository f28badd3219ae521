import type {
  Conversation,
  ConversationId,
  OwnConversation,
  ServerToVisitorEvents,
} from '@chat-widget/protocol'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { EventsFrom } from './connection/event-maps.ts'
import type { RenewingRequest } from './renewing-requests.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'
import { VisitorConversations } from './visitor-conversations.ts'

const ID = 'c1' as ConversationId
const none = { visitorReadSeq: 0, agentReadSeq: 0, visitorDeliveredSeq: 0, agentDeliveredSeq: 0 } as const
const conversation = { id: ID, headSeq: 0, ...none } as const

const listed: OwnConversation = { id: ID, status: 'open', unread: 0, lastMessage: { seq: 1 } as never }

/** `list`: the server's answer. */
function follow(list: () => readonly OwnConversation[]) {
  const request = vi.fn(async () => ({
    ok: true,
    value: { conversations: list(), cursor: null, unread: 0 },
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
  onTestFinished(() => conversations.close())
  conversations.follow(server)
  conversations.open({ ...conversation, status: 'open' })
  const tell = (name: keyof ServerToVisitorEvents, detail?: Conversation) => {
    for (const listener of listeners.get(name) ?? []) listener(detail as never)
  }
  return { conversations, tell }
}

it('[DL15] lists a conversation as closed when the server says that it was', async () => {
  let status: OwnConversation['status'] = 'open'
  const { conversations, tell } = follow(() => [{ ...listed, status }])
  await vi.waitFor(() => expect(conversations.list).toMatchObject([{ status: 'open' }]))
  status = 'closed'
  tell('conversation', { ...conversation, status })
  await vi.waitFor(() => expect(conversations.list).toMatchObject([{ status: 'closed' }]))
})

it('[PD3] lists no conversation any more that was deleted', async () => {
  const other = { ...listed, id: 'c2' as ConversationId }
  let all = [listed, other]
  const { conversations, tell } = follow(() => all)
  await vi.waitFor(() => expect(conversations.list.map(({ id }) => id)).toEqual([ID, 'c2']))
  all = [listed]
  tell('conversations:deleted')
  await vi.waitFor(() => expect(conversations.list.map(({ id }) => id)).toEqual([ID]))
})
