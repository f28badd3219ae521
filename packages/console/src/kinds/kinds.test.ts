import type { PendingUpload } from '@chat-widget/client'
import type { AgentTimelineItem } from '@chat-widget/client/agent'
import type { AppId, Card, FileId, Form, Message, MessageAuthor } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { agent, clientId, loginMessage, stored, textMessage } from '../testing/fixtures.testing.ts'
import {
  find,
  HOSTILE_TEXTS,
  harmDone,
  hostileContents,
  mount,
  settled,
  text,
  turnedNames,
} from '../testing/render.testing.ts'
import { describe as inOneLine } from './index.ts'

const BOT: MessageAuthor = { kind: 'bot', name: 'Shop bot' }
const SELF: MessageAuthor = { kind: 'agent', id: agent.id, name: agent.name }

/** A GIF of two frames, of one pixel each. */
const MOVING =
  'data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACH/C05FVFNDQVBFMi4wAwEAAAAh+QQECgAAACwAAAAAAQABAAACAkQBACH5BAQKAAAALAAAAAABAAEAAAICTAEAOw=='

const TENT: Card = {
  title: 'Tent for two',
  text: 'Light and dry',
  image: { url: 'https://shop.example/tent.png', alt: 'A green tent' },
  buttons: [
    { label: 'Look', url: 'https://shop.example/tent' },
    { label: 'Buy', value: 'buy-tent' },
  ],
}
const RETURN: Form = {
  title: 'Your return',
  fields: [
    { name: 'order', label: 'Order number', type: 'text', required: true },
    { name: 'why', label: 'Reason', type: 'select', options: [{ label: 'Too small', value: 's' }] },
  ],
  submit: 'Send',
}

const said = (seq: number, words: string, more: object = {}): Message =>
  ({ ...textMessage(seq, words, { author: BOT }), ...more }) as Message
const reply = (seq: number, to: number, value: string) =>
  ({ ...textMessage(seq, value), reply: { to, value } }) as Message
const cards = (seq: number, ...all: readonly Card[]) => said(seq, 'Tents', { kind: 'cards', cards: all })
const form = (seq: number) => said(seq, '- Order number', { kind: 'form', form: RETURN })
const answer = (seq: number, to: number) =>
  ({
    ...textMessage(seq, 'Order number: 17\nReason: Too small'),
    ...{ kind: 'form-answer', to, values: { order: '17', why: 's' } },
  }) as Message
const file = (seq: number, mediaType: string, name: string, more: object = {}) =>
  said(seq, `File: ${name}`, {
    kind: 'file',
    file: { id: '00000000-0000-4000-8000-00000000000f' as FileId, name, mediaType, size: 1_234_567, ...more },
  })

async function log(...items: readonly (Message | AgentTimelineItem)[]) {
  const element = await mount('message-log', {
    items: items.map((item) => ('seq' in item ? stored(item) : item)),
    agent,
    app: 'shop' as AppId,
    visitorName: 'Ada',
  })
  return {
    element,
    all: (selector: string) => [...element.renderRoot.querySelectorAll<HTMLElement>(selector)],
  }
}

describe('text', () => {
  it('has room between its blocks, before code too', async () => {
    const { all } = await log(said(1, 'One\n\n> two\n\n```\nthree\n```\n\nfour'))
    const blocks = all('.rich > *').map((block) => block.getBoundingClientRect())
    expect(blocks).toHaveLength(4)
    for (const [index, { top }] of blocks.slice(1).entries())
      expect(top - blocks[index]!.bottom).toBeCloseTo(8, 0)
  })

  it('[SH1] of the bot and of agents is Markdown, a visitor’s is as it was written', async () => {
    const { element, all } = await log(
      said(1, '**Hi** `a`\n\n- one\n- two'),
      textMessage(2, '**Hi** www.a.example'),
    )
    expect(find(element, '.rich strong').textContent).toBe('Hi')
    expect(all('.rich li').map((item) => item.textContent)).toEqual(['one', 'two'])
    expect(find(element, '.bubble:not(.rich)').textContent).toBe('**Hi** www.a.example')
    const link = find<HTMLAnchorElement>(element, 'a')
    expect([link.href, link.target, link.rel]).toEqual([
      'https://www.a.example/',
      '_blank',
      'noopener noreferrer',
    ])
  })

  it('[SH1] is drawn again for other words, and not for the same ones', async () => {
    const { element } = await log(said(1, '**one**'))
    const before = find(element, '.rich strong')
    element.items = [stored(said(1, '**one**')), stored(textMessage(2, 'more'))]
    await settled(element)
    expect(find(element, '.rich strong')).toBe(before)
    element.items = [stored(said(1, '**two**'))]
    await settled(element)
    expect(find(element, '.rich strong').textContent).toBe('two')
  })

  it('[SH4] is one line without markers in the list', () => {
    expect(inOneLine(said(1, '# **Good**\n\n- [news](https://a.example/b)\n- `code`'))).toBe('Good news code')
    expect(inOneLine(textMessage(1, '2 * 3\n**'))).toBe('2 * 3 **')
  })

  it('[SH3] shows its quick replies, and which was taken', async () => {
    const quickReplies = ['Small', 'Large'].map((label) => ({ label, value: label.toLowerCase() }))
    const { element, all } = await log(said(1, 'Which size?', { quickReplies }))
    expect(all('.choice').map((choice) => choice.textContent?.trim())).toEqual(['Small', 'Large'])
    expect(all('.taken')).toEqual([])
    element.items = [...element.items, stored(reply(2, 1, 'large'))]
    await settled(element)
    expect(all('.taken').map((choice) => choice.textContent?.trim())).toEqual(['Large, Chosen'])
  })
})

describe('cards', () => {
  it('show picture, title, text and buttons, of which only links do something', async () => {
    const { element, all } = await log(cards(1, TENT))
    expect(text(element)).toMatch(/Tent for two Light and dry Look Buy/)
    const image = find<HTMLImageElement>(element, 'img')
    expect([image.alt, image.referrerPolicy, image.loading]).toEqual(['A green tent', 'no-referrer', 'lazy'])
    expect(all('.offer button')).toEqual([])
    expect(find<HTMLAnchorElement>(element, '.offer a').rel).toBe('noopener noreferrer')
    element.items = [...element.items, stored(reply(2, 1, 'buy-tent'))]
    await settled(element)
    expect(find(element, '.taken').textContent?.trim()).toBe('Buy, Chosen')
  })

  it('several make a row that keys scroll', async () => {
    await log(cards(1, TENT, TENT, TENT))
    const row = page.getByRole('list', { name: 'Cards' })
    await expect.element(row).toHaveAttribute('tabindex', '0')
    expect(row.element().scrollWidth).toBeGreaterThan(row.element().clientWidth)
  })
})

describe('forms', () => {
  it('show what is asked, and whether it was answered; the answer has the labels', async () => {
    const { element, all } = await log(form(1))
    expect(text(element)).toMatch(
      /Form Your return Order number Reason \(optional\) ?Too small .*Send Not answered yet/,
    )
    element.items = [...element.items, stored(answer(2, 1))]
    await settled(element)
    expect(find(element, '.outcome').textContent?.trim()).toBe('Answered')
    expect(all('dt').map((label) => label.textContent)).toEqual(['Order number', 'Reason'])
    expect(all('dd').map((value) => value.textContent)).toEqual(['17', 'Too small'])
    // Two short questions with their answers, and no lines of the template between them.
    expect(find(element, '.values').offsetHeight).toBeLessThan(130)
  })

  it('[MK4] an answer to a form that is not loaded is shown by its text', async () => {
    const { element } = await log(answer(9, 1))
    expect(find(element, '.bubble').textContent).toBe('Order number: 17\nReason: Too small')
  })
})

describe('files', () => {
  it('show name, type and size, and lead to the bytes', async () => {
    const { element } = await log(file(1, 'application/pdf', 'Invoice 17.pdf', {}))
    const link = page.getByRole('link', { name: /Invoice 17\.pdf PDF · 1\.2 MB/ })
    await expect.element(link).toHaveAttribute('download', 'Invoice 17.pdf')
    expect(link.element().getAttribute('href')).toMatch(
      /\/v1\/apps\/shop\/files\/00000000-0000-4000-8000-00000000000f$/,
    )
    expect(element.renderRoot.querySelector('img')).toBeNull()
    // Type and size stay in order where the language is written from the right.
    expect(find(element, '.soft').querySelectorAll('bdi')).toHaveLength(2)
  })

  it('a picture keeps its place before it is loaded, and is a file where it cannot be', async () => {
    const { element } = await log(file(1, 'image/png', 'tent.png', { width: 800, height: 400 }))
    const image = find<HTMLImageElement>(element, '.picture img')
    expect([image.alt, image.getAttribute('width'), image.getAttribute('height')]).toEqual([
      'tent.png',
      '800',
      '400',
    ])
    const { width, height } = image.getBoundingClientRect()
    expect(width / height).toBeCloseTo(2, 1)
    image.dispatchEvent(new Event('error'))
    await expect.element(page.getByRole('link', { name: /tent\.png/ })).toBeVisible()
    expect(find(element, '.picture').checkVisibility()).toBe(false)
  })

  it('[HP18] a picture that moves stands still, and its link opens it', async () => {
    const { element } = await log(file(1, 'image/gif', 'tent.gif', { width: 1, height: 1 }))
    const image = find<HTMLImageElement>(element, '.picture img')
    image.src = MOVING
    await expect.poll(() => image.src).toMatch(/^blob:/)
    expect((await (await fetch(image.src)).blob()).type).toBe('image/png')
    await image.decode()
    expect(image.naturalWidth).toBe(1)
    expect(find<HTMLAnchorElement>(element, '.picture').href).toMatch(
      /files\/00000000-0000-4000-8000-00000000000f$/,
    )
  })

  it('what is no picture of the server’s kinds is never shown as one', async () => {
    const { element } = await log(file(1, 'image/svg+xml', 'x.svg'))
    expect(element.renderRoot.querySelector('img')).toBeNull()
  })
})

describe('a file that is being sent', () => {
  const outgoing = (
    state: Extract<AgentTimelineItem, { kind: 'pending' }>['state'],
    upload: Partial<PendingUpload> = {},
    type = 'application/pdf',
  ): AgentTimelineItem => ({
    ...{ kind: 'pending', clientId: clientId(50), createdAt: new Date().toISOString(), state },
    body: { file: { name: 'Offer.pdf', size: 2_000_000, type }, text: 'As promised' },
    upload: { bytes: new Blob(), sent: 500_000, isKept: true, ...upload },
  })

  it('[SH6] shows how far it is, and can be cancelled', async () => {
    const { element } = await log(outgoing({ status: 'sending' }, { isKept: false }))
    const bar = page.getByRole('progressbar', { name: 'Sending Offer.pdf' })
    await expect.element(bar).toHaveAttribute('value', '500000')
    expect(text(element)).toMatch(/Offer\.pdf PDF · 2 MB .*Keep this page open.* As promised/)
    await expect(element).to.be.accessible()
    const discarded: unknown[] = []
    element.addEventListener('message-discard', ({ detail }) => discarded.push(detail.clientId))
    await userEvent.click(page.getByRole('button', { name: 'Cancel Offer.pdf' }))
    expect(discarded).toEqual([clientId(50)])
  })

  it('a picture is seen while it is sent', async () => {
    const { element } = await log(outgoing({ status: 'sending' }, {}, 'image/png'))
    const image = find<HTMLImageElement>(element, '.picture img')
    expect([image.src.slice(0, 5), image.alt]).toEqual(['blob:', 'Offer.pdf'])
  })

  it.each([
    ['too-large', 'The file is too large.', false],
    ['file-refused', 'Files of this kind cannot be sent here.', false],
    ['file-unreadable', 'The file cannot be read any more. Please choose it again.', false],
    ['not-found', 'No files can be sent here.', false],
    ['rate-limited', 'Too many files in a short time. Please try again later.', true],
    ['unavailable', 'The upload was interrupted.', true],
  ] as const)('[FI12] that failed as %s says why, and what can be done', async (code, why, mayRetry) => {
    const { element, all } = await log(outgoing({ status: 'failed', code }))
    expect(text(element)).toContain(`Not sent. ${why}`)
    expect(all('.fate .link').map((one) => one.textContent)).toEqual([
      ...(mayRetry ? ['Try again'] : []),
      'Discard',
    ])
    expect(element.renderRoot.querySelector('progress')).toBeNull()
  })
})

it('[CV4] a rating says how good the conversation was, and what was written about it', async () => {
  const { element } = await log(
    said(1, 'x', { kind: 'event', event: { type: 'rated', rating: 4, text: 'Quick **help**' } }),
  )
  expect(find(element, '.note').textContent).toBe('Rated 4 of 5\nQuick **help**')
})

describe('changed messages', () => {
  it('[SH5] are edited and deleted where they stand', async () => {
    const { element } = await log(
      said(1, 'New **price**', { edited: true }),
      textMessage(2, 'Thanks'),
      said(3, 'A message was deleted.', { author: SELF, deleted: true }),
      said(4, 'A message was deleted.', { kind: 'event', event: { type: 'deleted', of: 3 } }),
    )
    expect(text(element)).toMatch(/New price .* Edited .*Ada Thanks .*You This message was deleted/)
    expect(text(element)).not.toContain('A message was deleted.')
    expect(element.renderRoot.querySelector('.note')).toBeNull()
  })

  it('[PD5] of a customer who was erased say so', async () => {
    const { element } = await log(
      said(1, 'Deleted by request.', { deleted: true, erased: true }),
      said(2, 'A refund it is', { author: SELF }),
    )
    expect(text(element)).toMatch(/Deleted by request .*A refund it is/)
  })
})

it('a login card says that the visitor has signed in', async () => {
  const { element } = await log(loginMessage(1))
  expect(element.renderRoot.querySelector('.outcome')).toBeNull()
  element.items = [
    ...element.items,
    stored(said(2, 'x', { kind: 'event', event: { type: 'signed-in', userIdentifier: 'ada' } })),
  ]
  await settled(element)
  expect(find(element, '.outcome').textContent?.trim()).toBe('Signed in')
})

describe.each(HOSTILE_TEXTS)('[SH2] with %j in every field', (evil) => {
  it('nothing runs, leads elsewhere, or sticks out', async () => {
    const messages = hostileContents(evil).map((content, index) =>
      said(index + 1, evil, { author: { ...BOT, name: evil }, ...content }),
    )
    const answered = { ...answer(8, 3), values: { 'f-text': evil, 'f-select': evil } } as Message
    const { element, all } = await log(...messages, answered, textMessage(9, evil))
    expect(all('.bubble, .offer').length).toBeGreaterThan(6)
    expect(harmDone(all)).toEqual([])
    expect(turnedNames(all)).toEqual([])
    const { right } = element.getBoundingClientRect()
    const isScrolled = (one: Element) => one.closest('.visually-hidden, .carousel') !== null
    const wide = all('*').filter((one) => one.getBoundingClientRect().right > right + 1 && !isScrolled(one))
    expect(wide).toEqual([])
    const titles = messages.filter(({ kind }) => kind === 'cards' || kind === 'form').map(inOneLine)
    expect(titles.join()).not.toMatch(/\p{Bidi_Control}/u)
  })
})

it('is accessible with every kind, in every state', async () => {
  const quickReplies = [{ label: 'Small', value: 's' }]
  const pending = (body: Extract<AgentTimelineItem, { kind: 'pending' }>['body'], index: number) =>
    ({
      ...{ kind: 'pending', body, state: { status: 'sending' }, createdAt: new Date().toISOString() },
      clientId: `00000000-0000-4000-8000-0000000001${index}0` as never,
    }) as const satisfies AgentTimelineItem
  const { element } = await log(
    said(1, '**Hi** `a`\n\n```\ncode\n```\n\n> quote\n\n1. one\n2. [two](https://a.example)', {
      quickReplies,
    }),
    reply(2, 1, 's'),
    cards(3, TENT),
    cards(4, TENT, TENT, TENT),
    reply(5, 3, 'buy-tent'),
    form(6),
    answer(7, 6),
    form(8),
    file(9, 'application/pdf', 'Invoice.pdf'),
    file(10, 'image/png', 'tent.png', { width: 80, height: 40 }),
    loginMessage(11),
    said(12, 'x', { kind: 'event', event: { type: 'signed-in', userIdentifier: 'ada' } }),
    said(13, 'Changed', { edited: true }),
    said(14, '', { deleted: true }),
    said(15, 'x', { kind: 'event', event: { type: 'joined', agent: { name: 'Robin' } } }),
    said(16, 'x', { kind: 'event', event: { type: 'reopened' } }),
    ...[{ text: '**Hi**', quickReplies }, { cards: [TENT] }, { form: RETURN }].map(pending),
  )
  expect(text(element)).toMatch(/Robin joined the conversation\s*Conversation opened again/)
  await expect(element).to.be.accessible()
})
