/** [AR15] Users whom the chat itself signs in: passes them to the identity, stores them, and finds them again. */
import type { ChatUser } from '../chat-state.ts'
import type { Identity } from '../identity/run.ts'
import { SignedInVisitor } from '../identity/signed-in-visitor.ts'
import type { VisitorSession } from '../visitor-session.ts'
import type { BuiltInLoginPorts } from './built-in-login-ports.ts'
import { isApproved, type KeptApproval, type KeptRequest, REQUEST_KEY, visitorOf } from './kept-request.ts'

export interface ChatVisitorsPorts extends Omit<BuiltInLoginPorts, 'signIn'> {
  readonly session: Pick<VisitorSession, 'signedIn' | 'keep'>
  readonly identity: Pick<Identity, 'visit' | 'follow' | 'recall'>
}

export interface ChatVisitors {
  readonly login: BuiltInLoginPorts
  /** Resumes the user signed in before a reload, or in another tab. Resolves with true if there is one. */
  recall(): Promise<boolean>
  /** Called when a user is signed in, with a new secret or the earlier one. Returns true if the chat signed them in. */
  signedIn(user: ChatUser | null, token: string | undefined): boolean
}

export function createChatVisitors({ session, identity, ...ports }: ChatVisitorsPorts): ChatVisitors {
  const { storage } = ports
  return {
    /** [ID12] Ports for the present visitor: an approval that comes after they signed out signs nobody in. */
    get login() {
      const { visit } = identity
      const set = async (key: string, value: unknown) => {
        if (!visit.aborted) await storage.set(key, value)
      }
      return {
        ...ports,
        storage: Object.assign(Object.create(storage), { set }),
        // A user who is signed in was asked to sign in again.
        signIn(approval: KeptApproval) {
          if (!visit.aborted) identity.follow(visitorOf(approval), true).catch(() => {})
        },
      }
    },
    async recall() {
      const { visit } = identity
      // The request is read before the session. `signedIn` in another tab stores the session before it deletes the
      // request, so one of the two is found.
      const kept = await storage.get<KeptRequest>(REQUEST_KEY)
      const signedIn = await session.signedIn()
      const visitor = signedIn ?? (isApproved(kept) ? visitorOf(kept) : undefined)
      if (visitor === undefined || visit.aborted) return false
      identity.recall(visitor)
      return true
    },
    signedIn(user, token) {
      if (!(user instanceof SignedInVisitor)) return false
      const kept = token === undefined ? Promise.resolve() : session.keep(token, user)
      void kept.then(() => storage.delete(REQUEST_KEY))
      return true
    },
  }
}
