/** Parameters that are there and say nothing, as programs send them that fill in a template. */

/** Removes keys that are `null` or empty, which count as absent. Anything but an object stays as it is. */
export function withoutAbsent(values: unknown): unknown {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return values
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ''))
}
