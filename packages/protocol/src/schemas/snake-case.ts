/** Converts keys between JSON over HTTP and TypeScript. */
import { z } from 'zod'

const snakeCase = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

type SnakeCase<Key extends string> = Key extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Key
type InSnakeCase<Value, Kept extends string> = Value extends unknown
  ? {
      readonly [Key in keyof Value as Key extends Kept
        ? Key
        : Key extends string
          ? SnakeCase<Key>
          : never]: Value[Key]
    }
  : never

/**
 * Accepts one of these objects with its keys in snake_case, and parses to camelCase. Nested objects stay unchanged, and so do
 * the keys `kept`: names that hosts know from the page.
 */
export function inSnakeCase<Output, Input, Kept extends string = never>(
  objects: readonly z.ZodType<Output, Input>[],
  kept: readonly Kept[] = [],
): z.ZodType<Output, InSnakeCase<Input, Kept>> {
  const isKept = (key: string) => kept.some((one) => one === key)
  const nameOf = (key: string) => (isKept(key) ? key : snakeCase(key))
  const names = new Map<string, string>()
  const written = objects.map((object) => {
    if (!(object instanceof z.ZodObject)) throw new TypeError('only objects have keys')
    const keys = Object.keys(object.shape)
    for (const key of keys) names.set(nameOf(key), key)
    return z.strictObject(Object.fromEntries(keys.map((key) => [nameOf(key), object.shape[key]])))
  })
  const named = (body: object) => Object.entries(body).map(([name, value]) => [names.get(name), value])
  return z.union(written).transform((body) => Object.fromEntries(named(body)) as Output) as never
}
