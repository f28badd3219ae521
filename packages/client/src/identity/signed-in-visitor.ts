/**
 * [AR15] A user whom the chat itself signed in, by email or identifier; the rest of the client treats them as any user.
 */
import { type BuiltInMethod, ChatError, type WireIdentity } from '@chat-widget/protocol'
import type { ChatUser, RequestContext } from '../chat-state.ts'

/** Stored on the device, so that a reload does not sign them out. */
export interface KeptVisitor {
  readonly userIdentifier: string
  readonly method: BuiltInMethod
}

export interface SignedInVisitor extends ChatUser {
  readonly method: BuiltInMethod
  /** The secret of an existing session. */
  readonly session: string | undefined
}

export const createSignedInVisitor = (
  { userIdentifier, method }: KeptVisitor,
  { session, approval }: { readonly session?: string; readonly approval?: RequestContext },
): SignedInVisitor => ({
  userIdentifier,
  method,
  session,
  /** Only the person can give another approval: then they sign in again. */
  requestContextProvider(needsRefresh) {
    if (needsRefresh || approval === undefined) throw new ChatError('context-expired', 'the login is over')
    return approval
  },
})

/** False for a host's user, of whom nothing is copied but `userIdentifier` and `requestContextProvider`. */
export const isSignedInVisitor = (user: ChatUser | null): user is SignedInVisitor =>
  user !== null && 'method' in user

/** `undefined` for a host's user. */
export const methodOf = (user: ChatUser | null): BuiltInMethod | undefined =>
  (user as SignedInVisitor | null)?.method

/** True if a session may be the user's: it is nobody's yet, or theirs, by the same method. */
export const isSessionOf = (identity: WireIdentity, user: ChatUser | null): boolean =>
  identity.status !== 'identified' ||
  (identity.userIdentifier === user?.userIdentifier && identity.method === methodOf(user))

export const sessionOf = (user: ChatUser | null): string | undefined =>
  (user as SignedInVisitor | null)?.session
