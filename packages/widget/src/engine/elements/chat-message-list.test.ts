import type { TimelineItem, TimelineState } from '@chat-widget/client'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { cdp, userEvent } from 'vitest/browser'
import { type FreshPage, importIn, openFreshPage } from '../../fresh-page.testing.ts'
import { find, findAll, textOf } from '../../looking.testing.ts'
import {
  ALEX,
  BOT,
  CONNECTED,
  CONVERSATION,
  createFakeClient,
  eventMessage,
  loginMessage,
  pending,
  stored,
  textMessage,
  VISITOR,
} from '../fake-client.testing.ts'
import type { ChatMessageList } from './chat-message-list.ts'
import './chat-message-list.ts'
import { mount } from './element.testing.ts'

const loaded = (items: readonly TimelineItem[], hasOlder = false): TimelineState => ({
  items,
  hasOlder,
  status: 'loaded',
})
const history = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) =>
    stored(textMessage(from + index, ALEX, `message ${from + index}`)),
  )

const setup = async (
  timeline: TimelineState,
  properties: Partial<ChatMessageList> = {},
  page?: FreshPage,
) => {
  const mounted = mount<ChatMessageList>('chat-widget-message-list', { timeline, ...properties }, page)
  await mounted.element.updateComplete
  const scroller = find(mounted.element, '[part=messages]')!
  return { ...mounted, scroller }
}

const rows = (element: Element) => findAll(element, '[data-key]')
const keys = (element: Element) => rows(element).map((row) => row.dataset.key)
const atEnd = ({ scrollHeight, scrollTop, clientHeight }: Element) =>
  scrollHeight - scrollTop - clientHeight < 2
/** By then the browser has told all sizes. */
async function framesShown(count: number): Promise<void> {
  for (let shown = 0; shown < count; shown += 1) await new Promise(requestAnimationFrame)
}
const top = (element: Element, key: string) => find(element, `[data-key=${key}]`)!.getBoundingClientRect().top

afterEach(() => vi.restoreAllMocks())

describe('<chat-widget-message-list>', () => {
  it('renders a conversation: authors, text, times, notes', async () => {
    const { element } = await setup(
      loaded([
        stored(textMessage(1, VISITOR, 'Hello'), 'read'),
        stored(textMessage(2, BOT, 'Hi there')),
        stored(eventMessage(3, { type: 'handed-to-agents', cause: 'bot-asked' })),
        stored(textMessage(4, { kind: 'agent' }, 'Alex here')),
      ]),
    )
    expect(textOf(element)).toMatch(
      /You Hello .* · Read Northwind Bot Hi there .* Someone from the team will answer here Support Alex here/,
    )
  })

  it('[ID15] says what a login card says, as high as it will be, before its code has come', async () => {
    const page = await openFreshPage()
    await importIn(page, new URL('./chat-message-list.ts', import.meta.url))
    const { element, scroller } = await setup(loaded([stored(loginMessage(1))]), {}, page)
    const card = () => find(element, 'chat-widget-login-card')!
    expect(page.customElements.get('chat-widget-login-card')).toBeUndefined()
    const text = find(element, '[part=bubble]')!
    expect(text.textContent).toBe('Please sign in to see your orders.')
    const { height } = text.getBoundingClientRect()
    await vi.waitFor(() => expect(find(element, '[part=login-button]')).not.toBeNull())
    expect(card().getBoundingClientRect().height).toBeCloseTo(height, 0)
    expect(atEnd(scroller)).toBe(true)
    expect(textOf(card())).toBe('Please sign in to see your orders. Sign in')
  })

  it('is accessible with every kind of row', async () => {
    const { element } = await setup(
      loaded([
        stored(textMessage(1, VISITOR, 'See https://example.com'), 'read'),
        stored(textMessage(2, ALEX, 'Hi')),
        stored(loginMessage(3)),
        stored(eventMessage(4, { type: 'closed' })),
        pending('p-1', 'Waiting', { status: 'waiting', for: 'connection' }),
        pending('p-2', 'Lost', { status: 'failed', code: 'too-large' }),
      ]),
      { typing: ALEX },
    )
    await vi.waitFor(() => expect(find(element, '[part=login-card]')).not.toBeNull())
    await expect(document.body).to.be.accessible()
  })

  it('[MK2] shows kinds and events that it does not know by their text', async () => {
    const poll = { ...textMessage(1, BOT, 'Which colour?'), kind: 'poll', poll: {} } as never
    const renamed = { ...eventMessage(2, { type: 'renamed' } as never), text: 'It was renamed.' }
    const { element } = await setup(loaded([stored(poll), stored(renamed)]))
    expect(textOf(element)).toMatch(/Northwind Bot Which colour\? .* It was renamed\./)
  })

  it('invites to write where there is nothing yet', async () => {
    const { element } = await setup({ items: [], hasOlder: false, status: 'empty' })
    expect(textOf(element)).toContain('How can we help?')
  })

  it('groups consecutive messages of one author and separates days', async () => {
    const { element } = await setup(
      loaded([
        stored(textMessage(1, ALEX, 'a', '2026-03-04T09:00:00Z')),
        stored(textMessage(2, ALEX, 'b', '2026-03-04T09:00:30Z')),
        stored(textMessage(3, VISITOR, 'c', '2026-03-04T09:01:00Z')),
        stored(textMessage(4, VISITOR, 'd', '2026-03-04T09:30:00Z')),
        stored(textMessage(5, VISITOR, 'e', '2026-03-06T09:30:10Z')),
      ]),
    )
    const shape = rows(element).map((row) =>
      ['first', 'last'].filter((name) => row.classList.contains(name)).join(),
    )
    expect(shape).toEqual(['first', 'last', 'first,last', 'first,last', 'first,last'])
    expect(findAll(element, '.author').map((author) => author.textContent)).toEqual(['Alex'])
    expect(findAll(element, '.day')).toHaveLength(2)
  })

  it('[DL1] says how far the newest message got', async () => {
    const { element } = await setup(loaded([pending('c-1', 'Hello', { status: 'sending' })]))
    expect(textOf(element)).toContain('Sending…')
    const row = rows(element)[0]
    element.timeline = loaded([stored(textMessage(1, VISITOR, 'Hello'), 'sent')])
    await element.updateComplete
    expect(textOf(element)).toMatch(/· Sent$/)
    expect(rows(element)[0]).toBe(row)
    const sign = () => getComputedStyle(find(element, '.meta span span')!, '::before').content
    const seen = [sign()]
    for (const delivery of ['delivered', 'read'] as const) {
      element.timeline = loaded([stored(textMessage(1, VISITOR, 'Hello'), delivery)])
      await element.updateComplete
      seen.push(textOf(element).split('· ')[1] ?? '', sign())
    }
    // The sign's own text is empty: a screen reader reads the word alone.
    expect(seen).toEqual(['"✓ " / ""', 'Delivered', '"✓✓ " / ""', 'Read', '"✓✓ " / ""'])
    element.timeline = loaded([pending('c-1', 'Hello', { status: 'waiting', for: 'identity' })])
    await element.updateComplete
    expect(textOf(element)).toContain('Waiting for sign-in…')
  })

  it('[DL1] offers to retry or delete what failed', async () => {
    const { element, requests } = await setup(
      loaded([pending('p-1', 'Hello', { status: 'failed', code: 'too-large' })]),
    )
    expect(textOf(element)).toContain('Not sent.')
    for (const button of findAll(element, '[data-key] button')) await userEvent.click(button)
    expect(requests).toEqual([
      { type: 'retry', clientId: 'p-1' },
      { type: 'discard', clientId: 'p-1' },
    ])
  })

  it('shows text as text, and links only web and mail addresses', async () => {
    const { element } = await setup(
      loaded([
        stored(
          textMessage(1, ALEX, '<img src=x onerror=alert(1)> javascript:alert(1) https://example.com/a.'),
        ),
      ]),
    )
    // The code that finds links is loaded with the first; the text is there at once.
    expect(find(element, '[part=bubble]')?.textContent).toContain('https://example.com/a.')
    await vi.waitFor(() => expect(find(element, 'a')).not.toBeNull())
    const links = findAll(element, 'a') as HTMLAnchorElement[]
    expect(links.map(({ href, rel, target }) => [href, rel, target])).toEqual([
      ['https://example.com/a', 'noopener noreferrer', '_blank'],
    ])
    expect(find(element, 'img')).toBeNull()
    expect(find(element, '[part=bubble]')?.textContent).toContain('<img src=x onerror=alert(1)>')
  })

  it('[ID15] shows a login card as done once the conversation went on signed in', async () => {
    const { element } = await setup(
      loaded([
        stored(loginMessage(1)),
        stored(eventMessage(2, { type: 'signed-in', userIdentifier: 'ada' })),
        stored(loginMessage(3)),
      ]),
    )
    await vi.waitFor(() => expect(findAll(element, '[part=login-card]')).toHaveLength(2))
    const cards = findAll(element, '[part=login-card]').map((card) => card.textContent)
    expect(cards[0]).toContain('You are signed in.')
    expect(cards[1]).not.toContain('You are signed in.')
  })

  it('says each new message once, and the history not at all', async () => {
    const { element } = await setup({ items: [], hasOlder: false, status: 'loading' })
    const live = find(element, '[aria-live=polite]')!
    const heard: string[] = []
    new MutationObserver((records) => {
      for (const { addedNodes } of records)
        for (const node of addedNodes) if (node instanceof Element) heard.push(textOf(node))
    }).observe(live, { childList: true })
    const show = async (items: readonly TimelineItem[]) => {
      element.timeline = loaded(items, true)
      await element.updateComplete
    }
    const page = history(11, 20)
    await show(page)
    const own = stored(textMessage(21, VISITOR, 'mine'))
    const answer = stored(textMessage(22, ALEX, 'answer'))
    await show([...page, own])
    await show([...page, own, answer])
    await show([...page, own, answer])
    await show([...history(1, 10), ...page, own, answer])
    await show([...history(1, 10), ...page, own, answer, stored(textMessage(23, BOT, 'more'))])
    await Promise.resolve()
    expect(heard).toEqual(['Alex: answer', 'Northwind Bot: more'])
    // A screen reader looks after both have come.
    expect(textOf(live)).toBe('Alex: answer Northwind Bot: more')
    // Its reader may have left.
    element.timeline = { items: [], hasOlder: false, status: 'loading' }
    await element.updateComplete
    expect(textOf(live)).toBe('')
  })

  it('leaves an announcement for five seconds, the newest twenty at most, and takes all away together', async () => {
    const { element } = await setup(loaded(history(1, 2)))
    const live = find(element, '[aria-live=polite]')!
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      element.announce('first')
      vi.advanceTimersByTime(4_999)
      element.announce('second')
      vi.advanceTimersByTime(4_999)
      expect(textOf(live)).toBe('first second')
      vi.advanceTimersByTime(1)
      expect(textOf(live)).toBe('')
      for (let n = 1; n <= 30; n += 1) element.announce(`${n}`)
      expect([live.childElementCount, textOf(live.firstElementChild!)]).toEqual([20, '11'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('[SH4] announces an event by a text that is not its row’s: Orca says no text twice in a row', async () => {
    const { element } = await setup(loaded(history(1, 2)))
    const joined = stored(eventMessage(3, { type: 'joined', agent: { name: 'Alex' } }))
    element.timeline = loaded([...history(1, 2), joined])
    await element.updateComplete
    const [row, announced] = ['.note-text', '[aria-live=polite] p'].map(
      (of) => find(element, of)?.textContent,
    )
    expect(row).toBe('Alex joined')
    expect(announced?.trim()).toBe('Alex joined')
    expect(announced).not.toBe(row)
  })

  it('[DL18] announces nothing of a history that was never being loaded', async () => {
    const { element } = await setup({ items: [], hasOlder: false, status: 'empty' })
    element.timeline = loaded(history(1, 50))
    await element.updateComplete
    expect(textOf(find(element, '[aria-live=polite]')!)).toBe('')
  })

  describe('[CV12] while the messages are being loaded', () => {
    const loading: TimelineState = { items: [], hasOlder: false, status: 'loading' }
    /** With a client whose request is answered when the test says so. */
    async function open() {
      const client = createFakeClient({
        ...CONNECTED,
        conversation: { id: CONVERSATION, headSeq: 3 },
        timeline: loading,
      })
      const answers: (() => void)[] = []
      client.headAnswer = () => new Promise<void>((resolve) => answers.push(resolve))
      const mounted = await setup(loading)
      mounted.frame.addEventListener('chat-request', ({ detail }) => {
        if (detail.type === 'read') detail.use(client)
      })
      const live = find(mounted.element, '[aria-live=polite]')!
      const heard: string[] = []
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes) if (node instanceof Element) heard.push(textOf(node))
      }).observe(live, { childList: true })
      return { ...mounted, client, heard, answers, sign: () => find(mounted.element, '.waiting') }
    }

    it('shows and says nothing where they come at once', async () => {
      const { element, heard, sign } = await open()
      expect(sign()).toBeNull()
      element.timeline = loaded(history(1, 3))
      await element.updateComplete
      // Longer than it takes until the sign is shown.
      await new Promise((resolve) => setTimeout(resolve, 450))
      expect([sign(), heard]).toEqual([null, []])
    })

    it('shows it after a moment, and says it once', async () => {
      const { element, heard, sign, client } = await open()
      await vi.waitFor(() => expect(sign()).not.toBeNull())
      expect(heard).toEqual(['Loading the conversation…'])
      // It is asked for as it is: the request under way is joined.
      expect(client.calls).toEqual([['head']])
      element.typing = ALEX
      await element.updateComplete
      await expect(document.body).to.be.accessible()
      element.timeline = loaded(history(1, 3))
      await element.updateComplete
      expect([sign(), heard.length]).toEqual([null, 1])
    })

    it('says that they could not be loaded, and tries again', async () => {
      const { element, heard, sign, answers, client } = await open()
      await vi.waitFor(() => expect(answers).toHaveLength(1))
      answers[0]?.()
      const again = await vi.waitFor(() => {
        const button = find(element, '.not-loaded button')
        expect(button).not.toBeNull()
        return button!
      })
      expect(textOf(again.parentElement!)).toBe('The conversation could not be loaded. Try again')
      expect(heard).toEqual(['Loading the conversation…', 'The conversation could not be loaded.'])
      await expect(document.body).to.be.accessible()
      await userEvent.click(again)
      await vi.waitFor(() => expect(sign()).not.toBeNull())
      expect(element.renderRoot.activeElement).toBe(find(element, '[part=messages]'))
      expect(client.calls).toEqual([['head'], ['head']])
      // The next conversation has a wait of its own.
      element.timeline = loaded(history(1, 3))
      await element.updateComplete
      element.timeline = loading
      await vi.waitFor(() => expect(client.calls).toHaveLength(3))
      expect(sign()).not.toBeNull()
    })
  })

  it('says once that a message was not sent, each time that it was tried', async () => {
    const { element } = await setup(loaded(history(1, 2)))
    const live = find(element, '[aria-live=polite]')!
    const heard: string[] = []
    new MutationObserver((records) => {
      for (const { addedNodes } of records)
        for (const node of addedNodes) if (node instanceof Element) heard.push(textOf(node))
    }).observe(live, { childList: true })
    const SENDING = { status: 'sending' } as const
    const FAILED = { status: 'failed', code: 'rate-limited' } as const
    const answer = stored(textMessage(3, ALEX, 'answer'))
    for (const [state, ...more] of [
      [SENDING],
      [FAILED],
      [FAILED, answer],
      [SENDING, answer],
      [FAILED, answer],
    ] as const) {
      element.timeline = loaded([...history(1, 2), ...more, pending('c-9', 'mine', state)])
      await element.updateComplete
    }
    await Promise.resolve()
    expect(heard).toEqual(['Not sent. mine', 'Alex: answer', 'Not sent. mine'])
    // One that failed on an earlier page is history.
    heard.length = 0
    element.timeline = { items: [], hasOlder: false, status: 'loading' }
    await element.updateComplete
    element.timeline = loaded([pending('c-9', 'mine', FAILED)])
    await element.updateComplete
    await Promise.resolve()
    expect(heard).toEqual([])
  })

  it('draws nothing anew but the rows that changed, and keeps what is selected across messages', async () => {
    const { element } = await setup(loaded(history(1, 50)))
    const touched = new Set<string | undefined>()
    new MutationObserver((records) => {
      for (const { target, addedNodes } of records)
        for (const node of [target, ...addedNodes])
          if (node instanceof HTMLElement) touched.add(node.closest<HTMLElement>('[data-key]')?.dataset.key)
    }).observe(find(element, '.rows')!, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    })
    const textIn = (key: string) => find(element, `[data-key=${key}] .bubble`)!.firstChild!
    const [from, to] = [textIn('c-49'), textIn('c-50')]
    getSelection()!.setBaseAndExtent(from, 0, to, 7)
    element.timeline = loaded(history(1, 51))
    await element.updateComplete
    await Promise.resolve()
    expect([...touched].filter((key) => key !== undefined).sort()).toEqual(['c-50', 'c-51'])
    expect([textIn('c-49'), textIn('c-50')]).toEqual([from, to])
    getSelection()!.removeAllRanges()
  })

  it.each([
    ['en', 'שלום!', 'left'],
    ['he', 'Hello!', 'right'],
  ])('runs each text in its own direction, from either side: in %s, %s', async (dir, text, end) => {
    const { element } = await setup(loaded([stored(textMessage(1, ALEX, text))]))
    element.dir = dir === 'he' ? 'rtl' : 'ltr'
    const node = find(element, '.bubble')!.firstChild!
    const leftOf = (at: number) => {
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + 1)
      return range.getBoundingClientRect().left
    }
    expect(leftOf(text.length - 1) < leftOf(0) ? 'left' : 'right').toBe(end)
    const { left, right } = find(element, '.bubble')!.getBoundingClientRect()
    const { left: from, right: to } = element.getBoundingClientRect()
    expect(left - from < to - right ? 'ltr' : 'rtl').toBe(element.dir)
  })

  it('says everything in other words once they are loaded', async () => {
    const failed = pending('p-1', 'Lost', { status: 'failed', code: 'too-large' })
    const { element } = await setup(loaded([stored(textMessage(1, { kind: 'agent' }, 'Hi')), failed]))
    const { strings } = element.words
    element.words = { ...element.words, strings: { ...strings, agent: 'Equipo', retry: 'Reintentar' } }
    await element.updateComplete
    expect(textOf(element)).toMatch(/Equipo Hi .* Reintentar/)
  })

  it('keeps about 60 rows of 10,000 in the document, wherever the visitor reads', async () => {
    const { element, scroller } = await setup(loaded(history(1, 10_000)))
    expect(rows(element)).toHaveLength(60)
    expect(keys(element).at(-1)).toBe('c-10000')
    expect(atEnd(scroller)).toBe(true)
    for (let step = 0; step < 5; step += 1) {
      const first = keys(element)[0]
      scroller.scrollTop = 0
      await vi.waitFor(() => expect(keys(element)[0]).not.toBe(first))
      expect(rows(element).length).toBeLessThanOrEqual(60)
    }
    expect(keys(element)).not.toContain('c-10000')
    await userEvent.click(find(element, '.pill')!)
    await vi.waitFor(() => expect(keys(element).at(-1)).toBe('c-10000'))
    expect(atEnd(scroller)).toBe(true)
  })

  it('drops rows above 20 at a time, so that new messages leave the others where they are', async () => {
    const { element, scroller } = await setup(loaded(history(1, 100)))
    const counts = []
    for (let newest = 101; newest <= 121; newest += 1) {
      element.timeline = loaded(history(1, newest))
      await element.updateComplete
      expect(keys(element).at(-1)).toBe(`c-${newest}`)
      expect(atEnd(scroller)).toBe(true)
      counts.push(rows(element).length)
    }
    expect(counts).toEqual([...Array.from({ length: 20 }, (_, index) => 61 + index), 60])
  })

  it('comes back to the newest by scrolling', async () => {
    const { element, scroller } = await setup(loaded(history(1, 200)))
    scroller.scrollTop = 0
    await vi.waitFor(() => expect(keys(element)).not.toContain('c-200'))
    await vi.waitFor(() => {
      scroller.scrollTop = scroller.scrollHeight
      expect(keys(element).at(-1)).toBe('c-200')
    })
    await vi.waitFor(() => expect(find(element, '.pill')).toBeNull())
  })

  it('asks for older messages near the top, and keeps in place what is read', async () => {
    const { element, scroller, requests } = await setup(loaded(history(101, 150), true))
    scroller.scrollTop = 100
    await vi.waitFor(() => expect(requests).toContainEqual({ type: 'load-older' }))
    const key = keys(element)[4]!
    const before = top(element, key)
    element.timeline = loaded(history(51, 150), true)
    await element.updateComplete
    expect(Math.abs(top(element, key) - before)).toBeLessThan(2)
    expect(rows(element).length).toBeLessThanOrEqual(60)
  })

  it('asks for older messages once where the first page does not fill the view', async () => {
    const { element, requests } = await setup(loaded(history(9, 10), true))
    expect(requests).toEqual([{ type: 'load-older' }])
    element.requestUpdate()
    await element.updateComplete
    expect(requests).toHaveLength(1)
  })

  it('follows new messages at the end, and points to them elsewhere', async () => {
    const { element, scroller } = await setup(loaded(history(1, 50)))
    element.timeline = loaded(history(1, 51))
    await element.updateComplete
    expect(atEnd(scroller)).toBe(true)
    scroller.scrollTop = 400
    await vi.waitFor(() => expect(find(element, '.pill')).not.toBeNull())
    expect(find(element, '.pill')?.textContent).not.toContain('New messages')
    element.timeline = loaded(history(1, 52))
    await element.updateComplete
    expect(find(element, '.pill')?.textContent).toContain('New messages')
    // Named by its text, so that it can be used by voice.
    expect(find(element, '.pill')?.hasAttribute('aria-label')).toBe(false)
    expect(Math.abs(scroller.scrollTop - 400)).toBeLessThan(2)
    await userEvent.click(find(element, '.pill')!)
    expect(atEnd(scroller)).toBe(true)
  })

  it('points to new messages above one that failed', async () => {
    const failed = pending('p-1', 'Lost', { status: 'failed', code: 'too-large' })
    const { element, scroller } = await setup(loaded([...history(1, 50), failed]))
    scroller.scrollTop = 400
    await vi.waitFor(() => expect(find(element, '.pill')).not.toBeNull())
    element.timeline = loaded([...history(1, 50), failed])
    await element.updateComplete
    expect(find(element, '.pill')?.textContent).not.toContain('New messages')
    element.timeline = loaded([...history(1, 50), stored(textMessage(51, ALEX, 'News')), failed])
    await element.updateComplete
    expect(find(element, '.pill')?.textContent).toContain('New messages')
  })

  it('stays at the end where the view shrinks before the browser says that it was scrolled there', async () => {
    const { element, frame, scroller } = await setup(loaded(history(1, 50)))
    const told = new Promise((resolve) => scroller.addEventListener('scroll', resolve, { once: true }))
    frame.style.height = '300px'
    await told
    await element.updateComplete
    expect(find(element, '.pill')).toBeNull()
    await vi.waitFor(() => expect(atEnd(scroller)).toBe(true))
  })

  it('stays at the end where rows are empty for a moment, and drawn before the browser has looked', async () => {
    const { element, scroller } = await setup(loaded(history(1, 30)))
    await vi.waitFor(() => expect(atEnd(scroller)).toBe(true))
    await framesShown(2)
    const emptied = rows(element).slice(-8)
    for (const row of emptied) row.style.display = 'none'
    element.requestUpdate()
    await element.updateComplete
    for (const row of emptied) row.style.display = ''
    expect(atEnd(scroller)).toBe(false)
    await vi.waitFor(() => expect(atEnd(scroller)).toBe(true))
  })

  it('goes to the end when the visitor writes', async () => {
    const { element, scroller } = await setup(loaded(history(1, 50)))
    scroller.scrollTop = 0
    await vi.waitFor(() => expect(find(element, '.pill')).not.toBeNull())
    element.timeline = loaded([...history(1, 50), pending('p-1', 'Hello', { status: 'sending' })])
    await element.updateComplete
    expect(atEnd(scroller)).toBe(true)
  })

  it('says who is typing', async () => {
    const { element } = await setup(loaded(history(1, 2)), { typing: ALEX })
    await vi.waitFor(() => expect(textOf(element)).toContain('Alex is typing…'))
  })

  it('[HP18] the dots of who is typing move once, however often it is told, and not for who wants less motion', async () => {
    const { send } = cdp() as unknown as { send(method: string, params: object): Promise<void> }
    const wanting = (value: string) =>
      send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-motion', value }] })
    onTestFinished(() => wanting(''))
    const { element } = await setup(loaded(history(1, 2)), { typing: ALEX })
    const movements = () => findAll(element, '.dots i').flatMap((dot) => dot.getAnimations())
    await vi.waitFor(() => expect(movements()).toHaveLength(3))
    for (const movement of movements()) movement.finish()
    element.typing = { ...ALEX }
    await element.updateComplete
    expect(movements()).toEqual([])
    expect(textOf(element)).toContain('Alex is typing…')
    element.typing = null
    await element.updateComplete
    await wanting('reduce')
    element.typing = ALEX
    await element.updateComplete
    expect(findAll(element, '.dots i')).toHaveLength(3)
    expect(movements()).toEqual([])
  })

  it('[BO2] shows what a bot has written so far, reads none of it out, and stays at the end', async () => {
    const { element, scroller } = await setup(loaded(history(1, 50)), {
      typing: { ...BOT, text: 'Your **order**, and <b>' },
    })
    const shown = () => find(element, '[aria-hidden=true] .bubble')
    await vi.waitFor(() => expect(shown()?.querySelector('strong')?.textContent).toBe('order'))
    expect(shown()?.textContent).toBe('Your order, and <b>')
    element.typing = { ...BOT, text: 'line\n\n'.repeat(40) }
    await element.updateComplete
    expect(findAll(element, '[aria-hidden=true] .bubble')).toHaveLength(1)
    expect(atEnd(scroller)).toBe(true)
    element.timeline = loaded([...history(1, 50), stored(textMessage(51, BOT, 'Your **order**'))])
    element.typing = null
    await element.updateComplete
    expect(shown()).toBeNull()
    expect(textOf(find(element, '[aria-live=polite]')!)).toBe('Northwind Bot: Your order')
    await expect(element).to.be.accessible()
  })
})
