/** Renders one row of the list: a message of any kind, with its day, author and state. */

import type { TimelineItem } from '@chat-widget/client'
import { dateFormat } from '@chat-widget/client/browser'
import { type MessageAuthor, plainName } from '@chat-widget/protocol'
import { render } from 'lit/html.js'
import type { ChatStrings } from '../../locales/chat.ts'
import { itemText, viewOf } from '../kinds/index.ts'
import type { RowContext } from '../kinds/kind-view.ts'
import type { TextPiece } from '../linkify.ts'
import type { Words } from '../load-strings.ts'
import { onDemand } from '../on-demand.ts'
import { authorOf, isFailed, isOwn, type Row, timeOf } from '../timeline-rows.ts'
import { type KeyedChild, keepChildren } from './keyed-children.ts'

export function authorName(author: MessageAuthor, strings: ChatStrings): string {
  if (author.kind === 'visitor') return strings.you
  return plainName(author.name ?? strings[author.kind])
}

/** A message in one line, for announcements. */
export function spokenText(item: TimelineItem, strings: ChatStrings): string {
  const text = itemText(item, strings)
  return viewOf(item).shape === 'note' ? text : `${authorName(authorOf(item), strings)}: ${text}`
}

const formats = new Map<string, ReturnType<typeof dateFormat>>()

/** Cached: creating a format is expensive, and every row needs one. */
function format(locale: string, options: Parameters<typeof dateFormat>[1]) {
  const key = `${locale} ${Object.keys(options).join()}`
  const known = formats.get(key) ?? dateFormat(locale, options)
  formats.set(key, known)
  return known
}

function dayText(date: Date, { strings, locale }: Words): string {
  const today = new Date()
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1)
  if (date.toDateString() === today.toDateString()) return strings.today
  if (date.toDateString() === yesterday.toDateString()) return strings.yesterday
  return date.getFullYear() === today.getFullYear()
    ? format(locale, { weekday: 'long', day: 'numeric', month: 'long' })(date)
    : format(locale, { day: 'numeric', month: 'long', year: 'numeric' })(date)
}

type Properties<Tag extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[Tag], 'part'> & { readonly part: string }
>

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties<Tag>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  element.append(...children)
  return Object.assign(element, properties)
}

/** A `<div>` with a text, created again when the text changes. */
const textBox = (className: string, text: string): KeyedChild => [
  `${className} ${text}`,
  () => make('div', { className }, text),
]

/** Every address matches this. */
const ADDRESS = /:\/\/|mailto:|www\.|@/i
const links = onDemand(() => import('../linkify.ts'))

function bubble(pieces: readonly TextPiece[]): HTMLElement {
  const content = pieces.map((piece) =>
    piece.type === 'link'
      ? make('a', { href: piece.href, target: '_blank', rel: 'noopener noreferrer' }, piece.text)
      : piece.text,
  )
  return make('div', { className: 'bubble', part: 'bubble' }, make('div', { dir: 'auto' }, ...content))
}

function deliveryText(item: TimelineItem, strings: ChatStrings): string | null {
  if (item.kind === 'stored') {
    if (item.delivery === null) return null
    return item.delivery === 'read' ? strings.read : strings.sent
  }
  switch (item.state.status) {
    case 'sending':
      return strings.sending
    case 'waiting':
      return item.state.for === 'identity' ? strings.waitingForIdentity : strings.waitingForConnection
    case 'failed':
      return null
    default:
      return item.state satisfies never
  }
}

/** The line below a bubble, created again when its key changes. */
const metaBox = (key: string, content: () => readonly HTMLElement[]): readonly KeyedChild[] => [
  [`meta ${key}`, () => make('div', { className: 'meta' }, ...content())],
]

function meta(row: Row, { words, ask }: RowContext): readonly KeyedChild[] {
  const { item, last, newestOwn } = row
  const { strings, locale } = words
  if (item.kind === 'pending' && isFailed(item)) {
    const { clientId } = item
    const button = (type: 'retry' | 'discard') =>
      make(
        'button',
        { className: 'link', type: 'button', onclick: () => ask({ type, clientId }) },
        strings[type],
      )
    return metaBox(`${strings.failed} ${strings.retry} ${strings.discard}`, () => [
      make('span', { className: 'bad' }, strings.failed),
      button('retry'),
      button('discard'),
    ])
  }
  if (!last && !newestOwn) return []
  const date = timeOf(item)
  const text = format(locale, { hour: 'numeric', minute: '2-digit' })(date)
  const delivery = newestOwn ? deliveryText(item, strings) : null
  return metaBox(`${text} ${delivery}`, () => [
    make(
      'span',
      {},
      make('time', { dateTime: date.toISOString() }, text),
      ...(delivery === null ? [] : [' · ', make('span', {}, delivery)]),
    ),
  ])
}

function name({ item, first }: Row, { words: { strings } }: RowContext): KeyedChild {
  const author = authorName(authorOf(item), strings)
  return textBox(isOwn(item) || !first ? 'sr' : 'author', author)
}

/** Key of the content that a kind renders itself. */
const CARD = 'card'

function classesOf({ item, first, last }: Row): string {
  return [
    'row',
    first && 'first',
    last && 'last',
    viewOf(item).shape === 'note' ? 'note' : isOwn(item) && 'own',
    item.kind === 'pending' && (isFailed(item) ? 'failed' : 'pending'),
  ]
    .filter(Boolean)
    .join(' ')
}

/** An empty row. */
export function createRow(key: string): HTMLElement {
  const element = make('div', { part: 'message' })
  element.dataset.key = key
  return element
}

/**
 * Updates a row's element. Text is plain DOM: a Lit template has as many comments as elements. Returns true if the same
 * row needs no further rendering; false for content that a kind renders itself, and for a text whose links are not
 * found yet.
 */
export function drawRow(row: Row, element: HTMLElement, context: RowContext): boolean {
  const { item } = row
  const { words } = context
  const { shape, draw } = viewOf(item)
  const classes = classesOf(row)
  if (element.className !== classes) element.className = classes
  const text = itemText(item, words.strings)
  const children: KeyedChild[] = []
  if (row.newDay) children.push(textBox('day', dayText(timeOf(item), words)))
  const card = item.kind === 'stored' && draw?.(item.message as never, context)
  const needsLinks = shape !== 'note' && !card && ADDRESS.test(text)
  const linked = needsLinks ? context.need(links)?.linkify(text) : undefined
  if (shape === 'note') children.push(textBox('note-text', text))
  else if (card) children.push(name(row, context), [CARD, () => make('div', { className: CARD })])
  else
    children.push(
      name(row, context),
      [linked ? `linked ${text}` : `plain ${text}`, () => bubble(linked ?? [{ type: 'text', text }])],
      ...meta(row, context),
    )
  const holder = keepChildren(element, children).get(CARD)
  if (holder !== undefined) render(card, holder)
  return draw === undefined && (linked !== undefined || !needsLinks)
}
