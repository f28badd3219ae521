/**
 * The visitor's identity as a state machine: `step(state, event)` returns the next state and the effects. Pure: `run.ts`
 * performs the effects, and reports their outcomes as events.
 *
 * | in ↓, on →                | `set`, same user | `set` another, `logout` | `ready`  | `shared` | `session-ended` | attempt's end |
 * | ------------------------- | ---------------- | ----------------------- | -------- | -------- | --------------- | ------------- |
 * | anonymous                 | authenticating   | leaving                 |          |          |                 |               |
 * | authenticating            | new provider     | leaving                 | A, I, R  | A, I     | R               | I, R          |
 * | identified                | new provider, F  | leaving                 | I, F, R  | A, I     | R               |               |
 * | refreshing                | new provider     | leaving                 |          | A, I     | R               | I, R          |
 * | reauthentication-required | authenticating   | leaving                 |          | A, I     | R               |               |
 * | leaving                   | who comes next   | who comes next          |          |          | nothing to revoke | one more to revoke |
 *
 * A: authenticating, I: identified, F: refreshing, R: reauthentication-required. `context-needed` and `renewal-due` begin
 * an attempt (`attempt.ts`) where none is under way: identified becomes refreshing.
 * `gone` leads from leaving to anonymous, and on to authenticating where there is a next user. A lost connection changes
 * no status ([ID8]).
 */
import type { ChatError, ErrorCode, IdentityReceipt } from '@chat-widget/protocol'
import type { ChatUser } from '../chat-state.ts'
import { sessionOf } from './signed-in-visitor.ts'
import {
  type Anonymous,
  type Base,
  type Cause,
  type Effect,
  type Event,
  identityOf,
  isSigned,
  type Leaving,
  NO_SESSION,
  ownerOf,
  type Signed,
  type State,
  type Stay,
  userOf,
} from './states.ts'

export type Step = readonly [State, readonly Effect[]]

/** Events for a user who is signing in, signed in, or signing out. */
export type SignedEvent = Exclude<
  Event,
  { type: 'recalled' | 'logout' | 'left-elsewhere' | 'gone' | 'load-failed' }
>
export type StepSigned = (state: Signed | Leaving, event: SignedEvent) => Step

/** `stepSigned` is loaded later (`signed.ts`); `null`: a user who is set is `authenticating` until it has loaded. */
export function step(state: State, event: Event, stepSigned: StepSigned | null): Step {
  switch (event.type) {
    case 'set':
      return set(state, event, stepSigned)
    case 'recalled':
      return recalled(state, event.user)
    case 'logout':
      if (state.status === 'leaving') {
        const everywhere = state.everywhere || (state.next === null && event.everywhere)
        return setNext({ ...state, everywhere }, null)
      }
      return leave(state, userOf(state), { everywhere: event.everywhere })
    case 'left-elsewhere':
      if (state.status === 'leaving') return [state, []]
      return leave(state, userOf(state), {}, event.departure)
    case 'gone':
      return state.status === 'leaving' ? gone(state, event.isLast) : [state, []]
    case 'load-failed':
      return isSigned(state) && stepSigned === null ? fail(state, event.error) : [state, []]
    case 'ready':
      return stepOn({ ...state, wire: event.identity }, event, stepSigned)
    case 'disconnected':
      return stepOn({ ...state, wire: null }, event, stepSigned)
    case 'session-ended':
      if (state.status === 'leaving') return [state, [{ type: 'session-over' }]]
      return stepOn(state, event, stepSigned)
    default:
      return stepOn(state, event, stepSigned)
  }
}

function stepOn(state: State, event: SignedEvent, stepSigned: StepSigned | null): Step {
  if (state.status === 'anonymous') return [state, []]
  if (stepSigned !== null) return stepSigned(state, event)
  return [state, event.type === 'ready' && state.status === 'authenticating' ? [{ type: 'begin' }] : []]
}

/** The host sets a user, or `null`. */
function set(state: State, event: Extract<Event, { type: 'set' }>, stepSigned: StepSigned | null): Step {
  const { user } = event
  if (state.status === 'leaving') return setNext(state, user)
  if (state.status === 'anonymous') return user === null ? [state, []] : arrive(state, user)
  if (user === null || ownerOf(state.user) !== ownerOf(user)) return leave(state, state.user, { next: user })
  const [after, effects] = stepSigned === null ? authenticate(state, user) : stepSigned(state, event)
  return [after, [...effects, { type: 'connect' }]]
}

/** [ID12] A user who was set during a sign-out, and removed before they were signed in, leaves nothing either. */
function setNext(state: Leaving, next: ChatUser | null): Step {
  const { next: before } = state
  const isGone = before !== null && ownerOf(before) !== ownerOf(next)
  return [{ ...state, next }, isGone ? [{ type: 'purge', owner: ownerOf(before) }] : []]
}

function arrive(state: Anonymous, user: ChatUser): Step {
  const [after, effects] = authenticate(state, user)
  return [after, [...effects, { type: 'adopted' }]]
}

function authenticate(state: Anonymous | Signed, user: ChatUser): Step {
  const session = { ...NO_SESSION, secret: sessionOf(user) }
  const base = { ...baseOf(state), user, session, attempt: null, isSignIn: true }
  const after = { ...base, status: 'authenticating' } as const
  return [after, [...changed(state, after, 'user-set'), { type: 'begin' }]]
}

/** [ID12] If the host has another user by now, the recalled one is signed out like any other. */
function recalled(state: State, user: ChatUser): Step {
  if (state.status === 'leaving') return [state, []]
  if (state.status === 'anonymous') return arrive(state, user)
  if (ownerOf(state.user) === ownerOf(user)) return [state, []]
  return leave(state, user, { next: state.user, secret: sessionOf(user) })
}

/** `user`: the one who signs out; `null`: an anonymous visitor. `departure`: set if it began in another tab. */
function leave(
  state: Anonymous | Signed,
  user: ChatUser | null,
  how: Partial<Pick<Leaving, 'next' | 'everywhere' | 'secret'>>,
  departure: string | null = null,
): Step {
  const secret = state.status === 'anonymous' ? undefined : state.session.secret
  const base = { ...baseOf(state), user, secret }
  const after = { ...base, status: 'leaving', next: null, everywhere: false, ...how } as const
  const left = { type: 'leave', owner: ownerOf(user), departure } as const
  return [after, [{ type: 'stop' }, ...changed(state, after, 'sign-out'), left, ...finish(after)]]
}

/** A pending sign-in may still succeed, and would leave a session that nobody revokes. */
export function finish(state: Leaving): readonly Effect[] {
  if (state.unanswered > 0) return []
  return [{ type: 'finish', hasSession: state.secret !== undefined }]
}

/** Anonymous again, without data of the user; then the next user. */
function gone(before: Leaving, isLast: boolean): Step {
  const state = { ...baseOf(before), status: 'anonymous', wire: null } as const
  const change = changed(before, state, 'signed-out')
  if (isLast) return [state, change]
  const [after, effects] = before.next === null ? [state, []] : arrive(state, before.next)
  return [after, [...change, ...effects, { type: 'departed' }]]
}

export function fail(state: Signed, error: ChatError): Step {
  const { code } = error
  const after = { ...stayOf(state), status: 'reauthentication-required', code } as const
  const effects = [
    ...changed(state, after, 'failed', { code }),
    { type: 'emit', name: 'failed', detail: error },
  ] as const
  return [after, [{ type: 'stop' }, ...effects]]
}

const baseOf = ({ wire, unanswered, version }: Base): Base => ({
  wire,
  unanswered,
  version,
})

export const stayOf = (state: Stay): Stay => ({
  ...baseOf(state),
  user: state.user,
  session: state.session,
})

export function changed(
  before: State,
  after: State,
  cause: Cause,
  more: { readonly code?: ErrorCode; readonly receipt?: IdentityReceipt } = {},
): readonly Effect[] {
  const from = identityOf(before)
  const identity = identityOf(after)
  if (more.receipt === undefined && JSON.stringify(from) === JSON.stringify(identity)) return []
  return [{ type: 'change', from: from.status, identity, cause, ...more }]
}
