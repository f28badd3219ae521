/** Converts keys between JSON over HTTP and TypeScript. */
import { z } from 'zod'

const snakeCase = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

type SnakeCase<Key extends string> = Key extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Key
type InSnakeCase<Value> = Value extends unknown
  ? { readonly [Key in keyof Value as Key extends string ? SnakeCase<Key> : never]: Value[Key] }
  : never

/** Accepts one of these objects with its keys in snake_case, and parses to camelCase. Nested objects stay unchanged. */
export function inSnakeCase<Output, Input>(
  objects: readonly z.ZodType<Output, Input>[],
): z.ZodType<Output, InSnakeCase<Input>> {
  const names = new Map<string, string>()
  const written = objects.map((object) => {
    if (!(object instanceof z.ZodObject)) throw new TypeError('only objects have keys')
    const keys = Object.keys(object.shape)
    for (const key of keys) names.set(snakeCase(key), key)
    return z.strictObject(Object.fromEntries(keys.map((key) => [snakeCase(key), object.shape[key]])))
  })
  const named = (body: object) => Object.entries(body).map(([name, value]) => [names.get(name), value])
  return z.union(written).transform((body) => Object.fromEntries(named(body)) as Output) as never
}
