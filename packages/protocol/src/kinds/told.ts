/** Pieces of what the server tells. No transforms: answers are checked on their way out, against the direction of one. */
import { z } from 'zod'

/** A schema's type as readers see it: nothing in it may be changed, and an optional key is there or not. */
export type Told<Value> = Value extends string | number | boolean | null
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Told<Item>[]
    : { readonly [Key in keyof Value]: Told<Exclude<Value[Key], undefined>> }

const branded = <Id extends string>(schema: z.ZodType<string, string>) =>
  schema as unknown as z.ZodType<Id, Id>

/** A UUID of its own type. */
export const id = <Id extends string>() => branded<Id>(z.uuid())
/** A name of its own type. */
export const nameOf = <Id extends string>() => branded<Id>(z.string())
/** ISO 8601. */
export const timestamp = z.iso.datetime().describe('by the server’s clock')
