import type { ConversationList } from '@chat-widget/client/agent'
import type { ConversationId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { agent, conversationId, shop, summary, textMessage, travel } from '../testing/fixtures.testing.ts'
import { hasFocus, mount, settled, text, violations } from '../testing/render.testing.ts'
import type { FilterChangeEvent } from './console-events.ts'

const ada = { verified: true, userIdentifier: 'ada@example.com', claims: [] } as const

function list(options: Partial<ConversationList> = {}): ConversationList {
  return {
    filter: { status: 'open', app: null },
    status: 'loaded',
    conversations: [
      summary(1, { visitor: ada, online: true, headSeq: 2, lastMessage: textMessage(2, 'Where is it?') }),
      summary(2, { app: travel.id, handler: 'bot', lastMessage: textMessage(1, 'Hi') }),
      summary(3, {
        headSeq: 4,
        lastMessage: textMessage(4, 'Bye', { author: { kind: 'agent', id: agent.id, name: agent.name } }),
      }),
    ],
    hasMore: true,
    ...options,
  }
}

it('renders a row per conversation: identity, preview with author, unread, handler, app', async () => {
  await mount('conversation-list', { list: list(), agent, apps: [shop, travel] })
  const rows = page.getByRole('listitem')
  await expect
    .element(rows.nth(0))
    .toHaveTextContent(/ada@example\.com.*Verified.*online.*Visitor: Where is it\?.*2 unread.*Northwind/s)
  await expect
    .element(rows.nth(1))
    .toHaveTextContent(/Anonymous visitor.*0002.*Visitor: Hi.*Contoso Travel.*Bot/s)
  await expect.element(rows.nth(2)).toHaveTextContent(/You: Bye/)
  await expect.element(rows.nth(2)).not.toHaveTextContent('unread')
})

it('is accessible', async () => {
  const properties = { agent, apps: [shop, travel], selected: conversationId(2) }
  expect(await violations(await mount('conversation-list', { list: list(), ...properties }))).toEqual([])
  for (const status of ['loading', 'loaded', 'failed'] as const) {
    const empty = list({ conversations: [], status, hasMore: false })
    expect(await violations(await mount('conversation-list', { list: empty, ...properties }))).toEqual([])
  }
})

it('names apps only where there are several', async () => {
  const element = await mount('conversation-list', { list: list(), agent, apps: [shop] })
  expect(text(element)).not.toContain('Northwind')
})

it('is walked by arrow keys and opened by Enter', async () => {
  const element = await mount('conversation-list', { list: list(), agent, apps: [shop] })
  const chosen: ConversationId[] = []
  element.addEventListener('conversation-select', ({ detail }) => chosen.push(detail.id))
  element.focusRow(null)
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{Enter}')
  await userEvent.keyboard('{Home}{Enter}')
  expect(chosen).toEqual([conversationId(3), conversationId(1)])
})

it('keeps the focus on a conversation that moves to the top', async () => {
  const element = await mount('conversation-list', { list: list(), agent, apps: [shop] })
  element.focusRow(conversationId(3))
  const [first, second, third] = list().conversations
  if (first === undefined || second === undefined || third === undefined) {
    throw new Error('three conversations are expected')
  }
  element.list = list({ conversations: [third, first, second] })
  await settled(element)
  await expect.poll(() => hasFocus(page.getByRole('listitem').nth(0).getByRole('button'))).toBe(true)
})

it('asks for other conversations', async () => {
  const element = await mount('conversation-list', { list: list(), agent, apps: [shop, travel] })
  const filters: FilterChangeEvent['detail'][] = []
  let more = 0
  element.addEventListener('filter-change', ({ detail }) => filters.push(detail))
  element.addEventListener('load-more', () => {
    more += 1
  })
  await userEvent.click(page.getByRole('radio', { name: 'Closed' }))
  await userEvent.selectOptions(page.getByLabelText('App'), 'travel')
  await userEvent.click(page.getByRole('button', { name: 'Load more conversations' }))
  expect(filters).toEqual([
    { status: 'closed', app: null },
    { status: 'open', app: 'travel' },
  ])
  expect(more).toBe(1)
})

it('says so when there is nothing yet', async () => {
  const element = await mount('conversation-list', { list: list({ conversations: [] }), agent, apps: [shop] })
  expect(text(element)).toContain('No open conversations yet')
})
