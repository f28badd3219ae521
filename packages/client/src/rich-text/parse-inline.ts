/**
 * Markdown within a paragraph: bold, italic, code, links, escapes. Emphasis follows CommonMark's rules for delimiter
 * runs, so that `snake_case` and `2 * 3` stay as they are; a marker without its partner is text.
 */
import { plainName } from '@chat-widget/protocol'
import { linkify } from './linkify.ts'
import type { RichNode } from './rich-node.ts'
import { linkTo, safeHref } from './safe-link.ts'

/** A run of `*` or `_` that may open or close emphasis. */
interface Run {
  readonly marker: string
  readonly canOpen: boolean
  readonly canClose: boolean
  readonly length: number
  /** Markers that are left. */
  count: number
}

type Piece = RichNode | Run

const isRun = (piece: Piece): piece is Run => typeof piece === 'object' && 'marker' in piece
const isSpace = (character: string) => character === '' || /\s/u.test(character)
const isPunctuation = (character: string) => /[\p{P}\p{S}]/u.test(character)

function createRun(text: string, start: number, length: number): Run {
  const marker = text.charAt(start)
  const before = Array.from(text.slice(Math.max(0, start - 2), start)).at(-1) ?? ''
  const after = Array.from(text.slice(start + length, start + length + 2))[0] ?? ''
  const opens = !isSpace(after) && (!isPunctuation(after) || isSpace(before) || isPunctuation(before))
  const closes = !isSpace(before) && (!isPunctuation(before) || isSpace(after) || isPunctuation(after))
  const isUnderscore = marker === '_'
  return {
    marker,
    canOpen: opens && (!isUnderscore || !closes || isPunctuation(before)),
    canClose: closes && (!isUnderscore || !opens || isPunctuation(after)),
    length,
    count: length,
  }
}

/** CommonMark's "multiple of 3" rule, by which `**a*b**` is bold. */
const fit = (opener: Run, closer: Run) =>
  opener.marker === closer.marker &&
  (!(opener.canClose || closer.canOpen) ||
    (opener.length + closer.length) % 3 !== 0 ||
    (opener.length % 3 === 0 && closer.length % 3 === 0))

const textOf = (piece: Piece): RichNode => (isRun(piece) ? piece.marker.repeat(piece.count) : piece)

/** Joins neighbouring texts. */
function joined(nodes: readonly RichNode[]): RichNode[] {
  const result: RichNode[] = []
  for (const node of nodes) {
    const last = result.at(-1)
    if (typeof node === 'string' && typeof last === 'string') result[result.length - 1] = last + node
    else if (node !== '') result.push(node)
  }
  return result
}

function withEmphasis(pieces: readonly Piece[]): RichNode[] {
  const done: Piece[] = []
  /** Places of runs in `done` that may open. */
  const openers: number[] = []
  for (const piece of pieces) {
    if (isRun(piece) && piece.canClose) close(piece)
    if (isRun(piece) && piece.count > 0 && piece.canOpen) openers.push(done.length)
    done.push(piece)
  }
  return joined(done.map(textOf))

  function close(closer: Run): void {
    while (closer.count > 0) {
      const found = openers.findLastIndex((place) => fit(done[place] as Run, closer))
      if (found === -1) return
      const place = openers[found] as number
      const opener = done[place] as Run
      const size = opener.count > 1 && closer.count > 1 ? 2 : 1
      const children = joined(done.slice(place + 1).map(textOf))
      opener.count -= size
      closer.count -= size
      done.splice(place + 1, done.length, { tag: size === 2 ? 'strong' : 'em', children })
      openers.splice(opener.count > 0 ? found + 1 : found)
      if (opener.count === 0) done.splice(place, 1)
    }
  }
}

/** Place of the bracket that closes each `[`, beside code and escapes. */
function matchBrackets(text: string): ReadonlyMap<number, number> {
  const places = new Map<number, number>()
  const open: number[] = []
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === '\\') at += 1
    else if (character === '[') open.push(at)
    else if (character === ']') {
      const start = open.pop()
      if (start !== undefined) places.set(start, at)
    }
  }
  return places
}

/** Address of a link and an optional title, in parentheses; the address may hold one pair of them. */
const TARGET = /\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\.|\([^\s()]*\))+))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/y
const BRACKETED = /<((?:https?:\/\/|mailto:)[^\s<>]+)>/y
const ESCAPED = /\\([!-/:-@[-`{-~])/y

/** Places of addresses in the text that are links without any markup. */
function addressesIn(text: string): ReadonlyMap<number, { readonly text: string; readonly href: string }> {
  const places = new Map<number, { readonly text: string; readonly href: string }>()
  let at = 0
  for (const piece of linkify(text)) {
    if (piece.type === 'link') places.set(at, piece)
    at += piece.text.length
  }
  return places
}

/** A link's text may not turn the direction of what is around it. */
const plainLabel = (text: string) => plainName(text.replaceAll('\n', ' '))

export function parseInline(text: string, isInLink = false): RichNode[] {
  const pieces: Piece[] = []
  const brackets = matchBrackets(text)
  const addresses = isInLink ? new Map<number, never>() : addressesIn(text)
  /** Runs of backticks of a length that have no partner further on. */
  const unclosed = new Set<number>()
  let plain = ''
  let at = 0

  const add = (end: number, ...nodes: readonly Piece[]) => {
    pieces.push(plain, ...nodes)
    plain = ''
    at = end
    return true
  }
  const match = (pattern: RegExp, from: number) => {
    pattern.lastIndex = from
    return pattern.exec(text)
  }

  const code = () => {
    const ticks = /`+/y
    ticks.lastIndex = at
    const size = ticks.exec(text)?.[0].length ?? 0
    if (unclosed.has(size)) return skip(size)
    const closing = new RegExp(`(?<!\`)\`{${size}}(?!\`)`, 'g')
    closing.lastIndex = at + size
    const end = closing.exec(text)?.index
    if (end === undefined) {
      unclosed.add(size)
      return skip(size)
    }
    const inner = text.slice(at + size, end).replaceAll('\n', ' ')
    const trimmed = /^ .*[^ ].* $|^ [^ ] $/.test(inner) ? inner.slice(1, -1) : inner
    return add(end + size, { tag: 'code', children: [trimmed] })
  }
  const skip = (size: number) => {
    plain += text.slice(at, at + size)
    at += size
    return true
  }
  /** `[text](address)`; an image becomes a link with its description. */
  const link = () => {
    const start = text.charAt(at) === '!' ? at + 1 : at
    const close = isInLink ? undefined : brackets.get(start)
    if (close === undefined) return false
    const target = match(TARGET, close + 1)
    const href = target && safeHref((target[1] ?? target[2] ?? '').replace(/\\([!-/:-@[-`{-~])/g, '$1'))
    if (!target || !href) return false
    const inner = parseInline(plainLabel(text.slice(start + 1, close)), true)
    return add(target.index + target[0].length, ...linkTo(href, inner.length > 0 ? inner : [href]))
  }
  const bracketed = () => {
    const found = isInLink ? null : match(BRACKETED, at)
    const href = found && safeHref(found[1] ?? '')
    return found && href ? add(at + found[0].length, ...linkTo(href, [found[1] ?? ''])) : false
  }
  const run = (marker: string) => {
    let size = 1
    while (text.charAt(at + size) === marker) size += 1
    return add(at + size, createRun(text, at, size))
  }
  const step = (): boolean => {
    const address = addresses.get(at)
    if (address !== undefined) return add(at + address.text.length, ...linkTo(address.href, [address.text]))
    const character = text.charAt(at)
    switch (character) {
      case '\\': {
        const found = match(ESCAPED, at)
        if (found === null) return false
        plain += found[1]
        at += 2
        return true
      }
      case '`':
        return code()
      case '[':
        return link()
      case '!':
        return text.charAt(at + 1) === '[' && link()
      case '<':
        return bracketed()
      case '*':
      case '_':
        return run(character)
      case '\n':
        plain = plain.trimEnd()
        return add(at + 1, { tag: 'br', children: [] })
      default:
        return false
    }
  }
  while (at < text.length) if (!step()) skip(1)
  pieces.push(plain)
  return withEmphasis(pieces)
}
