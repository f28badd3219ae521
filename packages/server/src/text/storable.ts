/** Text in the form that both databases can store. */
import { ChatError } from '@chat-widget/protocol'

/**
 * PostgreSQL refuses U+0000, and neither database stores half a surrogate pair. Applied before any comparison, so that a
 * repeated send equals the stored message.
 */
export function storable(text: string): string {
  return text.replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD')
}

/**
 * Throws `bad-request` for a name that cannot be stored as it is: replacing characters could make two people the same.
 */
export function requireStorable(key: string, name: string): void {
  if (storable(name) !== name)
    throw new ChatError('bad-request', `${key}: holds characters that cannot be stored`)
}
