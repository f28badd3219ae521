/** A file, with text to it. Its bytes are uploaded before it is sent. */
import { z } from 'zod'
import type { FileId } from '../ids.ts'
import { from, type KindDefinition } from './kind.ts'
import { id, type WireType } from './schema-parts.ts'
import { text } from './text.ts'

export const fileId = z.guid('must be a UUID').transform((id) => id.toLowerCase() as FileId)

const file = z.object({
  id: id<FileId>(),
  /** Without folders, and with an ending of the file's type. */
  name: z.string(),
  mediaType: z.string().describe('found by the content'),
  size: z.int().nonnegative().describe('bytes'),
  width: z.int().positive().describe('pixels, of a picture').optional(),
  height: z.int().positive().optional(),
})
export type SentFile = WireType<z.output<typeof file>>

/** The server knows the rest. */
const posted = z.strictObject({ file: z.strictObject({ id: fileId }), text: text.optional() })

export const fileKind = {
  details: z.object({
    file,
    /** The text that was sent with it. */
    caption: z.string().optional(),
  }),
  posted: from(['visitor', 'agent', 'bot', 'rest'], posted),
  /** `body`: with what the server knows of the file. */
  fallback: ({ file, text }: { readonly file: SentFile; readonly text?: string | undefined }) =>
    [...(text === undefined ? [] : [text]), `File: ${file.name} (${sizeInWords(file.size)})`].join('\n'),
} as const satisfies KindDefinition

/** In English, as the fallback text is. */
function sizeInWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`
  const units = ['kB', 'MB', 'GB']
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length)
  const value = bytes / 1_000 ** power
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]}`
}
