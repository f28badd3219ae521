import type {
  Conversation,
  ConversationId,
  Message,
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

/** `request` answers each question for the list. */
function followed(request: RenewingRequest) {
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
  const tell = (name: keyof ServerToVisitorEvents, detail: unknown) => {
    for (const listener of listeners.get(name) ?? []) listener(detail as never)
  }
  return { conversations, tell }
}

/** Answers with one page. */
const listing = (page: () => readonly OwnConversation[]) =>
  vi.fn(async () => ({ ok: true, value: { conversations: page(), cursor: null, unread: 0 } }))

it('[DL15] lists a conversation as closed when the server says that it was', async () => {
  let status: Conversation['status'] = 'open'
  const request = listing(() => [{ id: ID, status, unread: 0, lastMessage: { seq: 1 } as never }])
  const { conversations, tell } = followed(request as unknown as RenewingRequest)
  await vi.waitFor(() => expect(conversations.list).toMatchObject([{ status: 'open' }]))
  status = 'closed'
  tell('conversation', { ...conversation, status })
  await vi.waitFor(() => expect(conversations.list).toMatchObject([{ status: 'closed' }]))
})

it('[DL2] [CV2] lists an own message that was acknowledged after another conversation was shown', async () => {
  let seq = 1
  const id = 'c2' as ConversationId
  const request = listing(() => [{ id, status: 'open', unread: 0, lastMessage: { seq } as never }])
  const { conversations } = followed(request as unknown as RenewingRequest)
  await vi.waitFor(() => expect(conversations.list).toMatchObject([{ lastMessage: { seq: 1 } }]))
  seq = 2
  conversations.sent({ conversationId: id, seq, kind: 'text' } as Message)
  await vi.waitFor(() => expect(conversations.list).toMatchObject([{ lastMessage: { seq: 2 } }]))
})
