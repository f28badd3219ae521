/** A number below 2^32 for a text: spreads keys evenly over a few buckets. No secret may depend on it. */
export function textHash(text: string): number {
  let value = 0
  for (let index = 0; index < text.length; index++) value = (value * 31 + text.charCodeAt(index)) >>> 0
  return value
}
