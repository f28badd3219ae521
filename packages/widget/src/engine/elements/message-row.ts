/** How one row of the list looks: a message of any kind, with its day, author and state. */

import type { TimelineItem } from '@chat-widget/client'
import { dateFormat } from '@chat-widget/client/browser'
import { type MessageAuthor, plainName } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { itemText, viewOf } from '../kinds/index.ts'
import type { RowContext } from '../kinds/kind-view.ts'
import type { Words } from '../load-strings.ts'
import { onDemand } from '../on-demand.ts'
import type { Strings } from '../strings.ts'
import { authorOf, isOwn, type Row, timeOf } from '../timeline-rows.ts'

export function authorName(author: MessageAuthor, strings: Strings): string {
  if (author.kind === 'visitor') return strings.you
  return plainName(author.name ?? strings[author.kind])
}

const formats = new Map<string, ReturnType<typeof dateFormat>>()

/** Making a format is dear, and every row needs one. */
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

function time(date: Date, locale: string) {
  const text = format(locale, { hour: 'numeric', minute: '2-digit' })(date)
  return html`<time datetime=${date.toISOString()}>${text}</time>`
}

/** Each address has one of these. */
const ADDRESS = /:\/\/|mailto:|www\.|@/i
const links = onDemand(() => import('../linkify.ts'))

function textContent(text: string, { redraw, loadFailed }: RowContext) {
  const pieces = ADDRESS.test(text) ? links(redraw, loadFailed)?.linkify(text) : undefined
  return (
    pieces?.map((piece) =>
      piece.type === 'link'
        ? html`<a href=${piece.href} target="_blank" rel="noopener noreferrer">${piece.text}</a>`
        : piece.text,
    ) ?? text
  )
}

function deliveryText(item: TimelineItem, strings: Strings): string | null {
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

function meta({ item, last, newestOwn }: Row, { words, retry, discard }: RowContext) {
  const { strings, locale } = words
  if (item.kind === 'pending' && item.state.status === 'failed')
    return html`<div class="meta">
      <span class="bad">${strings.failed}</span>
      <button type="button" class="link" @click=${() => retry(item.clientId)}>${strings.retry}</button>
      <button type="button" class="link" @click=${() => discard(item.clientId)}>${strings.discard}</button>
    </div>`
  if (!last && !newestOwn) return nothing
  const delivery = newestOwn ? deliveryText(item, strings) : null
  return html`<div class="meta">
    <span>${time(timeOf(item), locale)}${delivery === null ? nothing : html` · <span>${delivery}</span>`}</span>
  </div>`
}

function body(row: Row, context: RowContext) {
  const { item } = row
  const { strings } = context.words
  const { shape, draw } = viewOf(item)
  if (shape === 'note') return html`<div class="note-text">${itemText(item, strings)}</div>`
  const author = authorName(authorOf(item), strings)
  const name =
    isOwn(item) || !row.first
      ? html`<span class="sr">${author}</span>`
      : html`<div class="author">${author}</div>`
  const card = item.kind === 'stored' && draw?.(item.message as never, context)
  if (card) return html`${name}${card}`
  return html`${name}<div class="bubble" part="bubble"><div dir="auto">${textContent(itemText(item, strings), context)}</div></div>
    ${meta(row, context)}`
}

function classesOf({ item, first, last, key }: Row, fresh: ReadonlySet<string>): string {
  return [
    'row',
    first && 'first',
    last && 'last',
    viewOf(item).shape === 'note' ? 'note' : isOwn(item) && 'own',
    item.kind === 'pending' && (item.state.status === 'failed' ? 'failed' : 'pending'),
    fresh.has(key) && 'fresh',
  ]
    .filter(Boolean)
    .join(' ')
}

/** Dresses the row's element and answers what goes into it. */
export function drawRow(row: Row, element: HTMLElement, context: RowContext) {
  const classes = classesOf(row, context.fresh)
  if (element.className !== classes) element.className = classes
  element.dataset.key = row.key
  element.setAttribute('part', 'message')
  return html`${row.newDay ? html`<div class="day">${dayText(timeOf(row.item), context.words)}</div>` : nothing}
    ${body(row, context)}`
}
