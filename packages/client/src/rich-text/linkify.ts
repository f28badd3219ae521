/** Finds addresses in plain text. Only http, https and mailto become links. */

import { safeHref } from './safe-link.ts'

export type TextPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly href: string }

/** Punctuation of Chinese, Japanese, Arabic and Hindi, and curly quotes, which follow an address without a space. */
const STOPS = '\\u3000-\\u303f\\uff00-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65،؛؟۔।“”‘’«»'
const ADDRESS = new RegExp(
  `\\b(?:https?://|mailto:|www\\.)[^\\s<>"'\`${STOPS}]+|[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63})+`,
  'gi',
)
const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

const countOf = (text: string, character: string) => text.split(character).length - 1

/** Removes punctuation at the end, which belongs to the sentence, and a bracket that was opened before the address. */
function trimEnd(address: string): string {
  const spare: Record<string, number> = {}
  for (const [closer, opener] of Object.entries(CLOSERS))
    spare[closer] = countOf(address, closer) - countOf(address, opener)
  let end = address.length
  for (; end > 0; end -= 1) {
    const last = address.charAt(end - 1)
    const unopened = spare[last] ?? 0
    if (unopened > 0) spare[last] = unopened - 1
    else if (!/[.,:;!?…*_~]/.test(last)) break
  }
  return address.slice(0, end)
}

/** The regular expression looks back 64 characters for the name before an `@`; a longer name is no address. */
const isTail = (text: string, { 0: found, index }: RegExpExecArray) =>
  /^[\w.+-]+@/.test(found) && index > 0 && /[\w.+-]/.test(text.charAt(index - 1))

function hrefFor(text: string): string | null {
  const address = /^www\./i.test(text)
    ? `https://${text}`
    : /^(https?|mailto):/i.test(text)
      ? text
      : `mailto:${text}`
  return safeHref(address)
}

export function linkify(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    if (isTail(text, match)) continue
    const found = trimEnd(match[0])
    const href = hrefFor(found)
    if (href === null) continue
    if (match.index > end) pieces.push({ type: 'text', text: text.slice(end, match.index) })
    pieces.push({ type: 'link', text: found, href })
    end = match.index + found.length
  }
  if (end < text.length) pieces.push({ type: 'text', text: text.slice(end) })
  return pieces
}
