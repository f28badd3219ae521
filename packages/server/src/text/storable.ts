/** Text in the form that both databases can store. */

/**
 * PostgreSQL refuses U+0000, and neither database stores half a surrogate pair. Applied before any comparison, so that a
 * repeated send equals the stored message.
 */
export function storable(text: string): string {
  return text.replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD')
}
