import type { ClientMessageId, ConversationId, Message } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Reply } from '../connection/event-maps.ts'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { Outbox } from './outbox.ts'
import type { AddressedEntry, OutboxEntry, OutboxGate } from './outbox-entry.ts'
import { createStoredOutbox } from './outbox-store.ts'

const C1 = 'c1' as ConversationId
const C2 = 'c2' as ConversationId
const OPEN: OutboxGate = { open: true, conversationId: C1 }
const OFFLINE: OutboxGate = { open: false, waitingFor: 'connection' }

const entry = (
  clientId: string,
  owner = 'anonymous',
  conversationId: ConversationId | null = null,
): OutboxEntry<string> => ({
  clientId: clientId as ClientMessageId,
  conversationId,
  body: clientId,
  owner,
  createdAt: '2026-01-01T00:00:00.000Z',
})

type Send = (entry: AddressedEntry<string>) => Promise<Reply<Message>>
const sent = (seq = 1): Reply<Message> => ({
  ok: true,
  value: { id: `m${seq}`, seq, createdAt: '' } as unknown as Message,
})
const refused = (
  code: 'bad-request' | 'conflict' | 'internal' | 'not-found' | 'unavailable' | 'server-unreachable',
  retryAfterMs?: number,
) => ({ ok: false, error: { code, message: '', ...(retryAfterMs ? { retryAfterMs } : {}) } }) as const

let storage = createMemoryStorage()
const outboxes: Outbox<string>[] = []

function createOutbox(send: Send, store = createStoredOutbox<string>(storage)): Outbox<string> {
  const outbox = new Outbox({ store, send, policy: { nextDelayMs: () => 100 } })
  outbox.setGate('anonymous', OFFLINE)
  outboxes.push(outbox)
  return outbox
}

const ids = (outbox: Outbox<string>) => outbox.items().map((item) => item.entry.clientId)
const stored = async () =>
  ((await storage.get<OutboxEntry<string>[]>('outbox')) ?? []).map((one) => one.clientId)
const flush = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => {
  vi.useFakeTimers()
  storage = createMemoryStorage()
})
afterEach(() => {
  for (const outbox of outboxes.splice(0)) outbox.close()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

describe('outbox', () => {
  it('[DL1] does not send before the entry, and its conversation, are written down', async () => {
    const order: string[] = []
    const inner = createStoredOutbox<string>(storage)
    const outbox = createOutbox(
      async () => {
        order.push('sent')
        return sent()
      },
      {
        ...inner,
        put: async (one) => {
          await new Promise((resolve) => setTimeout(resolve, 50))
          order.push(`stored ${one.conversationId}`)
          await inner.put(one)
        },
        remove: async (drop) => {
          order.push('removed')
          await inner.remove(drop)
        },
      },
    )
    outbox.setGate('anonymous', OPEN)
    void outbox.add(entry('a'))
    await vi.advanceTimersByTimeAsync(200)
    expect(order).toEqual(['stored null', 'stored c1', 'sent', 'removed'])
    expect(await stored()).toEqual([])
  })

  it('[DL10] sends to the conversation that another device began, under the same ids and in the order written', async () => {
    const replies: ((reply: Reply<Message>) => void)[] = []
    const sends: string[] = []
    const outbox = createOutbox(({ clientId, conversationId }) => {
      sends.push(`${clientId} ${conversationId}`)
      return new Promise((resolve) => replies.push(resolve))
    })
    outbox.setGate('anonymous', OPEN)
    void outbox.add(entry('a'))
    void outbox.add(entry('b'))
    await flush()
    // The server sends the current conversation before it refuses.
    outbox.setGate('anonymous', { open: true, conversationId: C2 })
    await flush()
    expect(sends).toEqual(['a c1'])
    replies[0]?.(refused('conflict'))
    await vi.advanceTimersByTimeAsync(100)
    expect(sends).toEqual(['a c1', 'a c2'])
    replies[1]?.(sent(2))
    await flush()
    expect(sends).toEqual(['a c1', 'a c2', 'b c2'])
    replies[2]?.(sent(3))
    await flush()
    expect(await stored()).toEqual([])
  })

  it('[DL1] keeps the entry until the ack, and sends it again with the same id when none comes', async () => {
    const send = vi
      .fn<Send>()
      .mockResolvedValueOnce(refused('server-unreachable'))
      .mockResolvedValueOnce(sent())
    const outbox = createOutbox(send)
    outbox.setGate('anonymous', OPEN)
    await outbox.add(entry('a'))
    await flush()
    expect(await stored()).toEqual(['a'])
    await vi.advanceTimersByTimeAsync(100)
    expect(send.mock.calls.map(([one]) => [one.clientId, one.conversationId])).toEqual([
      ['a', C1],
      ['a', C1],
    ])
    expect(await stored()).toEqual([])
  })

  it('[DL4] sends one at a time per conversation, in the order written', async () => {
    const acks: ((reply: Reply<Message>) => void)[] = []
    const send = vi.fn<Send>(() => new Promise((resolve) => acks.push(resolve)))
    const outbox = createOutbox(send)
    for (const id of ['a', 'b']) await outbox.add(entry(id))
    await outbox.add(entry('x', 'anonymous', C2))
    outbox.setGate('anonymous', OPEN)
    await flush()
    expect(send.mock.calls.map(([one]) => one.clientId).toSorted()).toEqual(['a', 'x'])
    for (const ack of acks.splice(0)) ack(sent())
    await flush()
    expect(send.mock.calls.map(([one]) => one.clientId).at(2)).toBe('b')
  })

  it('keeps the order while the first one waits', async () => {
    const send = vi.fn<Send>().mockResolvedValueOnce(refused('unavailable', 5_000)).mockResolvedValue(sent())
    const outbox = createOutbox(send)
    outbox.setGate('anonymous', OPEN)
    for (const id of ['a', 'b']) await outbox.add(entry(id))
    await vi.advanceTimersByTimeAsync(4_000)
    expect(send).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(send.mock.calls.map(([one]) => one.clientId)).toEqual(['a', 'a', 'b'])
  })

  it('sends a repeat to the conversation of the first attempt, whatever is current by then', async () => {
    const send = vi.fn<Send>().mockResolvedValueOnce(refused('server-unreachable')).mockResolvedValue(sent())
    const outbox = createOutbox(send)
    outbox.setGate('anonymous', OPEN)
    await outbox.add(entry('a'))
    await flush()
    outbox.setGate('anonymous', { open: true, conversationId: C2 })
    await vi.advanceTimersByTimeAsync(100)
    expect(send.mock.calls.map(([one]) => one.conversationId)).toEqual([C1, C1])
  })

  it('[DL15] sends what was written before another conversation was chosen to the one it was written in', async () => {
    const acks: ((reply: Reply<Message>) => void)[] = []
    const send = vi.fn<Send>(() => new Promise((resolve) => acks.push(resolve)))
    const outbox = createOutbox(send)
    outbox.setGate('anonymous', OPEN)
    void outbox.add(entry('a'))
    void outbox.add(entry('b'))
    await flush()
    outbox.setGate('anonymous', { open: true, conversationId: C2 })
    void outbox.add(entry('c'))
    for (let count = 0; count < 3; count += 1) {
      await flush()
      for (const ack of acks.splice(0)) ack(sent())
    }
    await flush()
    expect(send.mock.calls.map(([one]) => [one.clientId, one.conversationId])).toEqual([
      ['a', C1],
      ['b', C1],
      ['c', C2],
    ])
    expect(await stored()).toEqual([])
  })

  it('fails an entry that can never succeed, and goes on with the next', async () => {
    const send = vi.fn<Send>().mockResolvedValueOnce(refused('bad-request')).mockResolvedValue(sent())
    const outbox = createOutbox(send)
    const failed = vi.fn()
    outbox.on('failed', failed)
    outbox.setGate('anonymous', OPEN)
    for (const id of ['a', 'b']) await outbox.add(entry(id))
    await flush()
    expect(outbox.items()).toMatchObject([
      { entry: { clientId: 'a' }, state: { status: 'failed', code: 'bad-request' } },
    ])
    expect(failed).toHaveBeenCalledTimes(1)
    outbox.retry('a' as ClientMessageId)
    await flush()
    expect(ids(outbox)).toEqual([])
  })

  it('[ID7] waits while the gate is closed and then sends once', async () => {
    const send = vi.fn<Send>().mockResolvedValue(sent())
    const outbox = createOutbox(send)
    outbox.setGate('anonymous', { open: false, waitingFor: 'identity' })
    await outbox.add(entry('a'))
    await flush()
    expect(outbox.items()).toMatchObject([{ state: { status: 'waiting', for: 'identity' } }])
    expect(send).not.toHaveBeenCalled()
    outbox.setGate('anonymous', OPEN)
    outbox.setGate('anonymous', OPEN)
    await flush()
    expect(send).toHaveBeenCalledTimes(1)
  })

  it('[ID12] neither shows nor sends what is somebody else’s', async () => {
    const send = vi.fn<Send>().mockResolvedValue(sent())
    const outbox = createOutbox(send)
    await outbox.add(entry('of ada', 'user:ada'))
    outbox.setGate('user:bob', OPEN)
    await flush()
    expect(send).not.toHaveBeenCalled()
    expect(ids(outbox)).toEqual([])
    await outbox.purge('user:ada')
    expect(await stored()).toEqual([])
  })

  it('gives the anonymous visitor’s entries to the user they turned out to be', async () => {
    const send = vi.fn<Send>().mockResolvedValue(sent())
    const outbox = createOutbox(send)
    await outbox.add(entry('merged', 'anonymous', C1))
    await outbox.add(entry('left behind', 'anonymous', C2))
    await outbox.claim('anonymous', 'user:ada', new Set([C1]))
    outbox.setGate('user:ada', OPEN)
    await flush()
    expect(send.mock.calls.map(([one]) => [one.clientId, one.conversationId])).toEqual([
      ['merged', C1],
      ['left behind', C1],
    ])
  })

  it('[DL4] [ID11] leaves to another tab what was tried without an answer and is that tab’s user’s now', async () => {
    const replies = [refused('server-unreachable'), refused('not-found')]
    const left = createOutbox(async () => replies.shift() ?? refused('internal'))
    const signingIn = createOutbox(vi.fn<Send>().mockResolvedValue(sent()))
    const [taken, failed] = [vi.fn(), vi.fn()]
    left.on('taken', taken)
    left.on('failed', failed)
    left.setGate('anonymous', OPEN)
    await left.add(entry('a'))
    await flush()
    signingIn.setGate('user:ada', OFFLINE)
    await signingIn.claim('anonymous', 'user:ada', new Set([C1]))
    expect(ids(signingIn)).toEqual(['a'])
    await vi.advanceTimersByTimeAsync(100)
    expect(taken).toHaveBeenCalledTimes(1)
    expect(failed).not.toHaveBeenCalled()
    expect(ids(left)).toEqual([])
    expect(await stored()).toEqual(['a'])
    signingIn.setGate('user:ada', OPEN)
    await flush()
    expect(await stored()).toEqual([])
  })

  it('[ID12] claims nothing for a user who has left before it was read', async () => {
    const outbox = createOutbox(vi.fn<Send>())
    outbox.setGate('user:ada', OFFLINE)
    const claimed = outbox.claim('anonymous', 'user:ada')
    outbox.setGate('anonymous', OFFLINE)
    void outbox.add(entry('of the next one'))
    await claimed
    expect(ids(outbox)).toEqual(['of the next one'])
  })

  it('sends what waited for another try as soon as there is a new connection', async () => {
    const send = vi.fn<Send>().mockResolvedValueOnce(refused('unavailable', 60_000)).mockResolvedValue(sent())
    const outbox = createOutbox(send)
    outbox.setGate('anonymous', OPEN)
    await outbox.add(entry('a'))
    await flush()
    outbox.setGate('anonymous', OFFLINE)
    outbox.setGate('anonymous', OPEN)
    await flush()
    expect(send).toHaveBeenCalledTimes(2)
    expect(ids(outbox)).toEqual([])
  })

  it('keeps what another tab wrote', async () => {
    const here = createOutbox(vi.fn<Send>().mockResolvedValue(sent()))
    const there = createOutbox(vi.fn<Send>())
    here.setGate('anonymous', OPEN)
    await flush()
    await Promise.all([here.add(entry('mine')), there.add(entry('theirs'))])
    await flush()
    expect(await stored()).toEqual(['theirs'])
    const next = createOutbox(vi.fn<Send>())
    await next.load()
    expect(ids(next)).toEqual(['theirs'])
  })

  it('does not send what was given up while it was being written down', async () => {
    const send = vi.fn<Send>().mockResolvedValue(sent())
    const outbox = createOutbox(send)
    const dropped = vi.fn()
    outbox.on('dropped', dropped)
    outbox.setGate('anonymous', OPEN)
    void outbox.add(entry('a'))
    await outbox.discard('a' as ClientMessageId)
    await flush()
    expect(send).not.toHaveBeenCalled()
    expect(dropped).toHaveBeenCalledTimes(1)
    expect(await stored()).toEqual([])
  })
})
