/** Finds addresses in plain text. Only http, https and mailto ever become links. */

export type TextPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly href: string }

const ADDRESS = /\b(?:https?:\/\/|mailto:|www\.)[^\s<>"'`]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi
const PROTOCOLS = new Set(['http:', 'https:', 'mailto:'])
const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** Punctuation at the end belongs to the sentence, and so does a bracket that was opened before the address. */
function trimEnd(address: string): string {
  let text = address
  for (;;) {
    const last = text.at(-1) ?? ''
    const opener = CLOSERS[last]
    const isUnopened = opener !== undefined && text.split(opener).length <= text.split(last).length - 1
    if (!isUnopened && !/[.,:;!?…*_~]/.test(last)) return text
    text = text.slice(0, -1)
  }
}

function hrefFor(text: string): string | null {
  const address = /^www\./i.test(text)
    ? `https://${text}`
    : /^(https?|mailto):/i.test(text)
      ? text
      : `mailto:${text}`
  try {
    const url = new URL(address)
    return PROTOCOLS.has(url.protocol) ? url.href : null
  } catch {
    return null
  }
}

export function linkify(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
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
