/** Texts of messages as trees. */
import { linkify } from './linkify.ts'
import { parseMarkdown } from './parse-markdown.ts'
import type { RichNode } from './rich-node.ts'
import { linkTo } from './safe-link.ts'

/** `plain`: only addresses become links, and all else stays as it was written. */
export function parseRichText(text: string, format: 'plain' | 'markdown'): readonly RichNode[] {
  if (format === 'markdown') return parseMarkdown(text)
  return linkify(text).flatMap((piece) =>
    piece.type === 'link' ? linkTo(piece.href, [piece.text]) : [piece.text],
  )
}
