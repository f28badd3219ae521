/**
 * The Markdown of messages ([SH1]): paragraphs, lists, quotes, code blocks, and what `parse-inline.ts` knows. HTML and
 * images are no part of it, so they stay text. A line break is one, as people write in a chat.
 */
import { parseInline } from './parse-inline.ts'
import type { RichElement, RichNode } from './rich-node.ts'

/** Quotes and lists within each other; deeper ones are text. */
const MAX_DEPTH = 8

const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]*$/
const QUOTE = /^ {0,3}> ?/
/** Bullet and number. A longer number is a year that begins a sentence. */
const ITEM = /^( {0,3}(?:[-*+]|(\d{1,3})[.)])) +(?=\S)/
/** A line across: text here, and no list of bullets. */
const LINE = /^ {0,3}([-*])(?: *\1){2,} *$/
const HEADING = /^ {0,3}#{1,6} +(.*?) *#*$/
const isBlank = (line: string) => line.trim() === ''

const itemOf = (line: string) => (LINE.test(line) ? null : ITEM.exec(line))
/** `-`, `*`, `+`, `.` or `)`: another one begins another list. */
const bulletOf = (line: string) => itemOf(line)?.[1]?.at(-1)
const indentOf = (line: string) => line.length - line.trimStart().length

function startsBlock(line: string): boolean {
  const item = itemOf(line)
  // CommonMark: only a list that begins with 1 interrupts a paragraph.
  if (item !== null) return item[2] === undefined || item[2] === '1'
  return FENCE.test(line) || QUOTE.test(line) || HEADING.test(line)
}

export function parseMarkdown(text: string): RichNode[] {
  return blocksOf(text.replaceAll('\r\n', '\n').replaceAll('\t', '    ').split('\n'), 0)
}

function blocksOf(lines: readonly string[], depth: number): RichNode[] {
  const blocks: RichNode[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] as string
    const fence = FENCE.exec(line)?.[1]
    if (isBlank(line)) at += 1
    else if (fence !== undefined) at = codeBlock(fence)
    else if (depth < MAX_DEPTH && QUOTE.test(line)) at = quote()
    else if (depth < MAX_DEPTH && bulletOf(line) !== undefined) at = list()
    else at = paragraph()
  }
  return blocks

  function codeBlock(fence: string): number {
    const indent = indentOf(lines[at] as string)
    const end = lines.findIndex(
      (line, index) => index > at && line.trim().length >= fence.length && isClosing(line, fence),
    )
    const inner = lines.slice(at + 1, end === -1 ? lines.length : end)
    const code = inner.map((line) => line.slice(Math.min(indent, indentOf(line)))).join('\n')
    blocks.push({ tag: 'pre', children: [{ tag: 'code', children: [code] }] })
    return end === -1 ? lines.length : end + 1
  }

  function quote(): number {
    let end = at
    while (end < lines.length && QUOTE.test(lines[end] as string)) end += 1
    const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ''))
    blocks.push({ tag: 'blockquote', children: blocksOf(inner, depth + 1) })
    return end
  }

  function list(): number {
    const first = ITEM.exec(lines[at] as string)
    const bullet = bulletOf(lines[at] as string)
    const items: RichElement[] = []
    let end = at
    while (end < lines.length && bulletOf(lines[end] as string) === bullet) {
      const item = itemLines(end)
      items.push({ tag: 'li', children: tight(blocksOf(item.lines, depth + 1)) })
      end = item.end
    }
    if (first?.[2] === undefined) blocks.push({ tag: 'ul', children: items })
    else blocks.push({ tag: 'ol', children: items, start: Number(first[2]) })
    return end
  }

  /** Lines of one item without their indent; blank ones belong to it if an indented one follows. */
  function itemLines(start: number) {
    const marker = ITEM.exec(lines[start] as string)?.[0] ?? ''
    const inner = [(lines[start] as string).slice(marker.length)]
    let end = start + 1
    for (let next = end; next < lines.length; next += 1) {
      const line = lines[next] as string
      if (isBlank(line)) continue
      const isWithin = indentOf(line) >= Math.min(marker.length, 2)
      // A line right below goes on with the item's paragraph, indented or not.
      const goesOn = next === end && !startsBlock(line) && bulletOf(line) === undefined
      if (!isWithin && !goesOn) break
      if (isWithin && indentOf(line) < marker.length && bulletOf(line) !== undefined && next > end) break
      for (; end < next; end += 1) inner.push('')
      inner.push(line.slice(Math.min(marker.length, indentOf(line))))
      end = next + 1
    }
    // Blank lines between two items are of neither.
    let after = end
    while (after < lines.length && isBlank(lines[after] as string)) after += 1
    const isNext =
      after < lines.length && bulletOf(lines[after] as string) === bulletOf(lines[start] as string)
    return { lines: inner, end: isNext ? after : end }
  }

  function paragraph(): number {
    const heading = HEADING.exec(lines[at] as string)
    if (heading !== null) {
      blocks.push({ tag: 'p', children: [{ tag: 'strong', children: parseInline(heading[1] ?? '') }] })
      return at + 1
    }
    let end = at + 1
    while (end < lines.length && !isBlank(lines[end] as string) && !startsBlock(lines[end] as string))
      end += 1
    const text = lines.slice(at, end).map((line) => line.trimStart())
    blocks.push({ tag: 'p', children: parseInline(text.join('\n').trimEnd()) })
    return end
  }
}

const isClosing = (line: string, fence: string) =>
  indentOf(line) < 4 && line.trim().replaceAll(fence.charAt(0), '') === ''

/** An item of one paragraph has no margins around it. */
function tight(blocks: readonly RichNode[]): readonly RichNode[] {
  const [first, ...rest] = blocks
  if (typeof first !== 'object' || first.tag !== 'p') return blocks
  return rest.some((node) => typeof node === 'object' && node.tag === 'p')
    ? blocks
    : [...first.children, ...rest]
}
