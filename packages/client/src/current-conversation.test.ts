import type { Conversation, ConversationId, DeliveredRequest, Message } from '@chat-widget/protocol'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CurrentConversation } from './current-conversation.ts'

const ID = 'c1' as ConversationId
const opened: Conversation = {
  ...{ id: ID, status: 'open', headSeq: 0, visitorReadSeq: 0, agentReadSeq: 0 },
  ...{ visitorDeliveredSeq: 0, agentDeliveredSeq: 0 },
}
const message = (seq: number, kind: Message['author']['kind'] = 'agent') =>
  ({
    ...{ id: `m${seq}`, clientId: `k${seq}`, conversationId: ID, seq, author: { kind } },
    ...{ createdAt: '2026-01-01T00:00:00.000Z', kind: 'text', text: `${seq}` },
  }) as Message

const told: DeliveredRequest[] = []

function createConversation(stored: readonly Message[] = []) {
  const conversation = new CurrentConversation({
    fetch: async () => ({ ok: true, value: { messages: stored, headSeq: stored.length } }),
    read: async () => ({ ok: true, value: null }),
    delivered: (held) => told.push(held),
    isLeaving: () => false,
  })
  conversation.open({ ...opened, headSeq: stored.length })
  return conversation
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  told.length = 0
})

it('[DL16] tells once of several messages that this device holds and nobody has read', async () => {
  const conversation = createConversation()
  for (const seq of [1, 2, 3]) conversation.timeline.receive([message(seq)])
  expect(told).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(told).toEqual([{ conversationId: ID, seq: 3 }])
  conversation.takeReceipt({ conversationId: ID, reader: 'agent', seq: 0 })
  await vi.runAllTimersAsync()
  expect(told).toHaveLength(1)
  conversation.close()
})

it('[DL16] tells nothing of what was read meanwhile, nor of own messages', async () => {
  const conversation = createConversation()
  conversation.timeline.receive([message(1, 'visitor')])
  await vi.runAllTimersAsync()
  conversation.timeline.receive([message(2)])
  await conversation.markRead()
  await vi.runAllTimersAsync()
  expect(told).toEqual([])
  conversation.close()
})

it('[DL16] makes up for a lost one at the next connection, and for what came while no device was there', async () => {
  const conversation = createConversation([message(1), message(2)])
  await vi.runAllTimersAsync()
  conversation.disconnected()
  await vi.runAllTimersAsync()
  conversation.open({ ...opened, headSeq: 2 })
  await vi.runAllTimersAsync()
  conversation.disconnected()
  conversation.open({ ...opened, headSeq: 2, visitorDeliveredSeq: 2 })
  await vi.runAllTimersAsync()
  expect(told).toEqual([
    { conversationId: ID, seq: 2 },
    { conversationId: ID, seq: 2 },
  ])
  conversation.close()
  expect(vi.getTimerCount()).toBe(0)
})
