/** Changes of a text by the buttons and keys for Markdown. */

export interface Selection {
  readonly text: string
  /** Beginning and end of what is selected. */
  readonly start: number
  readonly end: number
}

/** Replacement of a part of the text, and the selection after it. */
export interface TextChange {
  readonly from: number
  readonly to: number
  readonly insert: string
  readonly start: number
  readonly end: number
}

export type MarkdownFormat = 'bold' | 'italic' | 'code' | 'list' | 'link'

const MARKERS = { bold: '**', italic: '*', code: '`' } as const

export function markdownChange(format: MarkdownFormat, selection: Selection): TextChange {
  switch (format) {
    case 'list':
      return listed(selection)
    case 'link':
      return linked(selection)
    default:
      return marked(MARKERS[format], selection)
  }
}

/** Puts markers around the selection, without the spaces at its ends, or takes them away. */
function marked(marker: string, { text, start, end }: Selection): TextChange {
  const size = marker.length
  const isMarked = hasMarker(marker, text.slice(0, start), text.slice(end))
  if (isMarked) {
    const insert = text.slice(start, end)
    return { from: start - size, to: end + size, insert, start: start - size, end: end - size }
  }
  const selected = text.slice(start, end)
  const from = start + (selected.length - selected.trimStart().length)
  const to = Math.max(from, end - (selected.length - selected.trimEnd().length))
  const inner = text.slice(from, to)
  return {
    from,
    to,
    insert: `${marker}${inner}${marker}`,
    start: from + size,
    end: from + size + inner.length,
  }
}

/** Of three asterisks two are bold, and one is italic. */
function hasMarker(marker: string, before: string, after: string): boolean {
  const run = (found: RegExpExecArray | null) => found?.[0].length ?? 0
  const count =
    marker === '`'
      ? Math.min(run(/`$/.exec(before)), run(/^`/.exec(after)))
      : Math.min(run(/\*+$/.exec(before)), run(/^\*+/.exec(after)))
  return marker === '*' ? count % 2 === 1 : count >= marker.length
}

/** Makes the selected lines items of a list, or lines again. */
function listed({ text, start, end }: Selection): TextChange {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const next = text.indexOf('\n', end)
  const to = next === -1 ? text.length : next
  const lines = text.slice(from, to).split('\n')
  const isList = lines.every((line) => line.startsWith('- '))
  const insert = lines.map((line) => (isList ? line.slice(2) : `- ${line}`)).join('\n')
  return { from, to, insert, start: isList ? from : from + insert.length, end: from + insert.length }
}

/** The selection becomes the link's text; its address is selected, to be written over. */
function linked({ text, start, end }: Selection): TextChange {
  const label = text.slice(start, end)
  const address = 'https://'
  const insert = `[${label}](${address})`
  const at = label === '' ? start + 1 : start + label.length + 3
  return { from: start, to: end, insert, start: at, end: label === '' ? at : at + address.length }
}
