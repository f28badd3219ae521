import type { ConversationList } from '@chat-widget/client/agent'
import type { ConversationId } from '@chat-widget/protocol'
import { fixtureSync, html } from '@open-wc/testing'
import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { agent, conversationId, shop, summary, textMessage, travel } from '../testing/fixtures.testing.ts'
import { find, hasFocus, mount, settled, text } from '../testing/render.testing.ts'
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

it('a preview of another direction than its author’s is cut off at its own end', async () => {
  const long = 'Where is it, and when does it come? '.repeat(10).trim()
  const visitor = textMessage(1, long, { author: { kind: 'visitor', name: 'آدا' } })
  const row = await mount('conversation-list', {
    list: list({ conversations: [summary(1, { lastMessage: visitor })] }),
    ...{ agent, apps: [shop], dir: 'rtl' },
  })
  const said = find(row, '.preview [dir]')
  expect([said.textContent?.slice(0, 5), getComputedStyle(said).direction]).toEqual(['Where', 'ltr'])
  expect(said.scrollWidth).toBeGreaterThan(said.clientWidth)
})

it('is accessible', async () => {
  const properties = { agent, apps: [shop, travel], selected: conversationId(2) }
  await expect(await mount('conversation-list', { list: list(), ...properties })).to.be.accessible()
  for (const status of ['loading', 'loaded', 'failed'] as const) {
    const empty = list({ conversations: [], status, hasMore: false })
    await expect(await mount('conversation-list', { list: empty, ...properties })).to.be.accessible()
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

const many = (count: number) =>
  list({ conversations: Array.from({ length: count }, (_, index) => summary(index + 1)) })

async function mountMany(count: number) {
  const element = await mount('conversation-list', { agent, apps: [shop] })
  element.style.blockSize = '600px'
  element.list = many(count)
  await settled(element)
  return element
}

const shownRows = (element: Element) => [...(element.shadowRoot?.querySelectorAll('li') ?? [])]

it('has only the rows in the document that can be seen, of however many', async () => {
  const element = await mountMany(1_000)
  await expect.poll(() => shownRows(element).length).toBeLessThan(30)
  expect(shownRows(element)[0]?.getAttribute('aria-setsize')).toBe('1000')
  const first = shownRows(element)[0]
  element.list = many(1_400)
  await settled(element)
  expect(shownRows(element).length).toBeLessThan(30)
  expect(shownRows(element)[0]).toBe(first)
})

it('is walked by keys from its first row to its last, and on to it by the Tab key', async () => {
  const element = await mountMany(1_000)
  element.focusRow(null)
  await userEvent.keyboard('{End}')
  const last = page.getByRole('listitem').last().getByRole('button')
  await expect.poll(() => hasFocus(last)).toBe(true)
  await expect.poll(() => shownRows(element).at(-1)?.getAttribute('aria-posinset')).toBe('1000')
  expect(shownRows(element).length).toBeLessThan(40)
  await userEvent.keyboard('{ArrowUp}')
  await expect
    .poll(() => element.shadowRoot?.activeElement?.getAttribute('data-id'))
    .toBe(conversationId(999))
  expect(element.shadowRoot?.querySelectorAll('button[tabindex="0"][data-id]')).toHaveLength(1)
})

it('keeps the focus on a row that moves out of sight', async () => {
  const element = await mountMany(200)
  element.focusRow(conversationId(1))
  await expect.poll(() => element.shadowRoot?.activeElement?.getAttribute('data-id')).toBe(conversationId(1))
  const { conversations } = many(200)
  element.list = list({ conversations: [...conversations.slice(1), ...conversations.slice(0, 1)] })
  await settled(element)
  await expect.poll(() => element.shadowRoot?.activeElement?.getAttribute('data-id')).toBe(conversationId(1))
})

it('leaves the focus where the agent has taken it', async () => {
  const element = await mountMany(200)
  const composer = document.createElement('textarea')
  fixtureSync(html`${composer}`)
  element.focusRow(conversationId(1))
  await expect.poll(() => element.shadowRoot?.activeElement?.getAttribute('data-id')).toBe(conversationId(1))
  composer.focus()
  const { conversations } = many(200)
  for (const moved of [conversations.slice(1), conversations.slice(2)]) {
    element.list = list({ conversations: moved })
    await settled(element)
  }
  expect(document.activeElement).toBe(composer)
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
