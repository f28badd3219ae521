/** Renders one row of the list: a message of any kind, with its day, author and state. */

import type { TimelineItem } from '@chat-widget/client'
import { dateFormat } from '@chat-widget/client/browser'
import { FATAL_SEND_CODES } from '@chat-widget/protocol'
import type { ChatStrings } from '../../locales/chat.ts'
import { isSeenElsewhere } from '../kinds/event.ts'
import { itemText, shapeOf } from '../kinds/index.ts'
import type { RowContext } from '../kinds/row-context.ts'
import { fileOf, isRich } from '../kinds/text.ts'
import type { Words } from '../load-strings.ts'
import { onDemand } from '../on-demand.ts'
import { authorOf, isFailed, isOwn, type Row, timeOf } from '../timeline-rows.ts'
import { authorName } from './author-name.ts'
import { type KeyedChild, keepChildren, make } from './dom.ts'

/** What is more than words. */
export const rich = onDemand(() => import('../kinds/rich.ts'))

/** Markers of Markdown, and addresses of its links: not to be read out. */
const MARKERS = /[*`[]|\]\([^)]*\)/g

/** Text of a message without markers. */
export const plainText = (item: TimelineItem, strings: ChatStrings): string =>
  itemText(item, strings).replace(MARKERS, '')

/** A message in one line, for announcements. */
export function spokenText(item: TimelineItem, strings: ChatStrings): string {
  const text = plainText(item, strings)
  if (isFailed(item)) return `${strings.failed} ${text}`
  return shapeOf(item) === 'note' ? text : `${authorName(authorOf(item), strings)}: ${text}`
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

/** A `<div>` with a text, created again when the text changes. */
const textBox = (className: string, text: string): KeyedChild => [
  `${className} ${text}`,
  () => make('div', { className }, text),
]

/** `fill`: puts the content into it; default: the text, whose direction its style finds, without a box of its own. */
function bubble(className: string, text: string, fill?: (box: HTMLElement) => void): HTMLElement {
  const content = fill ? make('div', { dir: 'auto' }) : text
  if (typeof content !== 'string') fill?.(content)
  return make('div', { className: `bubble ${className}`, part: 'bubble' }, content)
}

type DeliveryWord = Extract<
  keyof ChatStrings,
  'sending' | 'sent' | 'delivered' | 'read' | `waitingFor${string}`
>

/** Name of the words for a message's state, and of the class of its sign. */
function deliveryWord(item: TimelineItem): DeliveryWord | null {
  if (item.kind === 'stored') return item.message.deleted ? null : item.delivery
  const { state } = item
  switch (state.status) {
    case 'sending':
      return 'sending'
    case 'waiting':
      return state.for === 'identity' ? 'waitingForIdentity' : 'waitingForConnection'
    case 'failed':
      return null
    default:
      return state satisfies never
  }
}

/** The line below a bubble, created again when its key changes. */
const metaBox = (key: string, content: () => readonly HTMLElement[]): readonly KeyedChild[] => [
  [`meta ${key}`, () => make('div', { className: 'meta' }, ...content())],
]

function meta(row: Row, { words: { strings, locale }, ask }: RowContext): readonly KeyedChild[] {
  const { item, last, newestOwn } = row
  if (item.kind === 'pending' && item.state.status === 'failed') {
    const { clientId, state } = item
    const isRefused = fileOf(item) && FATAL_SEND_CODES.has(state.code)
    const offered = isRefused ? (['discard'] as const) : (['retry', 'discard'] as const)
    return metaBox([strings.failed, ...offered.map((type) => strings[type])].join(' '), () => [
      make('span', { className: 'bad' }, strings.failed),
      ...offered.map((type) =>
        make(
          'button',
          { className: 'link', type: 'button', onclick: () => ask({ type, clientId }) },
          strings[type],
        ),
      ),
    ])
  }
  const isEdited = item.kind === 'stored' && item.message.edited
  if (!last && !newestOwn && !isEdited) return []
  const date = timeOf(item)
  const text = format(locale, { hour: 'numeric', minute: '2-digit' })(date)
  const words = [isEdited ? ('edited' as const) : null, newestOwn ? deliveryWord(item) : null].filter(
    (word) => word !== null,
  )
  return metaBox([text, ...words.map((word) => strings[word])].join(' '), () => {
    const time = make('time', { dateTime: date.toISOString() }, text)
    const states = words.flatMap((word) => [' · ', make('span', { className: word }, strings[word])])
    return [states.length === 0 ? time : make('span', {}, time, ...states)]
  })
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
    shapeOf(item) === 'note' ? 'note' : isOwn(item) && 'own',
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
 * Updates a row's element. Returns true if the same
 * row needs no further rendering; false for a card, and for a bubble whose part is not loaded.
 */
export function drawRow(row: Row, element: HTMLElement, context: RowContext): boolean {
  const { item } = row
  const { words, need } = context
  const shape = shapeOf(item)
  const isCard = shape === 'card'
  const classes = classesOf(row)
  if (element.className !== classes) element.className = classes
  const text = itemText(item, words.strings)
  const children: KeyedChild[] = []
  if (row.newDay) children.push(textBox('day', dayText(timeOf(item), words)))
  const isPlain = shape === 'note' || !(isCard || isRich(item, text))
  const part = isPlain ? undefined : need(rich)
  if (shape !== 'note') children.push(name(row, context))
  else if (!isSeenElsewhere(item)) children.push(textBox('note-text', text))
  if (isCard && part) children.push([CARD, () => make('div', { className: CARD })])
  else if (shape !== 'note') {
    const look = isCard && !rich.isLost ? 'wait' : ''
    const fill = part && ((box: HTMLElement) => part.drawText(box, item, context))
    children.push([`${look} ${fill !== undefined} ${text}`, () => bubble(look, text, fill)])
    if (!isCard) children.push(...meta(row, context))
  }
  const holder = keepChildren(element, children).get(CARD)
  if (holder) part?.drawCard(holder, item, context)
  part?.drawFace(element, item)
  return isPlain || (!isCard && part !== undefined)
}
