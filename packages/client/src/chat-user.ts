/** Checks what a host sets as `user`. Imports nothing: the widget's first script holds this and little else. */
import type { ChatUser } from './chat-state.ts'

const MAX_IDENTIFIER_LENGTH = 256

/** Throws a `TypeError` that names the field ([ID2]). */
export function assertChatUser(value: unknown): asserts value is ChatUser | null {
  if (value === null) return
  if (typeof value !== 'object') {
    throw new TypeError('user must be null or an object { userIdentifier, requestContextProvider }')
  }
  const { userIdentifier, requestContextProvider } = value as Record<string, unknown>
  if (typeof userIdentifier !== 'string' || userIdentifier === '') {
    throw new TypeError(
      'user.userIdentifier must be a non-empty string. For an anonymous visitor, set user to null.',
    )
  }
  if (userIdentifier.length > MAX_IDENTIFIER_LENGTH) {
    throw new TypeError(`user.userIdentifier must have at most ${MAX_IDENTIFIER_LENGTH} characters`)
  }
  if (typeof requestContextProvider !== 'function') {
    throw new TypeError('user.requestContextProvider must be a function')
  }
}
