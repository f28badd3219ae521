/** Parts of rich kinds: lines of text, and choices that a visitor is offered. */
import { z } from 'zod'
import * as LIMITS from '../limits.ts'
import { IMAGE_SCHEMES, isSafeUrl } from '../safe-url.ts'
import type { WireType } from './schema-parts.ts'

/** One line that says something. Kept as written, so that it is checked alike on its way in and out. */
export const line = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => value.trim() !== '', 'must not be empty')
    .refine((value) => !/[\p{Cc}\u2028\u2029]/u.test(value), 'must be one line')

export const label = line(LIMITS.buttonLength)

export const choice = z.strictObject({
  label,
  /** For programs; the visitor's message names it. */
  value: z.string().min(1).max(LIMITS.valueLength),
})
/** A quick reply, a card's button that answers, or an option of a form's field. */
export type Choice = WireType<z.output<typeof choice>>

/** [MK6] An absolute URL of one of the schemes. */
export const urlOf = (schemes: readonly string[]) =>
  z
    .string()
    .max(LIMITS.urlLength)
    .refine((value) => isSafeUrl(value, schemes), `must be a URL that begins with ${schemes.join(', ')}`)

/** A picture that a visitor's browser loads. */
export const pictureUrl = urlOf(IMAGE_SCHEMES)

/** A message's place in its conversation. */
export const place = z.int().positive()
