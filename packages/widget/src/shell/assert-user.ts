/** Checks what a host sets as `user`, without loading the client. */
import type { ChatUser } from '@chat-widget/client'

/** Throws a `TypeError` naming the field ([ID2]). */
export function assertUser(value: unknown): asserts value is ChatUser | null {
  if (value === null || value === undefined) return
  if (typeof value !== 'object')
    throw new TypeError('user must be null or { userIdentifier, requestContextProvider }.')
  const { userIdentifier, requestContextProvider } = value as Partial<Record<keyof ChatUser, unknown>>
  if (typeof userIdentifier !== 'string' || userIdentifier === '')
    throw new TypeError('user.userIdentifier must be a string that is not empty.')
  if (typeof requestContextProvider !== 'function')
    throw new TypeError('user.requestContextProvider must be a function.')
}
