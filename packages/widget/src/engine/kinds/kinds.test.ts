import type { TimelineItem } from '@chat-widget/client'
import { HOSTILE_TEXTS, harmDone, hostileContents, turnedNames } from '@chat-widget/page-parts/testing'
import type { Card, FormField, Message } from '@chat-widget/protocol'
import { describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { find, findAll, textOf } from '../../looking.testing.ts'
import type { ChatMessageList } from '../elements/chat-message-list.ts'
import { mount } from '../elements/element.testing.ts'
import '../elements/chat-message-list.ts'
import {
  ALEX,
  BOT,
  createFakeClient,
  eventMessage,
  type FakeClient,
  pending,
  stored,
  textMessage,
  VISITOR,
} from '../fake-client.testing.ts'

const SENDING = { status: 'sending' } as const

const markdown = (seq: number, text: string): Message =>
  ({ ...textMessage(seq, BOT, text), format: 'markdown' }) as Message
const offering = (seq: number, ...labels: readonly string[]): Message =>
  ({
    ...textMessage(seq, BOT, 'Which size?'),
    quickReplies: labels.map((label) => ({ label, value: label.toLowerCase() })),
  }) as Message
const cards = (seq: number, ...all: readonly Card[]): Message => ({
  ...textMessage(seq, BOT, 'Tents'),
  kind: 'cards',
  cards: all,
})
const form = (seq: number, fields: readonly FormField[], title?: string): Message => ({
  ...textMessage(seq, BOT, 'Your return'),
  kind: 'form',
  form: { ...(title === undefined ? {} : { title }), fields, submit: 'Send' },
})
const taken = (to: number, value: string): TimelineItem => ({
  ...(pending('p-1', value, SENDING) as TimelineItem & { kind: 'pending' }),
  body: { text: value, reply: { to, value } },
})
const answered = (to: number, values: Readonly<Record<string, string>>): TimelineItem => ({
  ...(pending('p-1', '', SENDING) as TimelineItem & { kind: 'pending' }),
  body: { to, values },
})

const TENT: Card = {
  title: 'Tent for two',
  text: 'Light and dry',
  image: { url: 'https://shop.example/tent.png', alt: 'A green tent' },
  buttons: [
    { label: 'Look', url: 'https://shop.example/tent' },
    { label: 'Buy', value: 'buy-tent' },
  ],
}

const timelineOf = (items: readonly (Message | TimelineItem)[]) =>
  ({
    items: items.map((item) => ('seq' in item ? stored(item) : item)),
    hasOlder: false,
    status: 'loaded',
  }) as const

const setup = (...items: readonly (Message | TimelineItem)[]) => setupWith(createFakeClient(), items)

async function setupWith(client: Pick<FakeClient, 'parts'>, items: readonly (Message | TimelineItem)[]) {
  const mounted = mount<ChatMessageList>('chat-widget-message-list', { timeline: timelineOf(items) })
  mounted.frame.addEventListener('chat-request', ({ detail }) => {
    if (detail.type === 'read' || detail.type === 'use') detail.use(client as FakeClient)
  })
  await mounted.element.updateComplete
  return {
    ...mounted,
    /** Shows other items. */
    async show(...next: readonly (Message | TimelineItem)[]) {
      mounted.element.timeline = timelineOf(next)
      await mounted.element.updateComplete
    },
    has: (selector: string) =>
      vi.waitFor(() => {
        const found = find(mounted.element, selector)
        expect(found).not.toBeNull()
        return found as HTMLElement
      }),
    sent: () => mounted.requests.filter(({ type }) => type === 'send'),
  }
}

describe('Markdown', () => {
  it('[SH1] is drawn as elements; a visitor’s text stays as it was written', async () => {
    const { element, has } = await setup(
      markdown(1, '**Hi** `a` [x](https://a.example)\n\n- one\n- two'),
      textMessage(2, VISITOR, '**Hi**'),
    )
    expect((await has('.rich strong')).textContent).toBe('Hi')
    expect(find(element, '.rich code')?.textContent).toBe('a')
    expect(findAll(element, '.rich li').map((item) => item.textContent)).toEqual(['one', 'two'])
    // Blocks keep a distance, which none has at its ends.
    const [text, list] = findAll(element, '.rich > *').map((block) => block.getBoundingClientRect())
    expect(list!.top - text!.bottom).toBeCloseTo(8, 0)
    const link = find<HTMLAnchorElement>(element, '.rich a')!
    expect([link.href, link.target, link.rel]).toEqual([
      'https://a.example/',
      '_blank',
      'noopener noreferrer',
    ])
    expect(find(element, '.own [part=bubble]')?.textContent).toBe('**Hi**')
  })

  it('[SH4] is read out without its markers', async () => {
    const { element, show } = await setup(textMessage(1, VISITOR, 'Hi'))
    await show(textMessage(1, VISITOR, 'Hi'), markdown(2, '**Good** [news](https://a.example/b)'))
    expect(find(element, '[aria-live=polite]')?.textContent?.trim()).toBe('Northwind Bot: Good news')
  })
})

describe('quick replies', () => {
  it('[SH3] stand below the newest message, and are taken once', async () => {
    const { element, has, show, sent } = await setup(offering(1, 'Small', 'Large'))
    const button = await has('[part=quick-reply]')
    expect(findAll(element, '[part=quick-reply]').map((one) => textOf(one))).toEqual(['Small', 'Large'])
    await userEvent.click(button)
    expect(sent()).toEqual([{ type: 'send', message: { text: 'Small', reply: { to: 1, value: 'small' } } }])
    // On a phone, the text field would open the keyboard.
    expect(element.shadowRoot?.activeElement?.getAttribute('role')).toBe('log')
    await show(offering(1, 'Small', 'Large'), taken(1, 'small'))
    expect(find(element, '[part=quick-reply]')).toBeNull()
  })

  it.each([
    ['the visitor writes something else', textMessage(2, VISITOR, 'Neither')],
    ['another message comes', textMessage(2, ALEX, 'Hello')],
  ])('[SH3] are gone when %s', async (_, next) => {
    const { element, has, show } = await setup(offering(1, 'Small'))
    await has('[part=quick-reply]')
    await show(offering(1, 'Small'), next)
    expect(find(element, '[part=quick-reply]')).toBeNull()
  })

  it('[SH3] stay when something happens that is no message', async () => {
    const { element, has, show } = await setup(offering(1, 'Small'))
    await has('[part=quick-reply]')
    await show(offering(1, 'Small'), eventMessage(2, { type: 'handed-to-bot' }))
    expect(find(element, '[part=quick-reply]')).not.toBeNull()
  })
})

describe('cards', () => {
  it('show picture, title, text and buttons', async () => {
    const { element, has } = await setup(cards(1, TENT))
    await has('[part=card]')
    expect(textOf(element)).toMatch(/Tent for two Light and dry Look Buy/)
    const image = find<HTMLImageElement>(element, 'img')!
    expect([image.alt, image.referrerPolicy, image.loading]).toEqual(['A green tent', 'no-referrer', 'lazy'])
    // As high before it has loaded as after.
    const { width, height } = image.getBoundingClientRect()
    expect(width / height).toBeCloseTo(16 / 9, 1)
    // The words below it are not seen through a picture that is there.
    const words = find(element, '.image span')!
    expect(words.checkVisibility()).toBe(true)
    image.dispatchEvent(new Event('load'))
    expect(words.checkVisibility()).toBe(false)
    const link = find<HTMLAnchorElement>(element, 'a')!
    expect([link.href, link.target, link.rel]).toEqual([
      'https://shop.example/tent',
      '_blank',
      'noopener noreferrer',
    ])
  })

  it('[SH3] send a value once, and show which', async () => {
    const { element, has, show, sent } = await setup(cards(1, TENT))
    await has('[part=card]')
    const button = find(element, 'button[part=card-button]')!
    await userEvent.click(button)
    expect(sent()).toEqual([{ type: 'send', message: { reply: { to: 1, value: 'buy-tent' } } }])
    await show(cards(1, TENT), taken(1, 'buy-tent'))
    await vi.waitFor(() => expect(find(element, 'button[part=card-button]')).toBeNull())
    expect(textOf(find(element, '.taken')!)).toBe('Buy , Chosen')
  })

  it('several make a row that keys and arrows scroll', async () => {
    const { element, has } = await setup(cards(1, TENT, TENT, TENT, TENT))
    const row = await has('[role=list]')
    expect(row.scrollWidth).toBeGreaterThan(row.clientWidth)
    expect(row.tabIndex).toBe(0)
    const arrow = () => find(element, '.arrow.on')!
    await vi.waitFor(() => expect(arrow().hidden).toBe(false))
    expect(find(element, '.arrow.back')!.hidden).toBe(true)
    await userEvent.click(arrow())
    await vi.waitFor(() => expect(find(element, '.arrow.back')!.hidden).toBe(false))
    expect(row.scrollLeft).toBeGreaterThan(0)
  })
})

describe('forms', () => {
  const FIELDS: readonly FormField[] = [
    { name: 'order', label: 'Order number', type: 'number', required: true },
    { name: 'mail', label: 'Email', type: 'email', required: true },
    { name: 'why', label: 'Reason', type: 'select', options: [{ label: 'Too small', value: 's' }] },
    { name: 'more', label: 'More', type: 'textarea' },
  ]
  const field = (element: Element, name: string) => find<HTMLInputElement>(element, `[name=${name}]`)!

  it('are labelled, and say beside each field what is wrong', async () => {
    const { element, has, sent } = await setup(form(1, FIELDS, 'Return'))
    await userEvent.click(await has('[type=submit]'))
    expect(sent()).toEqual([])
    const order = field(element, 'order')
    await vi.waitFor(() => expect((order.getRootNode() as ShadowRoot).activeElement).toBe(order))
    expect(order.labels?.[0]?.textContent).toBe('Order number')
    const problem = find(element, `#${order.getAttribute('aria-describedby')}`)
    expect(problem?.textContent).toBe('Please fill in this field.')
    await userEvent.fill(order, '17')
    expect(order.hasAttribute('aria-invalid')).toBe(false)
    await userEvent.fill(field(element, 'mail'), 'ann')
    await userEvent.keyboard('{Enter}')
    expect(textOf(find(element, '#problem-mail')!)).toContain('Please enter an email address')
  })

  it('[SH3] send what is given, once, and show it afterwards', async () => {
    const { element, has, show, sent } = await setup(form(1, FIELDS))
    await has('[type=submit]')
    await userEvent.fill(field(element, 'order'), '17')
    await userEvent.fill(field(element, 'mail'), 'ann@example.com')
    await userEvent.selectOptions(find<HTMLSelectElement>(element, 'select')!, 's')
    await userEvent.click(find(element, '[type=submit]')!)
    const values = { order: '17', mail: 'ann@example.com', why: 's' }
    expect(sent()).toEqual([{ type: 'send', message: { to: 1, values } }])
    await show(form(1, FIELDS), answered(1, values))
    await vi.waitFor(() => expect(find(element, 'form')).toBeNull())
    const card = find(element, '[part=card]')!
    const given = 'Order number 17 Email ann@example.com Reason Too small'
    expect(textOf(card)).toBe(given)
    expect(card.matches(':focus')).toBe(true)
    await show(form(1, FIELDS), { ...textMessage(2, VISITOR, '17'), kind: 'form-answer', to: 1, values })
    await vi.waitFor(() => expect(textOf(card)).toBe(`${given} Sent`))
  })

  it('begin an empty field where its label begins, and a written one by its own words', async () => {
    const { element, has } = await setup(form(1, FIELDS))
    await has('[type=submit]')
    const more = field(element, 'more')
    expect(more.dir).toBe('')
    await userEvent.fill(more, 'half')
    expect(more.dir).toBe('auto')
    await userEvent.clear(more)
    expect(more.dir).toBe('')
  })

  it('keep what was written when their row is drawn anew', async () => {
    const { element, has, show } = await setup(form(1, FIELDS))
    await has('[type=submit]')
    await userEvent.fill(field(element, 'more'), 'half')
    await show(textMessage(9, ALEX, 'Elsewhere'))
    await show(form(1, FIELDS), textMessage(2, ALEX, 'Take your time'))
    await vi.waitFor(() => expect(field(element, 'more').value).toBe('half'))
  })

  /** As on the next page. */
  const nextVisit = ({ parts }: FakeClient) => ({
    parts: {
      ...parts,
      identity: { visit: new AbortController().signal, owner: 'anonymous' },
    } as unknown as typeof parts,
  })

  it('[CV11] keep it on the next page too, until the server has the answer', async () => {
    const client = createFakeClient()
    const first = await setupWith(client, [form(1, FIELDS)])
    await first.has('[type=submit]')
    await userEvent.fill(field(first.element, 'more'), 'half')
    await userEvent.selectOptions(find<HTMLSelectElement>(first.element, 'select')!, 's')
    first.frame.remove()
    const { element, has, show } = await setupWith(nextVisit(client), [form(1, FIELDS)])
    await has('[type=submit]')
    await vi.waitFor(() => expect(field(element, 'more').value).toBe('half'))
    expect(find<HTMLSelectElement>(element, 'select')!.value).toBe('s')
    const values = { more: 'half', why: 's' }
    // On its way; it fails, and is to be given again.
    await show(form(1, FIELDS), answered(1, values))
    await vi.waitFor(() => expect(find(element, 'form')).toBeNull())
    const failed = {
      ...answered(1, values),
      state: { status: 'failed', code: 'bad-request' },
    } as TimelineItem
    await show(form(1, FIELDS), failed)
    await vi.waitFor(() => expect(field(element, 'more').value).toBe('half'))
    const stored = { ...textMessage(2, VISITOR, 'half'), kind: 'form-answer', to: 1, values } as Message
    await show(form(1, FIELDS), stored)
    await vi.waitFor(() => expect(find(element, 'form')).toBeNull())
    const kept = () => client.parts.storage.get<{ readonly forms: object }>('drafts')
    await expect.poll(async () => (await kept())?.forms).toEqual({})
  })

  it('[CV11] of a pre-chat form keep it, and not for the next conversation once it was given', async () => {
    const client = createFakeClient()
    const preChat = (id: string) => ({ ...form(1, FIELDS), id, clientId: 'pre-chat' }) as unknown as Message
    const first = await setupWith(client, [preChat('pre-chat 1')])
    await first.has('[type=submit]')
    await userEvent.fill(field(first.element, 'mail'), 'ada@example.com')
    first.frame.remove()
    const { element, has, show } = await setupWith(nextVisit(client), [preChat('pre-chat 2')])
    await has('[type=submit]')
    await vi.waitFor(() => expect(field(element, 'mail').value).toBe('ada@example.com'))
    const values = { mail: 'ada@example.com' }
    await show(form(1, FIELDS), {
      ...{ ...textMessage(2, VISITOR, ''), kind: 'form-answer', to: 1, values },
    } as Message)
    await vi.waitFor(() => expect(find(element, 'form')).toBeNull())
    await show(preChat('pre-chat 3'))
    await has('[type=submit]')
    await vi.waitFor(() => expect(field(element, 'mail').value).toBe(''))
  })
})

describe('changed messages', () => {
  it('[SH5] are edited and deleted where they stand', async () => {
    const edited = { ...markdown(1, 'New **price**'), edited: true } as Message
    const deleted = { ...textMessage(3, ALEX, 'A message was deleted.'), deleted: true } as Message
    const { element, has } = await setup(
      edited,
      textMessage(2, BOT, 'More'),
      deleted,
      eventMessage(4, { type: 'deleted', of: 3 }),
    )
    await has('.rich strong')
    expect(textOf(element)).toMatch(
      /New price .* · Edited Northwind Bot More .* Alex This message was deleted/,
    )
    expect(textOf(element)).not.toContain('A message was deleted.')
  })

  it('[SH5] say nothing of their delivery once they are deleted', async () => {
    const own = textMessage(1, VISITOR, 'Oh no')
    const { element, show } = await setup(own)
    await vi.waitFor(() => expect(textOf(element)).toMatch(/Oh no .* · Sent$/))
    await show({ ...own, deleted: true } as Message)
    await vi.waitFor(() => expect(textOf(element)).toMatch(/This message was deleted [\d:]+.[AP]M$/))
  })
})

describe.each(HOSTILE_TEXTS)('[SH2] with %j in every field', (evil) => {
  it('nothing runs, leads elsewhere, or sticks out', async () => {
    const { element, has } = await setup(
      ...hostileContents(evil).map(
        (content, index) =>
          ({ ...textMessage(index + 1, { ...BOT, name: evil }, evil), ...content }) as Message,
      ),
    )
    await has('[part=quick-reply]')
    await has('form')
    await has('[part=card]')
    await has('[part=file]')
    await has('[part=login-button]')
    const all = (selector: string) => findAll(element, selector)
    expect(harmDone(all)).toEqual([])
    expect(turnedNames(all)).toEqual([])
    const { right } = element.getBoundingClientRect()
    const wide = findAll(element, '*').filter((one) => one.getBoundingClientRect().right > right + 1)
    expect(wide.filter((one) => one.closest('.sr') === null)).toEqual([])
  })
})

it('is accessible with every kind, in every state', async () => {
  const fields: readonly FormField[] = [
    { name: 'order', label: 'Order number', type: 'number', required: true },
    { name: 'why', label: 'Reason', type: 'select', options: [{ label: 'Too small', value: 's' }] },
    { name: 'more', label: 'More', type: 'textarea' },
    { name: 'when', label: 'When', type: 'date' },
  ]
  const { element, has } = await setup(
    markdown(1, '**Hi** `a`\n\n```\ncode\n```\n\n> quote\n\n1. one\n2. [two](https://a.example)'),
    cards(2, TENT),
    cards(3, TENT, TENT, TENT),
    form(4, fields, 'Return'),
    form(5, fields.slice(0, 1)),
    { ...textMessage(6, VISITOR, 'Order number: 17'), kind: 'form-answer', to: 5, values: { order: '17' } },
    { ...textMessage(7, VISITOR, 'Buy'), reply: { to: 2, value: 'buy-tent' } } as Message,
    { ...textMessage(8, ALEX, 'Changed'), edited: true } as Message,
    { ...textMessage(9, ALEX, ''), deleted: true } as Message,
    offering(10, 'Small', 'Large'),
  )
  await has('[part=quick-reply]')
  await userEvent.click(await has('[type=submit]'))
  await vi.waitFor(() => expect(findAll(element, '[role=list]')).toHaveLength(1))
  await expect(document.body).to.be.accessible()
})
