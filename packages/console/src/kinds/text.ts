/** Text in the console, with its links, Markdown and quick replies. */
import { parseRichText, type RichNode, richTextNodes } from '@chat-widget/client/rich-text'
import { type Choice, formatOf } from '@chat-widget/protocol'
import { html } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { choiceList } from './choices.ts'
import type { ConsoleKind } from './console-kind.ts'

type Format = 'plain' | 'markdown'

/** A text's elements, made again only for another text. */
export const richText = (text: string, format: Format): unknown =>
  guard([text, format], () => [...richTextNodes(parseRichText(text, format))])

export const textBubble = (text: string, sentAt: string, format: Format = 'plain') =>
  html`<div class=${format === 'markdown' ? 'bubble rich' : 'bubble'} dir="auto" title=${sentAt}>${richText(text, format)}</div>`

/** Longer texts are cut off anyway. */
const LINE_LENGTH = 300

const lineOf = (nodes: readonly RichNode[]): string =>
  nodes
    .map((node) => {
      if (typeof node === 'string') return node
      const line = lineOf(node.children)
      return ['strong', 'em', 'code', 'a'].includes(node.tag) ? line : ` ${line} `
    })
    .join('')

/** A text's words in one line, without markers. */
const textLine = (text: string, format: Format): string =>
  lineOf(parseRichText(text.slice(0, LINE_LENGTH), format))
    .replaceAll(/\s+/g, ' ')
    .trim()

/** One template for both states: an ack replaces no element. */
const drawText = (
  text: string,
  { format, quickReplies }: { readonly format: Format; readonly quickReplies: readonly Choice[] | undefined },
  taken: string | null,
  sentAt: string,
) => html`${textBubble(text, sentAt, format)}${choiceList(quickReplies, taken)}`

export const text: ConsoleKind<'text'> = {
  shape: 'bubble',
  describe: (message) => textLine(message.text, formatOf(message)),
  draw(message, { sentAt, answers }) {
    const { text, quickReplies, seq } = message
    return drawText(text, { format: formatOf(message), quickReplies }, answers.choiceOf(seq), sentAt)
  },
  drawPending({ text, format = 'markdown', ...body }, { sentAt = '' }) {
    const quickReplies = 'quickReplies' in body ? body.quickReplies : undefined
    return drawText(text, { format, quickReplies }, null, sentAt)
  },
}
