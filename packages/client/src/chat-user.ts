/** @internal Checks and copies the host's `user`. Imports nothing: the widget's first script contains this and little else. */
import type { ChatUser } from './chat-state.ts'

const MAX_IDENTIFIER_LENGTH = 256

/**
 * Copies the host's user, independent of later changes of the object: a reactive store changes it in place, and that is
 * another user once it is set again ([ID12]). `null` and `userIdentifier: null` are an anonymous visitor. Throws a
 * `TypeError` that names the field ([ID2]).
 */
export function toChatUser(value: unknown): ChatUser | null {
  if (value === null) return null
  if (typeof value !== 'object') {
    throw new TypeError('user must be null or an object { userIdentifier, requestContextProvider }')
  }
  const { userIdentifier, requestContextProvider } = value as Record<string, unknown>
  if (userIdentifier === null) return null
  if (
    typeof userIdentifier !== 'string' ||
    userIdentifier === '' ||
    userIdentifier.length > MAX_IDENTIFIER_LENGTH
  ) {
    throw new TypeError(
      `user.userIdentifier must be a non-empty string of at most ${MAX_IDENTIFIER_LENGTH} characters`,
    )
  }
  if (typeof requestContextProvider !== 'function') {
    throw new TypeError('user.requestContextProvider must be a function')
  }
  return Object.freeze({ userIdentifier, requestContextProvider }) as ChatUser
}
