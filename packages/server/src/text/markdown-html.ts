/**
 * [SH1] Markdown of a message as HTML, for what is read without the chat: transcripts and mails. Into an element that keeps
 * white space. A link is its text and its address in brackets, so nothing leads elsewhere than it says.
 */
import { formatOf, type Message } from '@chat-widget/protocol'
import { Lexer, type MarkedToken, type Token, type Tokens } from 'marked'
import { type HtmlValue, html } from './html.ts'

const BLOCK = 'margin:6px 0'

/** `text`: what is shown of the message. */
export function textHtml(message: Message, text: string): HtmlValue {
  const isMarkdown = message.kind === 'text' && !message.deleted && formatOf(message) === 'markdown'
  return isMarkdown ? markdownHtml(text) : text
}

export const markdownHtml = (text: string): HtmlValue => blocks(Lexer.lex(text))

/** Paragraphs are parted by an empty line, elements by their margins. */
function blocks(tokens: readonly Token[]): HtmlValue {
  let wasText = false
  return tokens.flatMap((token) => {
    if (token.type === 'space' || token.type === 'def') return []
    const element = blockElement(token as MarkedToken)
    const gap = wasText && element === null ? ['\n\n'] : []
    wasText = element === null
    return [...gap, element ?? inline(token)]
  })
}

function blockElement(token: MarkedToken): HtmlValue {
  switch (token.type) {
    case 'code':
      return html`<pre style="${BLOCK};white-space:pre-wrap"><code>${token.text}</code></pre>`
    case 'blockquote':
      return html`<blockquote style="${BLOCK};padding-inline-start:12px;border-inline-start:3px solid #8888">${blocks(token.tokens)}</blockquote>`
    case 'list':
      return list(token)
    default:
      return null
  }
}

function list({ ordered, start, items }: Tokens.List): HtmlValue {
  const rows = items.map(({ tokens }) => html`<li>${blocks(tokens)}</li>`)
  const style = `${BLOCK};padding-inline-start:24px`
  return ordered
    ? html`<ol style="${style}" start="${start === '' ? 1 : start}">${rows}</ol>`
    : html`<ul style="${style}">${rows}</ul>`
}

/** Whatever is not of [SH1] stands as it was written. */
function inline(token: Token): HtmlValue {
  const one = token as MarkedToken
  switch (one.type) {
    case 'heading':
    case 'strong':
      return html`<strong>${all(one.tokens)}</strong>`
    case 'em':
      return html`<em>${all(one.tokens)}</em>`
    case 'codespan':
      return html`<code>${one.text}</code>`
    case 'br':
      return '\n'
    case 'escape':
      return one.text
    case 'link':
      return one.text === one.href || `mailto:${one.text}` === one.href
        ? one.text
        : [all(one.tokens), ` (${one.href})`]
    case 'paragraph':
      return all(one.tokens)
    case 'text':
      return 'tokens' in one && one.tokens !== undefined ? all(one.tokens) : one.text
    default:
      return one.raw.trimEnd()
  }
}

const all = (tokens: readonly Token[]): readonly HtmlValue[] => tokens.map(inline)
