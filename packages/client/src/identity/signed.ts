/** States of a user who is signing in or signed in, and the rest of them in `leaving`. Pure, and loaded late. */
import { ChatError, type IdentityReceipt, LIMITS, type WireIdentity } from '@chat-widget/protocol'
import type { ChatUser } from '../chat-state.ts'
import type { ReplyError } from '../connection/event-maps.ts'
import {
  type Attempt,
  type AttemptEvent,
  type AttemptOutcome,
  beginAttempt,
  type Circumstances,
  stepAttempt,
  stepConnection,
} from './attempt.ts'
import { changed, fail, finish, type SignedEvent, type Step, stayOf } from './machine.ts'
import { isSessionOf, methodOf, sessionOf } from './signed-in-visitor.ts'
import type {
  Authenticating,
  Cause,
  Effect,
  Event,
  Leaving,
  Session,
  SharedSession,
  Signed,
  State,
} from './states.ts'

export function stepSigned(state: Signed | Leaving, event: SignedEvent): Step {
  if (state.status === 'leaving') return event.type === 'answered' ? answeredLate(state, event) : [state, []]
  switch (event.type) {
    case 'set':
      return event.user === null ? [state, []] : setAgain(state, event.user, event.afresh)
    case 'begin':
      return begin(state, event.now)
    case 'ready':
      return ready(state, event.identity, event.now)
    case 'disconnected':
      return withAttempt(state, (attempt) => stepConnection(attempt, false))
    case 'context-needed':
      if (state.status !== 'identified' && state.status !== 'authenticating') return [state, []]
      if (attemptOf(state) !== null) return [state, []]
      return start(state, event.refresh || isOver(state.session, event.now), event.cause)
    case 'renewal-due': {
      if (state.status !== 'identified') return [state, []]
      const { session } = state
      return start({ ...state, session: { ...session, renewed: session.context } }, true, 'ahead-of-expiry')
    }
    case 'session-ended':
      return sessionEnded(state, event.error)
    case 'shared':
      return shared(state, event.session, event.now)
    case 'failed-elsewhere':
      return attemptOf(state) === null ? [state, []] : fail(state, event.error)
    default:
      return attemptStepped(state, event)
  }
}

/** The same user: uses the new provider. */
function setAgain(state: Signed, user: ChatUser, afresh: boolean): Step {
  const isKnown = state.status !== 'reauthentication-required'
  const isAskedAgain = isKnown && afresh && !isSigningIn(state)
  const { context, secret = sessionOf(user) } = state.session
  if (isKnown && !isAskedAgain) return [{ ...state, user, session: { ...state.session, secret } }, []]
  // The same function was asked before and may hold a stale token; a new one is called without `needsRefresh`.
  const isSame = state.user.requestContextProvider === user.requestContextProvider
  const session = { ...state.session, secret, context: null }
  const needsRefresh = isSame && context !== null
  if (isKnown) return start({ ...state, user, session }, needsRefresh, 'user-set', true)
  const base = { ...stayOf(state), user, session, attempt: null, isSignIn: true }
  const after = { ...base, status: 'authenticating' } as const
  const [begun, effects] = signIn(after, needsRefresh)
  return [begun, [...changed(state, after, 'user-set'), ...effects]]
}

/** The code has loaded: continues from the server's last answer. */
function begin(state: Signed, now: number): Step {
  if (state.status !== 'authenticating' || state.attempt !== null) return [state, []]
  if (state.wire?.status === 'identified') return ready(state, state.wire, now)
  return signIn(state, false)
}

/** An existing session needs the server's confirmation, not a call of the provider. */
function signIn(state: Authenticating, needsRefresh: boolean): Step {
  if (state.wire === null) return [state, []]
  if (sessionOf(state.user) !== undefined) return [state, [{ type: 'reconnect' }]]
  return start(state, needsRefresh, 'user-set')
}

/** The server answered who this device is. */
function ready(state: Signed, identity: WireIdentity, now: number): Step {
  const isBorrowed = state.session.isBorrowed && identity.status !== 'identified'
  const at = { ...state, session: { ...state.session, isBorrowed } }
  if (at.status === 'reauthentication-required') return [at, []]
  if (attemptOf(at) !== null) return withAttempt(at, (attempt) => stepConnection(attempt, true))
  if (identity.status !== 'identified') return start(at, isOver(at.session, now), 'connected')
  if (!isSessionOf(identity, at.user)) return fail(at, mismatch('the session is for another user'))
  const { expiresAt } = identity
  if (expiresAt !== null && expiresAt <= now) return start(at, true, 'expired')
  return identified(state, { ...at, session: { ...at.session, expiresAt } }, 'connected')
}

/** The server ended the session: nothing is retried without the host ([ID14]). */
function sessionEnded(state: Signed, error: ReplyError): Step {
  const session = { ...state.session, secret: undefined, context: null, isBorrowed: false }
  const after = { ...state, session }
  // Ended before it was received here: this tab's own host has not been asked yet.
  if (state.session.isBorrowed) return [after, []]
  return fail(after, new ChatError(error.code, error.message))
}

/** Another tab got a session for the same user, or renewed the shared one. */
function shared(state: Signed, told: SharedSession, now: number): Step {
  if (told.authenticatedAt <= state.session.authenticatedAt) return [state, []]
  const { session: secret, ...news } = told
  const { expiresAt } = state.session
  // After the grace period the server has locked this tab's connection, even if the session goes on.
  const isLocked = expiresAt !== null && expiresAt + LIMITS.contextGraceMs <= now
  const isSame = secret === state.session.secret
  const session = { ...state.session, ...news, secret, context: null, isBorrowed: !isSame }
  // Another tab completed the sign-in that this tab's host was asked for.
  const isSignIn = isSigningIn(state) || state.status === 'reauthentication-required'
  const base = { ...stayOf(state), version: state.version + 1, session }
  const after = { ...base, status: 'authenticating', attempt: null, isSignIn } as const
  const stop = { type: 'stop' } as const
  if (state.wire?.status === 'identified' && isSame && !isLocked) {
    const [next, effects] = identified(state, after, 'shared')
    return [next, [stop, ...effects]]
  }
  return [after, [stop, ...changed(state, after, 'shared'), { type: 'reconnect' }]]
}

/** Signs in, or renews. */
function start(
  state: Exclude<Signed, { status: 'reauthentication-required' }>,
  needsRefresh: boolean,
  cause: Cause,
  isSignIn = isSigningIn(state),
): Step {
  const version = state.version + 1
  const outcome = beginAttempt(version, needsRefresh, state.session.context, state.wire !== null)
  const base = { ...stayOf(state), version, attempt: outcome.attempt, isSignIn }
  const status = state.status === 'authenticating' ? state.status : 'refreshing'
  const after = { ...base, status } as const
  const effects = [...changed(state, after, cause), ...outcome.effects]
  return [after, [{ type: 'stop' }, ...effects]]
}

/** A sign-in that was pending at the sign-out has succeeded, or not. */
function answeredLate(state: Leaving, { reply }: Extract<Event, { type: 'answered' }>): Step {
  const isTheirs = reply.ok && isSessionOf(reply.value.identity, state.user)
  const secret = (isTheirs ? reply.value.session?.token : undefined) ?? state.secret
  const after = { ...state, secret, unanswered: state.unanswered - 1 }
  return [after, finish(after)]
}

function attemptStepped(state: Signed, event: AttemptEvent): Step {
  const isAnswer = event.type === 'answered'
  const at = isAnswer ? { ...state, unanswered: state.unanswered - 1 } : state
  if (event.id !== attemptOf(at)?.id) return [at, []]
  return withAttempt(at, (attempt, circumstances) => stepAttempt(attempt, event, circumstances))
}

/** Steps the pending attempt, if there is one. */
function withAttempt(state: Signed, advance: (attempt: Attempt, at: Circumstances) => AttemptOutcome): Step {
  if (state.status !== 'authenticating' && state.status !== 'refreshing') return [state, []]
  if (state.attempt === null) return [state, []]
  const outcome = advance(state.attempt, {
    user: state.user,
    isOnline: state.wire !== null,
    hasSession: state.session.secret !== undefined,
    isRenewal: !state.isSignIn,
  })
  switch (outcome.kind) {
    case 'goes-on': {
      const { attempt, effects } = outcome
      const sent = effects.filter(({ type }) => type === 'authenticate').length
      return [{ ...state, attempt, unanswered: state.unanswered + sent }, effects]
    }
    case 'authenticated':
      return authenticated(state, outcome)
    case 'failed': {
      const [after, effects] = fail(state, outcome.error)
      return [after, [{ type: 'tell-failed', error: outcome.error }, ...effects]]
    }
    default:
      return outcome satisfies never
  }
}

function authenticated(
  state: Signed,
  { context, value }: Extract<AttemptOutcome, { kind: 'authenticated' }>,
): Step {
  const { user, session: before } = state
  if (!isSessionOf(value.identity, user)) return fail(state, mismatch('the context is for another user'))
  const session: Session = {
    ...before,
    secret: value.session?.token ?? before.secret,
    expiresAt: value.identity.expiresAt,
    authenticatedAt: value.serverTime,
    // A provider that keeps returning the present token is not called again until the server asks.
    isRenewable: JSON.stringify(context) !== JSON.stringify(before.renewed),
    isBorrowed: false,
    context,
  }
  const wire = state.wire && value.identity
  const at = { ...state, session, wire, version: state.version + 1 }
  const [after, effects] = identified(state, at, 'authenticated', value.receipt)
  const told = shareableOf(after)
  const tell: readonly Effect[] = told === null ? [] : [{ type: 'tell', session: told }]
  return [
    after,
    [{ type: 'stop' }, { type: 'emit', name: 'authenticated', detail: value }, ...effects, ...tell],
  ]
}

/** Returns `state` with a valid session. */
function identified(before: Signed, state: Signed, cause: Cause, receipt?: IdentityReceipt): Step {
  const after = { ...stayOf(state), status: 'identified' } as const
  const { expiresAt, authenticatedAt: since, isRenewable } = state.session
  const isScheduled =
    cause === 'connected' && before.status === 'identified' && before.session.expiresAt === expiresAt
  const effects: Effect[] = [...changed(before, after, cause, { ...(receipt && { receipt }) })]
  if (isSigningIn(state)) effects.push({ type: 'emit', name: 'signed-in', detail: undefined })
  // A session that only the person can renew is not renewed ahead.
  if (isRenewable && !isScheduled && methodOf(state.user) === undefined)
    effects.push({ type: 'schedule', expiresAt, since })
  return [after, effects]
}

const mismatch = (message: string) => new ChatError('context-mismatch', message)

const isOver = ({ context, expiresAt }: Session, now: number) =>
  context !== null && expiresAt !== null && expiresAt <= now

export const attemptOf = (state: State): Attempt | null =>
  state.status === 'authenticating' || state.status === 'refreshing' ? state.attempt : null

/** True if the host has set the user, who is not identified yet. */
const isSigningIn = (state: State): boolean =>
  (state.status === 'authenticating' || state.status === 'refreshing') && state.isSignIn

/** The session for the other tabs; `null`: this tab has no working one. */
export function shareableOf(state: State): SharedSession | null {
  if (state.status !== 'identified' && state.status !== 'refreshing') return null
  const { secret, expiresAt, authenticatedAt, isRenewable } = state.session
  return secret === undefined ? null : { session: secret, expiresAt, authenticatedAt, isRenewable }
}
