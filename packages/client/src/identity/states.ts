/** The states of an identity, the events that change it, and the effects of that; and readings of a state. */
import type {
  Authenticated,
  ChatError,
  ErrorCode,
  IdentityReceipt,
  IdentityStatus,
  WireIdentity,
} from '@chat-widget/protocol'
import type { ChatUser, IdentityState, RequestContext } from '../chat-state.ts'
import type { ReplyError } from '../connection/event-maps.ts'
import type { Attempt, AttemptEffect, AttemptEvent } from './attempt.ts'
import { methodOf } from './signed-in-visitor.ts'

/** A session that a tab got or renewed, as it tells the others. Contexts stay in the tab whose host gave them. */
export interface SharedSession {
  readonly session: string
  /** Milliseconds since the epoch by the server's clock; `null`: no end. */
  readonly expiresAt: number | null
  /** When the server authenticated it last, by its clock: what is newer makes older news worthless. */
  readonly authenticatedAt: number
  /** False when the host was asked ahead of the end, and had the same token ([ID4]). */
  readonly isRenewable: boolean
}

/** The user's session as this tab knows it. In memory only. */
export interface Session extends Omit<SharedSession, 'session'> {
  readonly secret: string | undefined
  /** Another tab's, which the server has yet to confirm here. */
  readonly isBorrowed: boolean
  /** The context that was sent for it from here. */
  readonly context: RequestContext | null
  /** The context that was renewed ahead of its end: not to be renewed so again. */
  readonly renewed: RequestContext | null
}

export interface Base {
  /** Who this device is on the connection that is open, as the server said; `null`: none is. */
  readonly wire: WireIdentity | null
  /** Requests to authenticate that the server has not answered. */
  readonly unanswered: number
  /** Grows with each attempt to sign in, and with each authentication, in whichever tab. */
  readonly version: number
}

export interface Stay extends Base {
  readonly user: ChatUser
  readonly session: Session
}

export type Anonymous = Base & { readonly status: 'anonymous' }
export type Authenticating = Stay & {
  readonly status: 'authenticating'
  /** `null`: until the server is there, or has confirmed the session. */
  readonly attempt: Attempt | null
  /** The host has set the user: no mere renewal. */
  readonly isSignIn: boolean
}
type Identified = Stay & { readonly status: 'identified' }
type Refreshing = Stay & {
  readonly status: 'refreshing'
  readonly attempt: Attempt
  readonly isSignIn: boolean
}
type Reauthentication = Stay & { readonly status: 'reauthentication-required'; readonly code: ErrorCode }
export type Leaving = Base & {
  readonly status: 'leaving'
  /** `null`: an anonymous visitor leaves. */
  readonly user: ChatUser | null
  readonly secret: string | undefined
  /** Who comes next. */
  readonly next: ChatUser | null
  /** Whether the user's sessions on other devices are to end, too. */
  readonly everywhere: boolean
}
export type Signed = Authenticating | Identified | Refreshing | Reauthentication
export type State = Anonymous | Signed | Leaving

/** Why the identity changed. */
export type Cause =
  | 'user-set'
  | 'connected'
  | 'authenticated'
  | 'shared'
  | 'ahead-of-expiry'
  | 'expired'
  | 'action'
  | 'lost'
  | 'failed'
  | 'sign-out'
  | 'signed-out'

/** `now` is by the server's clock. */
export type Event =
  | {
      readonly type: 'set'
      readonly user: ChatUser | null
      /** The host was asked to sign them in: the one who is signed in is asked for a context again. */
      readonly afresh: boolean
    }
  /** The code that signs users in is there, or was already when the user was set. */
  | { readonly type: 'begin'; readonly now: number }
  /** The chat itself signed them in before a reload, or in another tab. */
  | { readonly type: 'recalled'; readonly user: ChatUser }
  | { readonly type: 'logout'; readonly everywhere: boolean }
  /** `departure`: the id by which the tab where it began told it. */
  | { readonly type: 'left-elsewhere'; readonly departure: string }
  /** Nothing is left of who was leaving. `isLast`: nobody is followed any more. */
  | { readonly type: 'gone'; readonly isLast: boolean }
  | { readonly type: 'ready'; readonly identity: WireIdentity; readonly now: number }
  | { readonly type: 'disconnected' }
  | {
      readonly type: 'context-needed'
      readonly refresh: boolean
      readonly cause: 'expired' | 'action' | 'lost'
      readonly now: number
    }
  | { readonly type: 'renewal-due' }
  | { readonly type: 'session-ended'; readonly error: ReplyError }
  | { readonly type: 'shared'; readonly session: SharedSession; readonly now: number }
  | { readonly type: 'failed-elsewhere'; readonly error: ChatError }
  | { readonly type: 'load-failed'; readonly error: ChatError }
  | AttemptEvent

interface Change {
  readonly type: 'change'
  readonly from: IdentityStatus
  readonly identity: IdentityState
  readonly cause: Cause
  readonly code?: ErrorCode
  readonly receipt?: IdentityReceipt
}

/** Effects that need what is loaded when somebody signs in. */
export type SignInEffect =
  | AttemptEffect
  | { readonly type: 'tell'; readonly session: SharedSession }
  | { readonly type: 'tell-failed'; readonly error: ChatError }
  /** A renewal is due before `expiresAt`. */
  | { readonly type: 'schedule'; readonly expiresAt: number | null; readonly since: number }
  /** Drops the attempt, and what it still brings ([ID5]), and the scheduled renewal. */
  | { readonly type: 'stop' }

export type Effect =
  | Change
  | { readonly type: 'emit'; readonly name: 'authenticated'; readonly detail: Authenticated }
  | { readonly type: 'emit'; readonly name: 'signed-in'; readonly detail: undefined }
  | { readonly type: 'emit'; readonly name: 'failed'; readonly detail: ChatError }
  /**
   * `adopted`: an anonymous visitor is the user from now on, to be connected. `departed`: the next visitor is there.
   */
  | {
      readonly type: 'begin' | 'adopted' | 'connect' | 'reconnect' | 'departed' | 'session-over'
    }
  /** Empties device, screen, and, unless another tab told the `departure`, the other tabs. */
  | { readonly type: 'leave'; readonly owner: string; readonly departure: string | null }
  | { readonly type: 'purge'; readonly owner: string }
  /** Revokes the session, and waits until nothing is left. */
  | { readonly type: 'finish'; readonly hasSession: boolean }
  | SignInEffect

export const NO_SESSION: Session = {
  secret: undefined,
  expiresAt: null,
  authenticatedAt: 0,
  isRenewable: true,
  isBorrowed: false,
  context: null,
  renewed: null,
}

export const START: State = { status: 'anonymous', wire: null, unanswered: 0, version: 0 }

/** The owner of what anonymous visitors write. */
export const ANONYMOUS = 'anonymous'

export const ownerOf = (user: ChatUser | null) =>
  user === null ? ANONYMOUS : `${methodOf(user) ?? 'user'}:${user.userIdentifier}`

/** Whom the session is of: who is there, or who leaves. */
export const userOf = (state: State): ChatUser | null => (state.status === 'anonymous' ? null : state.user)

/** As the host wants it. */
export const wantedOf = (state: State): ChatUser | null =>
  state.status === 'leaving' ? state.next : userOf(state)

/** The secret to reconnect with, where there is an identified session. */
export function secretOf(state: State): string | undefined {
  if (state.status === 'anonymous') return undefined
  return state.status === 'leaving' ? state.secret : state.session.secret
}

/** As the host may read it ([ID17]). */
export function identityOf(state: State): IdentityState {
  if (state.status === 'anonymous' || state.user === null) return { status: 'anonymous' }
  const { userIdentifier } = state.user
  switch (state.status) {
    case 'authenticating':
    case 'refreshing':
      return { status: state.status, userIdentifier }
    case 'identified': {
      const method = methodOf(state.user)
      const { expiresAt } = state.session
      return { status: state.status, userIdentifier, expiresAt, ...(method && { method }) }
    }
    case 'reauthentication-required':
      return { status: state.status, userIdentifier, code: state.code }
    case 'leaving':
      return { status: 'signing-out', userIdentifier }
    default:
      return state satisfies never
  }
}

export const isSigned = (state: State): state is Signed =>
  state.status !== 'anonymous' && state.status !== 'leaving'
