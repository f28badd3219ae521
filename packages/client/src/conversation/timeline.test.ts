import type {
  ClientMessageId,
  ConversationId,
  FetchedMessages,
  FetchMessagesRequest,
  Message,
  MessageId,
} from '@chat-widget/protocol'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { Reply } from '../connection/event-maps.ts'
import { type PendingItem, Timeline } from './timeline.ts'

const ID = 'c1' as ConversationId
const OTHER = 'c2' as ConversationId

const message = (seq: number, kind: Message['author']['kind'] = 'agent', conversationId = ID): Message => ({
  id: `m${seq}` as MessageId,
  clientId: `k${seq}` as ClientMessageId,
  conversationId,
  seq,
  author: { kind },
  createdAt: '2026-01-01T00:00:00.000Z',
  kind: 'text',
  text: String(seq),
})
const messages = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => message(from + index))

/** Answers as a server with `stored()` messages. */
function answer(stored: readonly Message[], request: FetchMessagesRequest): Reply<FetchedMessages> {
  const { after, before, limit } = request
  const page =
    after !== undefined
      ? stored.filter(({ seq }) => seq > after).slice(0, limit)
      : stored.filter(({ seq }) => before === undefined || seq < before).slice(-limit)
  return { ok: true, value: { messages: page, headSeq: stored.length } }
}

function createTimeline(stored: () => readonly Message[], pageSize = 5) {
  const fetch = vi.fn(async (request: FetchMessagesRequest) => answer(stored(), request))
  const timeline = new Timeline<PendingItem>({
    fetch,
    isOwn: ({ author }) => author.kind === 'visitor',
    pageSize,
  })
  return { timeline, fetch }
}

const seqs = (timeline: Timeline<PendingItem>) =>
  timeline.view.items.map((item) => (item.kind === 'stored' ? item.message.seq : item.clientId))
const nextTask = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('timeline', () => {
  it('[DL3] [DL4] is the same gapless list whatever the order and number of deliveries', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 12 }),
        fc.array(
          fc.record({
            seqs: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }),
            isHead: fc.boolean(),
          }),
        ),
        fc.array(fc.boolean()),
        async (initial, deliveries, failures) => {
          let head = initial
          let calls = 0
          const stored = () => messages(1, head)
          const timeline = new Timeline<PendingItem>({
            isOwn: () => false,
            pageSize: 5,
            fetch: async (request) => {
              calls += 1
              if (failures[calls]) return { ok: false, error: { code: 'server-unreachable', message: '' } }
              return answer(stored(), request)
            },
          })
          const appended: number[] = []
          timeline.on('appended', (list) => appended.push(...list.map(({ seq }) => seq)))
          timeline.open(ID, head)
          for (const { seqs: list, isHead } of deliveries) {
            head = Math.max(head, ...list)
            if (isHead) timeline.head(ID, head)
            else timeline.receive(list.map((seq) => message(seq)))
            if (list.length % 2) await nextTask()
            // At every moment there is no gap, no copy, no disorder.
            const shown = seqs(timeline)
            expect(shown).toEqual(shown.map((_, index) => Number(shown[0]) + index))
          }
          failures.length = 0
          await nextTask()
          timeline.head(ID, head)
          await nextTask()
          timeline.head(ID, head)
          await nextTask()
          while (await timeline.loadOlder());
          expect(seqs(timeline)).toEqual(messages(1, head).map(({ seq }) => seq))
          expect(appended).toEqual([...new Set(appended)].toSorted((a, b) => a - b))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('shows the newest page first and pages back', async () => {
    const { timeline, fetch } = createTimeline(() => messages(1, 12))
    timeline.open(ID, 12)
    expect(timeline.view).toMatchObject({ status: 'loading', items: [] })
    await nextTask()
    expect(seqs(timeline)).toEqual([8, 9, 10, 11, 12])
    expect(timeline.view).toMatchObject({ status: 'loaded', hasOlder: true })
    const first = timeline.loadOlder()
    expect(timeline.loadOlder()).toBe(first)
    expect(await first).toBe(true)
    expect(await timeline.loadOlder()).toBe(false)
    expect(seqs(timeline)).toHaveLength(12)
    expect(await timeline.loadOlder()).toBe(false)
    expect(fetch).toHaveBeenCalledTimes(3)
  })

  it('does not ask without end when the server has less than it said', async () => {
    const { timeline, fetch } = createTimeline(() => messages(1, 2))
    timeline.open(ID, 9)
    await nextTask()
    expect(seqs(timeline)).toEqual([1, 2])
    expect(fetch.mock.calls.length).toBeLessThan(4)
  })

  it('ignores what belongs to another conversation', async () => {
    const { timeline } = createTimeline(() => [])
    timeline.open(ID, 0)
    timeline.receive([message(1, 'agent', OTHER)])
    timeline.head(OTHER, 7)
    await nextTask()
    expect(timeline.view).toMatchObject({ status: 'loaded', items: [], hasOlder: false })
  })

  it('drops the answer to a question of the conversation before', async () => {
    const { timeline } = createTimeline(() => messages(1, 3))
    timeline.open(ID, 3)
    timeline.open(OTHER, 0)
    await nextTask()
    expect(timeline.view.items).toEqual([])
  })

  it('keeps an acknowledged message in its place though a gap lies before it', async () => {
    let stored: readonly Message[] = []
    const { timeline } = createTimeline(() => stored)
    timeline.open(ID, 0)
    const own = { ...message(3, 'visitor'), clientId: 'mine' as ClientMessageId }
    timeline.setPending([{ kind: 'pending', clientId: own.clientId }])
    timeline.acknowledge(own)
    timeline.setPending([])
    expect(seqs(timeline)).toEqual(['mine'])
    stored = [message(1), message(2), own]
    await nextTask()
    expect(seqs(timeline)).toEqual(['mine'])
    timeline.head(ID, 3)
    await nextTask()
    expect(seqs(timeline)).toEqual([1, 2, 3])
  })

  it('shows a message once when it is told before its ack', () => {
    const { timeline } = createTimeline(() => [])
    timeline.open(ID, 0)
    timeline.setPending([{ kind: 'pending', clientId: 'k1' as ClientMessageId }])
    timeline.receive([message(1, 'visitor')])
    timeline.setPending([{ kind: 'pending', clientId: 'k1' as ClientMessageId }])
    expect(seqs(timeline)).toEqual([1])
  })

  it('knows delivery of own messages alone', () => {
    const { timeline } = createTimeline(() => [])
    timeline.open(ID, 0)
    timeline.receive([message(1, 'visitor'), message(2), message(3, 'visitor')])
    timeline.setPeer('read', 2)
    expect(timeline.view.items).toMatchObject([
      { delivery: 'read' },
      { delivery: null },
      { delivery: 'sent' },
    ])
    timeline.setPeer('delivered', 3)
    expect(timeline.view.items).toMatchObject([{ delivery: 'read' }, {}, { delivery: 'delivered' }])
    timeline.setPeer('read', 3)
    timeline.receive([message(4, 'visitor')])
    expect(timeline.view.items).toMatchObject([{}, {}, { delivery: 'read' }, { delivery: 'sent' }])
  })
})
