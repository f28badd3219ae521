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

export class SignedInVisitor implements ChatUser {
  readonly userIdentifier: string
  readonly method: BuiltInMethod
  /** The secret of an existing session. */
  readonly session: string | undefined
  readonly #approval: RequestContext | undefined

  constructor(
    { userIdentifier, method }: KeptVisitor,
    from: { session?: string; approval?: RequestContext },
  ) {
    this.userIdentifier = userIdentifier
    this.method = method
    this.session = from.session
    this.#approval = from.approval
  }

  /** Only the person can give another approval: then they sign in again. */
  readonly requestContextProvider = (needsRefresh: boolean): RequestContext => {
    if (needsRefresh || this.#approval === undefined)
      throw new ChatError('context-expired', 'the login is over')
    return this.#approval
  }
}

/** `undefined` for a host's user. */
export const methodOf = (user: ChatUser | null): BuiltInMethod | undefined =>
  user instanceof SignedInVisitor ? user.method : undefined

/** True if a session may be the user's: it is nobody's yet, or theirs, by the same method. */
export const isSessionOf = (identity: WireIdentity, user: ChatUser | null): boolean =>
  identity.status !== 'identified' ||
  (identity.userIdentifier === user?.userIdentifier && identity.method === methodOf(user))

export const sessionOf = (user: ChatUser | null): string | undefined =>
  user instanceof SignedInVisitor ? user.session : undefined
