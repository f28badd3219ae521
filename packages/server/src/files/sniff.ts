/** Finds a file's type by its content. What its sender says of it counts only among kinds of text. */

import type { Readable } from 'node:stream'
import { textTypeOf, UNKNOWN_TYPE } from './media-types.ts'

export interface SniffedType {
  readonly mediaType: string
  /** Endings of names of this type, the usual one first; empty if any will do. */
  readonly endings: readonly string[]
}

/** Bytes in which text is told from anything else. */
const HEAD = 64 * 1024

const OTHER_ENDINGS: Readonly<Record<string, readonly string[]>> = {
  jpg: ['jpeg', 'jpe', 'jfif'],
  tif: ['tiff'],
  mp4: ['m4v'],
  zip: ['zipx'],
}

/** `read` opens the content, from its beginning; it may be called twice. */
export async function sniff(read: () => Promise<Readable>, extension: string): Promise<SniffedType> {
  // Loaded by the first file.
  const { fileTypeFromStream } = await import('file-type')
  const content = await read()
  const known = await fileTypeFromStream(content).finally(() => content.destroy())
  if (known !== undefined && known.mime !== 'application/xml') {
    const mediaType = known.mime === 'image/apng' ? 'image/png' : (known.mime.split(';')[0] ?? known.mime)
    const ending = known.ext === 'apng' ? 'png' : known.ext
    return { mediaType, endings: [ending, ...(OTHER_ENDINGS[ending] ?? [])] }
  }
  const text = asText(await headOf(await read()))
  if (text === null) return { mediaType: UNKNOWN_TYPE, endings: [] }
  return { mediaType: markupIn(text) ?? textTypeOf(extension), endings: [] }
}

/** The type of markup that a browser would take the text for. */
function markupIn(text: string): string | null {
  const start = text.replace(/^\uFEFF?\s*/, '')
  if (!start.startsWith('<')) return null
  if (/<svg[\s/>]/i.test(start)) return 'image/svg+xml'
  if (
    /<(!doctype\s+html|html|head|body|script|iframe|a|div|p|br|img|style|title|table|h\d|font|b)[\s>/]/i.test(
      start,
    )
  )
    return 'text/html'
  return start.startsWith('<?xml') ? 'application/xml' : null
}

async function headOf(content: Readable): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const part of content as AsyncIterable<Uint8Array>) {
      parts.push(part)
      length += part.length
      if (length >= HEAD) break
    }
  } finally {
    content.destroy()
  }
  return Buffer.concat(parts).subarray(0, HEAD)
}

/** `null` for bytes that are no text in UTF-8. */
function asText(bytes: Uint8Array): string | null {
  try {
    // As a stream: the last character may be cut.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true })
    return /(?![\t\n\v\f\r])\p{Cc}/u.test(text) ? null : text
  } catch {
    return null
  }
}
