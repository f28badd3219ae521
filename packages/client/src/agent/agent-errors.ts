/** Errors as the agents' client throws and shows them. */
import { ChatError, type ErrorCode } from '@chat-widget/protocol'
import type { ReplyError } from '../connection/event-maps.ts'

export function chatError(error: ReplyError): ChatError {
  return new ChatError(
    error.code,
    error.message,
    error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs },
  )
}

export function codeOf(error: unknown): ErrorCode {
  return error instanceof ChatError ? error.code : 'internal'
}

/** Errors after which only signing in again helps. */
export const SIGNED_OUT_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unauthenticated',
  'session-invalid',
])
