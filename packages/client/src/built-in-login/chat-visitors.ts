/** [AR15] Users whom the chat itself signs in: stores them, and finds them again. */
import type { ChatUser } from '../chat-state.ts'
import type { Identity } from '../identity/run.ts'
import { isSignedInVisitor } from '../identity/signed-in-visitor.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import type { VisitorSession } from '../visitor-session.ts'
import { isApproved, type KeptRequest, REQUEST_KEY, visitorOf } from './kept-request.ts'

export interface ChatVisitorsPorts {
  readonly storage: Pick<ChatStorage, 'get' | 'update'>
  readonly session: Pick<VisitorSession, 'signedIn' | 'keep'>
  readonly identity: Pick<Identity, 'visit' | 'recall'>
}

export interface ChatVisitors {
  /**
   * Resumes the user signed in before a reload, or in another tab, once `loaded` resolves: storage is read meanwhile.
   * Resolves with true if there is one.
   */
  recall(loaded?: Promise<void>): Promise<boolean>
  /** Called when a user is signed in, with a new secret or the earlier one. Returns true if the chat signed them in. */
  signedIn(user: ChatUser | null, token: string | undefined): boolean
}

export function createChatVisitors({ storage, session, identity }: ChatVisitorsPorts): ChatVisitors {
  return {
    async recall(loaded) {
      const { visit } = identity
      // Asked for in this order, in which a store answers: `signedIn` in another tab stores the session before it deletes
      // the request, so one of the two is found.
      const [kept, signedIn] = await Promise.all([
        storage.get<KeptRequest>(REQUEST_KEY),
        session.signedIn(),
        loaded,
      ])
      const visitor = signedIn ?? (isApproved(kept) ? visitorOf(kept) : undefined)
      if (visitor === undefined || visit.aborted) return false
      identity.recall(visitor)
      return true
    },
    signedIn(user, token) {
      if (!isSignedInVisitor(user)) return false
      const kept = token === undefined ? Promise.resolve() : session.keep(token, user)
      void kept.then(() => storage.update(REQUEST_KEY, () => undefined))
      return true
    },
  }
}
