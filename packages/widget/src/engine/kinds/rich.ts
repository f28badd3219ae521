/**
 * What is more than words: links, Markdown, cards, quick replies, the author who is typing. Loaded with the first of
 * them. Cards and quick replies are files of their own, which this one loads.
 */
import type { TimelineItem } from '@chat-widget/client'
import { parseRichText, richTextNodes } from '@chat-widget/client/rich-text'
import { formatOf, type Message, type TypingAuthor } from '@chat-widget/protocol'
import { english } from '../../locales/parts/rich.ts'
import { addStyles } from '../add-styles.ts'
import { authorName } from '../elements/author-name.ts'
import { type KeyedChild, keepChildren, make, place } from '../elements/dom.ts'
import { litPart } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import type { OnDemand } from '../on-demand.ts'
import { pictureOf } from '../who/picture.ts'
import { type CardKind, itemText, shapeOf } from './index.ts'
import { richStyles } from './rich.styles.ts'
import type { CardPart, DrawnElement, RowContext } from './row-context.ts'
import { fileOf } from './text.ts'

const CARDS: { readonly [K in CardKind]: OnDemand<CardPart> } = {
  login: litPart(() => import('./login-card.ts')),
  cards: litPart(() => import('./cards.ts')),
  form: litPart(() => import('./form.ts')),
}
const fileRow = litPart(() => import('../file-row/index.ts'))
const quickReplies = litPart(() => import('./quick-replies.ts'))

/** Draws a text's links and Markdown into an empty element. */
export function drawText(box: HTMLElement, item: TimelineItem, context: RowContext): void {
  addStyles(context.list.renderRoot, richStyles)
  if (fileOf(item) !== undefined) {
    drawFile(box, item, context)
    return
  }
  const text = itemText(item, context.words.strings)
  const isDeleted = item.kind === 'stored' && item.message.deleted
  const isText = item.kind === 'stored' && item.message.kind === 'text' && !isDeleted
  const format = isText ? formatOf(item.message) : 'plain'
  box.append(...richTextNodes(parseRichText(text, format)))
  box.className = isDeleted ? 'deleted' : format === 'markdown' ? 'rich' : ''
}

/** Puts the author's picture before the name, if there is one; call it after each drawing of a row. */
export function drawFace(row: HTMLElement, item: TimelineItem): void {
  const author = row.querySelector('.author')
  const avatar = item.kind === 'stored' ? item.message.author.avatar : undefined
  if (author === null || avatar === undefined || author.querySelector('img') !== null) return
  author.prepend(pictureOf(avatar))
}

/** Draws a file; its text while the code for it is being loaded. */
function drawFile(box: HTMLElement, item: TimelineItem, context: RowContext): void {
  const part = fileRow(
    () => drawFile(box, item, context),
    () => context.ask({ type: 'report-load-failed' }),
  )
  if (part === undefined) box.textContent = itemText(item, context.words.strings)
  else part.drawFile(box, item, context)
}

/** Draws a card, or its text while its file is being loaded and if it cannot be. Call it after each change. */
export function drawCard(box: HTMLElement, item: TimelineItem, context: RowContext): void {
  if (item.kind !== 'stored') return
  const { message } = item
  const part = CARDS[message.kind as CardKind]
  const loaded = context.need(part)
  const { text } = message
  if (loaded !== undefined) drawElement(box, loaded.cardOf(message as never, context))
  else if (part.isLost) keepChildren(box, lostCard(text, part, context))
  else keepChildren(box, [['wait', () => make('div', { className: 'bubble wait', dir: 'auto' }, text)]])
}

function drawElement(box: HTMLElement, { tag, properties }: DrawnElement): void {
  const element = keepChildren(box, [[tag, () => document.createElement(tag)]]).get(tag)
  Object.assign(element as HTMLElement, properties)
}

function lostCard(
  text: string,
  part: OnDemand<CardPart>,
  { words, list }: RowContext,
): readonly KeyedChild[] {
  const { notShown, retry } = partStrings(english, words)
  const again = () => {
    part.isLost = false
    part.retry()
    list.requestUpdate()
  }
  return [
    ['text', () => make('div', { className: 'bubble', dir: 'auto' }, text)],
    [
      notShown + retry,
      () =>
        make(
          'div',
          { className: 'meta' },
          make('span', { className: 'bad' }, notShown),
          make('button', { className: 'link', type: 'button', onclick: again }, retry),
        ),
    ],
  ]
}

/** The newest message, if it offers quick replies: any other message ends them. */
function offerOf(items: readonly TimelineItem[]): Message<'text'> | null {
  const newest = items.findLast((item) => shapeOf(item) !== 'note')
  const message = newest?.kind === 'stored' ? newest.message : null
  return message?.kind === 'text' && message.quickReplies !== undefined ? message : null
}

/** Below the messages: the newest one's quick replies, and the author who is typing. */
export function drawBelow(
  box: HTMLElement,
  context: RowContext,
  typing: TypingAuthor | null,
  isNewestShown: boolean,
): void {
  fileRow.part?.updateFiles(context)
  const offer = isNewestShown ? offerOf(context.items) : null
  if (offer !== null || typing !== null) addStyles(context.list.renderRoot, richStyles)
  const replies = offer && context.need(quickReplies)?.quickRepliesOf(offer, context)
  const typist =
    typing && partStrings(english, context.words).typing(authorName(typing, context.words.strings))
  const children = keepChildren(box, [
    replies && place('replies'),
    typing?.text && place('writing'),
    typist && [typist, () => typingSign(typist)],
  ])
  if (replies) drawElement(children.get('replies') as HTMLElement, replies)
  if (typing?.text) drawWriting(children.get('writing') as HTMLElement, typing.text)
}

/** [BO2] A bot's text so far, in a bubble as its message will have one. Screen readers say it once it is whole. */
function drawWriting(box: HTMLElement, text: string): void {
  box.className = 'row first last'
  box.ariaHidden = 'true'
  const content = make('div', { className: 'rich', dir: 'auto' })
  content.append(...richTextNodes(parseRichText(text, 'markdown')))
  box.replaceChildren(make('div', { className: 'bubble' }, content))
}

const typingSign = (text: string) =>
  make(
    'div',
    { className: 'typing' },
    make('span', { className: 'dots', 'aria-hidden': 'true' }, make('i', {}), make('i', {}), make('i', {})),
    make('span', {}, text),
  )
