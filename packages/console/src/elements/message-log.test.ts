import type { AgentTimelineItem } from '@chat-widget/client/agent'
import type { AgentId } from '@chat-widget/protocol'
import { expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import {
  actionRun,
  agent,
  clientId,
  loginMessage,
  runId,
  stored,
  textMessage,
} from '../testing/fixtures.testing.ts'
import { find, mount, movedFor, settled, text } from '../testing/render.testing.ts'

const own = { kind: 'agent', id: agent.id, name: agent.name } as const

const items: readonly AgentTimelineItem[] = [
  stored(textMessage(1, 'Where is my order?')),
  stored(textMessage(2, 'It is number 4711.')),
  stored(loginMessage(3)),
  stored({
    ...textMessage(4, 'Signed in.'),
    kind: 'event',
    event: { type: 'signed-in', userIdentifier: 'ada@example.com' },
  }),
  { kind: 'stored', message: textMessage(5, 'On its way.', { author: own }), delivery: 'read' },
]

const failed: AgentTimelineItem = {
  kind: 'pending',
  clientId: clientId(6),
  body: { text: 'Too much' },
  createdAt: new Date().toISOString(),
  state: { status: 'failed', code: 'too-large' },
}

async function log(properties: Parameters<typeof mount<'message-log'>>[1] = {}) {
  const element = await mount('message-log', { items, agent, visitorName: 'Ada', ...properties })
  element.style.blockSize = '20rem'
  return element
}

/** Scrolls as the agent would; resolves when the element got the event. */
async function scrollTo(scroller: HTMLElement, top: number): Promise<void> {
  const heard = new Promise((resolve) => scroller.addEventListener('scroll', resolve, { once: true }))
  scroller.scrollTop = top
  await heard
}

function many(from: number, to: number): readonly AgentTimelineItem[] {
  return Array.from({ length: to - from + 1 }, (_, index) =>
    stored(textMessage(from + index, `message ${from + index}`)),
  )
}

it('[MK2] shows a kind that it does not know by its text', async () => {
  const poll = { ...textMessage(1, 'Which colour?'), kind: 'poll', poll: {} } as never
  const element = await log({ items: [stored(poll)] })
  expect(text(element)).toContain('Which colour?')
})

it('tells an agent of the same name from “You”', async () => {
  const namesake = { ...own, id: `${agent.id}-2` as AgentId }
  const element = await log({
    items: [
      stored(textMessage(1, 'Mine', { author: own })),
      stored(textMessage(2, 'Theirs', { author: namesake })),
    ],
  })
  expect(text(element)).toMatch(new RegExp(`You.*Mine.*${agent.name}.*Theirs`))
})

it('renders days, groups by author, notes and receipts, in the order given', async () => {
  const element = await log()
  expect(text(element)).toMatch(
    /Today.*Ada.*Where is my order\?.*It is number 4711\..*Shop bot.*Login card.*Please sign in to continue\..*Sign in.*Sent.*Signed in as ada@example\.com.*You.*On its way\..*Read/,
  )
  expect(text(element).match(/Ada/g)).toHaveLength(1)
})

it('is accessible', async () => {
  const element = await log({ items: [...items, failed], hasOlder: true, typing: { kind: 'visitor' } })
  await expect(element).to.be.accessible()
  await expect.element(page.getByRole('log', { name: 'Messages' })).toBeVisible()
})

it('[DL1] shows a pending message as sending, and a failed one with a way to retry or discard', async () => {
  const pending: AgentTimelineItem = { ...failed, clientId: clientId(7), state: { status: 'sending' } }
  const element = await log({ items: [failed, pending] })
  const heard: unknown[] = []
  element.addEventListener('message-retry', ({ type, detail }) => heard.push([type, detail.clientId]))
  element.addEventListener('message-discard', ({ type, detail }) => heard.push([type, detail.clientId]))
  expect(text(element)).toMatch(/Not sent\. This message is too long\..*Sending…/)
  expect(text(element)).not.toContain('Sent')
  await userEvent.click(page.getByRole('button', { name: 'Try again' }))
  await userEvent.click(page.getByRole('button', { name: 'Discard' }))
  expect(heard).toEqual([
    ['message-retry', clientId(6)],
    ['message-discard', clientId(6)],
  ])
})

it('[DL4] keeps the place of a message when its ack comes', async () => {
  const element = await log({ items: [{ ...failed, clientId: clientId(1), state: { status: 'sending' } }] })
  const bubble = find(element, '.bubble')
  element.items = [stored(textMessage(1, 'Too much', { author: own }))]
  await settled(element)
  expect(find(element, '.bubble')).toBe(bubble)
})

it('stays at the end, says that the messages were seen, and leaves an agent who scrolled up alone', async () => {
  const seen = vi.fn()
  const element = await log({ items: [] })
  element.addEventListener('messages-seen', seen)
  element.items = many(1, 40)
  await settled(element)
  const scroller = find(element, '.scroller')
  const distance = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight
  await expect.poll(distance).toBeLessThan(2)
  expect(seen).toHaveBeenCalled()

  await scrollTo(scroller, 0)
  seen.mockClear()
  element.items = many(1, 41)
  await settled(element)
  expect(scroller.scrollTop).toBe(0)
  expect(seen).not.toHaveBeenCalled()

  await userEvent.click(page.getByRole('button', { name: 'New messages' }))
  await expect.poll(distance).toBeLessThan(2)
  await expect.poll(() => seen.mock.calls.length).toBeGreaterThan(0)
})

it('keeps what the agent reads in place when older messages come in above', async () => {
  const element = await log({ items: many(41, 80), hasOlder: true })
  const scroller = find(element, '.scroller')
  // It scrolls to its end with the next frame.
  await expect.poll(() => scroller.scrollTop).toBeGreaterThan(0)
  await scrollTo(scroller, 0)
  const place = () => {
    const bubble = [...(element.shadowRoot?.querySelectorAll('.bubble') ?? [])].find(
      (candidate) => candidate.textContent === 'message 45',
    )
    return Math.round(bubble?.getBoundingClientRect().top ?? Number.NaN)
  }
  const before = place()
  element.items = many(1, 80)
  element.hasOlder = false
  await settled(element)
  // The group's heading moves up to the older messages, which accounts for a few pixels.
  expect(Math.abs(place() - before)).toBeLessThan(40)
})

it('has 60 to 80 of 10,000 messages in the document, whichever the agent reads', async () => {
  const element = await log({ items: many(1, 10_000) })
  const scroller = find(element, '.scroller')
  const rows = () => [...element.renderRoot.querySelectorAll<HTMLElement>('.row')]
  const shown = () => rows().map((row) => Number(/message (\d+)/.exec(row.textContent ?? '')?.[1]))
  expect([rows().length, shown().at(-1)]).toEqual([60, 10_000])
  await expect.poll(() => scroller.scrollTop).toBeGreaterThan(0)
  const view = scroller.getBoundingClientRect()
  const inView = () => rows().find((row) => row.getBoundingClientRect().bottom > view.top + 60)
  for (let times = 0; times < 4; times += 1) {
    const first = shown()[0] ?? 0
    scroller.scrollTop = 200
    const read = inView()
    const top = read?.getBoundingClientRect().top ?? 0
    await expect.poll(() => shown()[0]).toBeLessThan(first)
    expect(read?.isConnected).toBe(true)
    expect(Math.abs((read?.getBoundingClientRect().top ?? 0) - top)).toBeLessThan(2)
    expect(rows().length).toBeLessThanOrEqual(80)
  }
  element.items = [...element.items, stored(textMessage(10_001, 'message 10001'))]
  await settled(element)
  expect(shown()).not.toContain(10_001)
  scroller.focus()
  await userEvent.keyboard('{End}')
  await expect.poll(() => shown().at(-1)).toBe(10_001)
  expect(rows().length).toBe(60)
})

it('asks for older messages at the beginning, once, and keeps the button for it', async () => {
  const element = await log({ items: many(41, 80), hasOlder: true })
  const asked = vi.fn()
  element.addEventListener('load-older', asked)
  const scroller = find(element, '.scroller')
  await expect.poll(() => scroller.scrollTop).toBeGreaterThan(0)
  await scrollTo(scroller, 10)
  expect(asked).toHaveBeenCalledOnce()
  element.loadingOlder = true
  await settled(element)
  await scrollTo(scroller, 5)
  expect(asked).toHaveBeenCalledOnce()
  await expect.element(page.getByText('Loading…')).toBeVisible()
})

it('[SH4] reads out what others write, and neither history nor one’s own words', async () => {
  const element = await log({ items: many(41, 80), hasOlder: true })
  const spoken = () => find(element, '[aria-live=polite]:not([role])').textContent?.trim()
  expect(spoken()).toBe('')
  const reply = textMessage(81, '**Bold** answer', { author: { kind: 'bot', name: 'Shop bot' } })
  element.items = [...element.items, stored(reply)]
  await settled(element)
  expect(spoken()).toBe('Shop bot: Bold answer')
  element.items = [...many(1, 40), ...element.items, stored(textMessage(82, 'Mine', { author: own }))]
  await settled(element)
  expect(spoken()).toBe('Shop bot: Bold answer')
})

it('[HP18] shows who is typing, by dots that move for five seconds at most', async () => {
  const element = await log({ typing: { kind: 'visitor' } })
  expect(text(element)).toContain('Ada is typing…')
  expect(movedFor(element)).toEqual([4_400, 4_550, 4_700])
})

it('shows what a visitor wrote as text, never as markup', async () => {
  const element = await log({ items: [stored(textMessage(1, '<img src=x onerror=alert(1)>'))] })
  expect(find(element, '.bubble').textContent).toBe('<img src=x onerror=alert(1)>')
  expect(element.shadowRoot?.querySelector('img')).toBeNull()
})

it('[ID16] shows an action where it began, and says politely how it goes, without its answer', async () => {
  const asked = stored(textMessage(1, 'Where is my order?'))
  const answered = { kind: 'result', ok: true, status: 200, body: { id: 'NW-1042' } } as const
  const earlier = actionRun({ kind: 'no-answer' }, { runId: runId(7), name: 'earlier' })
  const element = await log({ items: [{ kind: 'run', run: earlier }, asked] })
  const news = page.getByRole('status').first()
  await expect.element(news).toHaveTextContent('')
  const before: AgentTimelineItem[] = [{ kind: 'run', run: earlier }, asked]
  element.items = [...before, { kind: 'run', run: actionRun(null) }, stored(textMessage(2, 'Hello?'))]
  await expect.element(news).toHaveTextContent('Action orders: Running…')
  element.items = [...before, { kind: 'run', run: actionRun(answered) }, stored(textMessage(2, 'Hello?'))]
  await settled(element)
  await expect.element(news).toHaveTextContent('Action orders: Answered (200)')
  expect(find(element, 'action-card:last-of-type').getAttribute('aria-live')).toBe('off')
  await expect.element(page.getByText('NW-1042')).toBeVisible()
  await expect(element).to.be.accessible()
})
