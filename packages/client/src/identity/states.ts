/** States of an identity, the events that change it, its effects, and selectors of a state. */
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

/** A session that a tab got or renewed, as it is sent to other tabs. Contexts stay in the tab whose host gave them. */
export interface SharedSession {
  readonly session: string
  /** Milliseconds since the epoch by the server's clock; `null`: no end. */
  readonly expiresAt: number | null
  /** Time of the server's last authentication of it, by its clock: newer news replace older ones. */
  readonly authenticatedAt: number
  /** False if the host was asked ahead of the end, and returned the same token ([ID4]). */
  readonly isRenewable: boolean
}

/** The user's session as this tab knows it. In memory only. */
export interface Session extends Omit<SharedSession, 'session'> {
  readonly secret: string | undefined
  /** True for another tab's session that the server has yet to confirm here. */
  readonly isBorrowed: boolean
  /** The context that this tab sent for it. */
  readonly context: RequestContext | null
  /** The context that was renewed ahead of its end, which is not renewed like that again. */
  readonly renewed: RequestContext | null
}

export interface Base {
  /** The server's answer who this device is, on the open connection; `null`: there is none. */
  readonly wire: WireIdentity | null
  /** Requests to authenticate that the server has not answered. */
  readonly unanswered: number
  /** Grows with each attempt to sign in, and with each authentication, in any tab. */
  readonly version: number
}

export interface Stay extends Base {
  readonly user: ChatUser
  readonly session: Session
}

export type Anonymous = Base & { readonly status: 'anonymous' }
export type Authenticating = Stay & {
  readonly status: 'authenticating'
  /** `null` until connected, or once the server has confirmed the session. */
  readonly attempt: Attempt | null
  /** True if the host has set the user; false for a renewal. */
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
  /** `null`: an anonymous visitor signs out. */
  readonly user: ChatUser | null
  readonly secret: string | undefined
  /** The next user. */
  readonly next: ChatUser | null
  /** True if the user's sessions on other devices are to end, too. */
  readonly everywhere: boolean
}
export type Signed = Authenticating | Identified | Refreshing | Reauthentication
export type State = Anonymous | Signed | Leaving

/** Reason for a change of the identity. */
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
      /** True if the host was asked to sign them in: a signed-in user is asked for a context again. */
      readonly afresh: boolean
    }
  /** The code that signs users in has loaded, or had when the user was set. */
  | { readonly type: 'begin'; readonly now: number }
  /** The chat itself signed them in before a reload, or in another tab. */
  | { readonly type: 'recalled'; readonly user: ChatUser }
  | { readonly type: 'logout'; readonly everywhere: boolean }
  /** `departure`: id of the sign-out, from the tab where it began. */
  | { readonly type: 'left-elsewhere'; readonly departure: string }
  /** No data of the visitor who signed out is left. `isLast`: no user follows. */
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

/** Effects that need the code that is loaded when somebody signs in. */
export type SignInEffect =
  | AttemptEffect
  | { readonly type: 'tell'; readonly session: SharedSession }
  | { readonly type: 'tell-failed'; readonly error: ChatError }
  /** A renewal is due before `expiresAt`. */
  | { readonly type: 'schedule'; readonly expiresAt: number | null; readonly since: number }
  /** Cancels the attempt, ignoring its late results ([ID5]), and the scheduled renewal. */
  | { readonly type: 'stop' }

export type Effect =
  | Change
  | { readonly type: 'emit'; readonly name: 'authenticated'; readonly detail: Authenticated }
  | { readonly type: 'emit'; readonly name: 'signed-in'; readonly detail: undefined }
  | { readonly type: 'emit'; readonly name: 'failed'; readonly detail: ChatError }
  /** `adopted`: an anonymous visitor became the user, to be connected. `departed`: the next visitor is there. */
  | {
      readonly type: 'begin' | 'adopted' | 'connect' | 'reconnect' | 'departed' | 'session-over'
    }
  /**
   * Deletes the owner's data on device and screen, and tells the other tabs unless one of them sent the `departure`.
   */
  | { readonly type: 'leave'; readonly owner: string; readonly departure: string | null }
  | { readonly type: 'purge'; readonly owner: string }
  /** Revokes the session, and waits until no data is left. */
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

/** Owner of anonymous visitors' messages. */
export const ANONYMOUS = 'anonymous'

export const ownerOf = (user: ChatUser | null) =>
  user === null ? ANONYMOUS : `${methodOf(user) ?? 'user'}:${user.userIdentifier}`

/** The session's user: the present one, or the one who is signing out. */
export const userOf = (state: State): ChatUser | null => (state.status === 'anonymous' ? null : state.user)

/** The user that the host set. */
export const wantedOf = (state: State): ChatUser | null =>
  state.status === 'leaving' ? state.next : userOf(state)

/** The secret to reconnect with, if there is an identified session. */
export function secretOf(state: State): string | undefined {
  if (state.status === 'anonymous') return undefined
  return state.status === 'leaving' ? state.secret : state.session.secret
}

/** The state as the host reads it ([ID17]). */
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
