import type { WireError } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { createClient, outboxOf, server, texts, until, useVisitorServer } from './chat-client.testing.ts'
import type { TimelineItem } from './chat-state.ts'
import type { OutboxEntry } from './conversation/outbox-entry.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'

useVisitorServer()

describe('messages', () => {
  it('[DL1] is in the stored outbox before it is sent, and leaves it only on the ack', async () => {
    const storage = createMemoryStorage()
    const client = createClient({ storage })
    await client.connect()
    const seen: OutboxEntry<string>[][] = []
    const acks: (() => void)[] = []
    server.onSend = () => {
      void outboxOf(storage).then((entries) => {
        seen.push(entries)
        for (const ack of acks) ack()
      })
      return undefined
    }
    const seenFirst = new Promise<void>((resolve) => acks.push(resolve))
    const message = await client.send('hello')
    await seenFirst
    expect(message).toMatchObject({ seq: 1, text: 'hello', author: { kind: 'visitor' } })
    expect(seen[0]).toMatchObject([{ body: 'hello', conversationId: server.conversationId() }])
    await until(async () => expect(await outboxOf(storage)).toEqual([]))
    expect(client.getState().timeline.items).toMatchObject([{ kind: 'stored', delivery: 'sent' }])
  })

  it('[DL1] shows a message as pending until the server has it, under the same key after', async () => {
    const client = createClient()
    const shown: (readonly TimelineItem[])[] = []
    client.on('change', (state) => shown.push(state.timeline.items))
    const message = await client.send('hello')
    expect(shown.some((items) => items[0]?.kind === 'pending')).toBe(true)
    await until(() => expect(client.getState().timeline.items[0]?.kind).toBe('stored'))
    const keys = shown.flatMap((items) =>
      items.map((item) => (item.kind === 'stored' ? item.message.clientId : item.clientId)),
    )
    expect(new Set(keys)).toEqual(new Set([message.clientId]))
    // Once shown, it never disappears, even for a moment.
    const first = shown.findIndex((items) => items.length > 0)
    expect(shown.slice(first).every((items) => items.length === 1)).toBe(true)
  })

  it('[DL2] sends the same client id again when the ack is lost with the connection', async () => {
    const client = createClient()
    await client.connect()
    let lost = true
    server.onSend = () => {
      if (!lost) return undefined
      lost = false
      return 'cut'
    }
    const message = await client.send('once')
    expect(message.seq).toBe(1)
    expect(server.sends.map((send) => send.clientId)).toEqual([message.clientId, message.clientId])
    expect(server.messages.get(message.conversationId)).toHaveLength(1)
    expect(texts(client)).toEqual(['once'])
  })

  it('[DL1] sends what waited for a connection to the conversation that is the current one by then', async () => {
    const client = createClient()
    await client.connect()
    await client.send('one')
    server.isDown = true
    server.cut()
    await until(() => expect(client.getState().connection.status).not.toBe('connected'))
    const sending = client.send('two')
    const id = await server.moveOn()
    server.isDown = false
    expect(await sending).toMatchObject({ conversationId: id, seq: 1 })
    expect(texts(client)).toEqual(['two'])
  })

  it('[DL1] sends what the last page left in the outbox', async () => {
    const storage = createMemoryStorage()
    server.onSend = () => 'lost'
    const first = createClient({ storage })
    await first.connect()
    const sending = first.send('from the last page')
    await until(() => expect(server.sends).toHaveLength(1))
    await first.close()
    await expect(sending).rejects.toMatchObject({ code: 'send-pending' })
    server.onSend = () => undefined
    const second = createClient({ storage })
    await second.connect()
    await until(async () => expect(await outboxOf(storage)).toEqual([]))
    await until(() => expect(texts(second)).toEqual(['from the last page']))
    expect(server.messages.get(server.conversationId())).toHaveLength(1)
  })

  it('[DL4] keeps the order written', async () => {
    const client = createClient()
    const sent = ['1', '2', '3', '4', '5'].map((text) => client.send(text))
    expect((await Promise.all(sent)).map((message) => message.seq)).toEqual([1, 2, 3, 4, 5])
    expect(texts(client)).toEqual(['1', '2', '3', '4', '5'])
  })

  it('[DL1] shows a refused message as failed, to be sent again or given up', async () => {
    const client = createClient()
    await client.connect()
    const error: WireError = { code: 'bad-request', message: 'no' }
    server.onSend = () => ({ ok: false, error })
    await expect(client.send('refused')).rejects.toMatchObject({ code: 'bad-request' })
    const [item] = client.getState().timeline.items
    if (item?.kind !== 'pending') throw new Error('not pending')
    expect(item.state).toEqual({ status: 'failed', code: 'bad-request' })
    server.onSend = () => undefined
    client.retry(item.clientId)
    await until(() => expect(client.getState().timeline.items).toMatchObject([{ kind: 'stored' }]))
    server.onSend = () => ({ ok: false, error })
    await expect(client.send('given up')).rejects.toThrow()
    const last = client.getState().timeline.items.at(-1)
    if (last?.kind !== 'pending') throw new Error('not pending')
    await client.discard(last.clientId)
    expect(texts(client)).toEqual(['refused'])
  })

  it('sends again after the time the server asked for', async () => {
    const client = createClient()
    await client.connect()
    let refusals = 1
    server.onSend = () =>
      refusals-- > 0
        ? { ok: false, error: { code: 'rate-limited', message: 'slow', retryAfterMs: 50 } }
        : undefined
    const message = await client.send('patient')
    expect(message.seq).toBe(1)
    expect(server.sends).toHaveLength(2)
  })

  it.each(['', '   ', 'x'.repeat(8_001)])('refuses a text no server would take', async (text) => {
    await expect(createClient().send(text)).rejects.toMatchObject({
      code: text.length > 10 ? 'too-large' : 'bad-request',
    })
  })

  it('[DL3] fetches what a gap lacks', async () => {
    const client = createClient()
    const { conversationId: id } = await client.send('hello')
    const received: string[] = []
    client.on('message-received', (message) => received.push(message.text))
    await server.post(id, 'one', true)
    await server.post(id, 'two', true)
    await server.post(id, 'three')
    await until(() => expect(texts(client)).toEqual(['hello', 'one', 'two', 'three']))
    expect(received).toEqual(['one', 'two', 'three'])
    expect(client.getState().unread).toBe(3)
  })

  it('[DL3] fetches what a head beyond the cursor tells of', async () => {
    const client = createClient()
    const { conversationId } = await client.send('hello')
    await server.post(conversationId, 'missed', true)
    for (const socket of server.sockets) socket.emit('head', { conversationId, headSeq: 2 })
    await until(() => expect(texts(client)).toEqual(['hello', 'missed']))
  })

  it('[DL3] catches up after a lost connection', async () => {
    const client = createClient()
    await client.connect()
    await client.send('before')
    const id = server.conversationId()
    server.cut()
    await server.post(id, 'meanwhile', true)
    await until(() => expect(texts(client)).toEqual(['before', 'meanwhile']))
  })

  it('[DL18] has the newest messages as soon as it is connected, without asking', async () => {
    const storage = createMemoryStorage()
    const first = createClient({ storage })
    const { conversationId } = await first.send('1')
    await server.post(conversationId, '2')
    await first.close()
    const client = createClient({ storage })
    await client.connect()
    await until(() => expect(texts(client)).toEqual(['1', '2']))
    server.cut()
    await server.post(conversationId, '3', true)
    await until(() => expect(texts(client)).toEqual(['1', '2', '3']))
    expect(server.asked).toEqual(['50', '50', undefined])
    expect(server.fetches).toEqual([{ conversationId, after: 2, limit: 200 }])
  })

  it('begins with the newest page and pages back', async () => {
    const storage = createMemoryStorage()
    const first = createClient({ storage })
    const { conversationId: id } = await first.send('1')
    for (let index = 2; index <= 120; index += 1) await server.post(id, String(index), true)
    await first.close()
    const client = createClient({ storage })
    await client.connect()
    await until(() => expect(client.getState().timeline.status).toBe('loaded'))
    expect(texts(client)).toHaveLength(50)
    expect(texts(client).at(-1)).toBe('120')
    expect(await client.loadOlder()).toBe(true)
    expect(await client.loadOlder()).toBe(false)
    expect(texts(client)).toEqual(Array.from({ length: 120 }, (_, index) => String(index + 1)))
    expect(client.getState().timeline.hasOlder).toBe(false)
  })

  it('tells how far the visitor has read', async () => {
    const client = createClient()
    const { conversationId } = await client.send('hello')
    const counts: number[] = []
    client.on('unread-change', (count) => counts.push(count))
    await server.post(conversationId, 'hi')
    await until(() => expect(client.getState().unread).toBe(1))
    client.markRead()
    expect(client.getState().unread).toBe(0)
    await until(() => expect(server.reads).toEqual([2]))
    expect(counts).toEqual([1, 0])
  })

  it('shows own messages as read when the other side has read them', async () => {
    const client = createClient()
    const { conversationId } = await client.send('seen?')
    for (const socket of server.sockets) socket.emit('receipt', { conversationId, reader: 'agent', seq: 1 })
    await until(() => expect(client.getState().timeline.items).toMatchObject([{ delivery: 'read' }]))
  })

  it('begins a new conversation', async () => {
    const client = createClient()
    await client.send('old')
    const id = await client.newConversation()
    expect(client.getState().conversation).toEqual({ id, headSeq: 0 })
    expect((await client.send('new')).conversationId).toBe(id)
    expect(texts(client)).toEqual(['new'])
  })
})
