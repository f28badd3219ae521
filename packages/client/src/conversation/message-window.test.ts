import type { ClientMessageId, ConversationId, Message, MessageId } from '@chat-widget/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MessageWindow } from './message-window.ts'

const message = (seq: number): Message => ({
  id: `id-${seq}` as MessageId,
  clientId: `client-${seq}` as ClientMessageId,
  conversationId: 'conversation' as ConversationId,
  seq,
  author: { kind: 'visitor' },
  createdAt: '2026-01-01T00:00:00.000Z',
  kind: 'text',
  text: `message ${seq}`,
})

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => message(from + index))

const seqs = (window: MessageWindow) => window.messages.map(({ seq }) => seq)

it('[DL4] shows every message once and in order, however notices arrive', () => {
  const arrivals = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 80 })
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 0, max: 30 }), fc.nat(80), (notices, head, loadAt) => {
      const window = new MessageWindow(head)
      const load = () => window.begin(range(Math.max(1, head - 4), head))
      notices.forEach((seq, index) => {
        if (index === loadAt) load()
        window.receive([message(seq)])
      })
      if (loadAt >= notices.length) load()
      while (window.lacks) {
        const before = window.last
        window.receive(range(before + 1, before + 5))
        expect(window.last).toBeGreaterThan(before)
      }
      expect(window.last).toBeGreaterThanOrEqual(Math.max(head, ...notices, 0))
      const first = window.first === 0 ? 1 : window.first
      expect(seqs(window)).toEqual(range(first, window.last).map(({ seq }) => seq))
    }),
  )
})

it('[DL3] is behind while something between the cursor and the head is missing', () => {
  const window = new MessageWindow(3)
  window.begin(range(1, 3))
  expect(window.lacks).toBe(false)
  window.receive([message(5)])
  expect(seqs(window)).toEqual([1, 2, 3])
  expect(window.lacks).toBe(true)
  window.receive([message(4)])
  expect(seqs(window)).toEqual([1, 2, 3, 4, 5])
  expect(window.lacks).toBe(false)
})

it('takes an older page only where it adjoins', () => {
  const window = new MessageWindow(12)
  window.begin(range(10, 12))
  window.prepend(range(1, 5))
  expect(window.first).toBe(10)
  window.prepend(range(5, 9))
  expect(seqs(window)).toEqual([5, 6, 7, 8, 9, 10, 11, 12])
})
