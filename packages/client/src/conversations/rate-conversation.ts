/** A visitor's rating of a closed conversation ([CV4]). */
import { ChatError, type ConversationId, type Message } from '@chat-widget/protocol'
import type { ChatClientApi } from '../chat-client-api.ts'
import { during } from '../util/during.ts'

/** `rating`: 1 to 5. `text`: the visitor's words, at most `LIMITS.ratingTextLength` characters. */
export interface ConversationRating {
  readonly rating: number
  readonly text?: string
}

/**
 * Resolves with the event that says so. Rejects with `already-answered` if the conversation was rated before, with
 * `bad-request` if it is open, and with `identity-changed` if the visitor signs out meanwhile.
 */
export async function rateConversation(
  { parts }: Pick<ChatClientApi, 'parts'>,
  conversationId: ConversationId,
  { rating, text = '' }: ConversationRating,
): Promise<Message> {
  const { visit } = parts.identity
  const request = { conversationId, rating, ...(text.trim() !== '' && { text }) }
  const reply = await during(visit, parts.request('conversation:rate', request))
  if (visit.aborted) throw visit.reason
  if (!reply.ok) throw new ChatError(reply.error.code, reply.error.message)
  return reply.value
}
