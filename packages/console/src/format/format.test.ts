import { expect, it } from 'vitest'
import { eventText } from '../kinds/event.ts'
import { conversationOfHash, hashOfConversation } from '../routing/hash-route.ts'
import { conversationId, stored, summary, textMessage } from '../testing/fixtures.testing.ts'
import { logRows } from './log-rows.ts'
import { dayLabel, shortAge } from './time.ts'
import { badgeText, unreadCount } from './unread.ts'

const now = new Date(2026, 2, 15, 12, 0, 0)
const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString()

it('tells ages shortly', () => {
  expect([0, 5, 125].map((minutes) => shortAge(before(minutes), now))).toEqual(['now', '5m', '2h'])
  expect(shortAge(before(60 * 24 * 3), now)).toMatch(/^\p{L}+$/u)
  expect(shortAge(before(60 * 24 * 400), now)).toContain('2025')
})

it('names days', () => {
  expect(dayLabel(before(10), now)).toBe('Today')
  expect(dayLabel(before(60 * 13), now)).toBe('Yesterday')
})

it('counts what waits for an agent, and nothing after the agents’ own last word', () => {
  const visitor = textMessage(5, 'Hello?')
  expect(unreadCount(summary(1, { headSeq: 5, agentReadSeq: 2, lastMessage: visitor }))).toBe(3)
  const bot = textMessage(5, 'Hi', { author: { kind: 'bot' } })
  expect(unreadCount(summary(1, { headSeq: 5, agentReadSeq: 2, lastMessage: bot }))).toBe(0)
  expect(badgeText(120)).toBe('99+')
})

it('[DL3] never reorders by time', () => {
  const items = [
    stored(textMessage(1, 'first', { createdAt: '2026-03-15T12:00:05.000Z' })),
    stored(textMessage(2, 'second', { createdAt: '2026-03-15T12:00:00.000Z' })),
  ]
  const rows = logRows(items, { start: 0, end: 2 }, { kind: 'agent' })
  expect(rows.map(({ item, day, first, last }) => [item, day !== null, first, last])).toEqual([
    [items[0], true, true, false],
    [items[1], false, false, true],
  ])
})

it('[MK2] words an event that this build does not know by its text', () => {
  expect(eventText({ type: 'renamed' } as never, 'The visitor was renamed.')).toBe('The visitor was renamed.')
})

it('reads a conversation’s address, and nothing else', () => {
  const id = conversationId(7)
  expect(conversationOfHash(hashOfConversation(id))).toBe(id)
  for (const hash of ['', '#/', '#/conversations/', '#/conversations/not-an-id', '#/conversations/../x']) {
    expect(conversationOfHash(hash)).toBeNull()
  }
})
