/** Errors as the agents' client throws and shows them. */
import { ChatError, type ErrorCode } from '@chat-widget/protocol'
import type { Reply, ReplyError } from '../connection/event-maps.ts'

export function chatError(error: ReplyError): ChatError {
  return new ChatError(
    error.code,
    error.message,
    error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs },
  )
}

/** Throws the server's error. */
export function answerIn<Value>(reply: Reply<Value>): Value {
  if (!reply.ok) throw chatError(reply.error)
  return reply.value
}

export function codeOf(error: unknown): ErrorCode {
  return error instanceof ChatError ? error.code : 'internal'
}

/** Errors after which only signing in again helps. */
export const SIGNED_OUT_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unauthenticated',
  'session-invalid',
])
