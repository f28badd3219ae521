/** Deterministic client ids, so that work repeated after a crash is recognised instead of doubled. */
import { createHash } from 'node:crypto'
import type { ClientMessageId, ConversationId } from '@chat-widget/protocol'

/** A UUID of the parts. Of version 8, which clients may not use: nobody can guess one and use it first ([DL2]). */
export function derivedClientId(...parts: readonly (string | number)[]): ClientMessageId {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  // The variant's two bits are 10: one of 8, 9, a, b.
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) & 3] ?? '8'
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-') as ClientMessageId
}

/** Of the event of a conversation's rating: there is one. */
export const ratingId = (conversationId: ConversationId): ClientMessageId =>
  derivedClientId('rated', conversationId)
