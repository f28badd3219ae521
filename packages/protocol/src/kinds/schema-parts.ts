/**
 * Parts of schemas for the server's answers. No transforms: answers are validated on their way out, against a
 * transform's direction.
 */
import { z } from 'zod'

/** A schema's type as readers see it: read-only, and optional keys are absent instead of `undefined`. */
export type WireType<Value> = Value extends string | number | boolean | null
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly WireType<Item>[]
    : { readonly [Key in keyof Value]: WireType<Exclude<Value[Key], undefined>> }

const branded = <Id extends string>(schema: z.ZodType<string, string>) =>
  schema as unknown as z.ZodType<Id, Id>

/** A UUID with a branded type. */
export const id = <Id extends string>() => branded<Id>(z.guid())
/** A name with a branded type. */
export const nameOf = <Id extends string>() => branded<Id>(z.string())
/** ISO 8601. */
export const timestamp = z.iso.datetime().describe('by the server’s clock')
