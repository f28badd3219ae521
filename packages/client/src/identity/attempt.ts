/**
 * One sign-in or renewal as a state machine: when to ask the host, when the server, when to wait, when to give up. Pure.
 *
 * ```
 *                          leading
 *                             ⇅
 * connecting → queueing → asking-tabs ─→ calling ⇄ pausing
 *     ↑            ↑          ↑    └───→ sending ──→ authenticated | failed
 *     └── offline ─┴─ waiting ┴───────────┘
 * ```
 *
 * From `asking-tabs` to `sending` it is this tab's turn: no other tab of the user asks its host ([ID3]).
 */
import { type Authenticated, ChatError } from '@chat-widget/protocol'
import type { ChatUser, RequestContext } from '../chat-state.ts'
import type { Reply, ReplyError } from '../connection/event-maps.ts'

/** Steps of this tab's turn. */
type OwnTurn = 'asking-tabs' | 'leading' | 'calling' | 'pausing' | 'sending'

export interface Attempt {
  readonly id: number
  readonly step: 'connecting' | 'queueing' | 'waiting' | OwnTurn
  /** The context to send; `null`: the host is asked first. */
  readonly context: RequestContext | null
  readonly needsRefresh: boolean
  /** Calls of the provider so far. */
  readonly calls: number
  /** Waits for a server whose answer said nothing about the context. */
  readonly waits: number
}

/** Outcomes of an attempt's effects, each with the attempt's id. */
export type AttemptEvent = { readonly id: number } & (
  | { readonly type: 'turn-taken' | 'waited' }
  /** `isFollowing`: this tab's socket is that of another tab, to which contexts are not given. */
  | { readonly type: 'tabs-asked'; readonly isFollowing: boolean }
  | { readonly type: 'provided'; readonly context: RequestContext }
  | { readonly type: 'provider-failed'; readonly error: ChatError }
  | { readonly type: 'answered'; readonly context: RequestContext; readonly reply: Reply<Authenticated> }
)

export type AttemptEffect =
  | { readonly type: 'take-turn' | 'ask-tabs'; readonly id: number }
  | {
      readonly type: 'call-provider'
      readonly id: number
      readonly user: ChatUser
      readonly needsRefresh: boolean
    }
  | {
      readonly type: 'authenticate'
      readonly id: number
      readonly user: ChatUser
      readonly context: RequestContext
      readonly isRenewal: boolean
    }
  /** At least as long as the server asks for, or as the policy gives for this number of tries. */
  | { readonly type: 'wait'; readonly id: number; readonly tries: number; readonly atLeastMs: number }
  | { readonly type: 'take-lead' | 'end-turn' }

interface GoesOn {
  readonly kind: 'goes-on'
  readonly attempt: Attempt
  readonly effects: readonly AttemptEffect[]
}
export type AttemptOutcome =
  | GoesOn
  | { readonly kind: 'authenticated'; readonly context: RequestContext; readonly value: Authenticated }
  /** The host has to act. */
  | { readonly kind: 'failed'; readonly error: ChatError }

/** Circumstances of an attempt. */
export interface Circumstances {
  readonly user: ChatUser
  readonly isOnline: boolean
  readonly hasSession: boolean
  /** False if the host was asked to sign the user in. */
  readonly isRenewal: boolean
}

/** Calls of the provider before the host is told to act ([ID6]). */
const PROVIDER_TRIES = 3

/** `context`: one that is already there, sent before the host is asked. */
export function beginAttempt(
  id: number,
  needsRefresh: boolean,
  context: RequestContext | null,
  isOnline: boolean,
): GoesOn {
  const known = needsRefresh ? null : context
  const attempt = { id, step: 'connecting', context: known, needsRefresh, calls: 0, waits: 0 } as const
  return queue(attempt, isOnline)
}

/** Steps on when the connection opens or is lost. */
export function stepConnection(attempt: Attempt, isOnline: boolean): AttemptOutcome {
  const { step } = attempt
  if (isOnline && step === 'leading') return askTabs(attempt, isOnline)
  if (isOnline ? step !== 'connecting' : step !== 'queueing') return goOn(attempt)
  return queue(attempt, isOnline)
}

export function stepAttempt(attempt: Attempt, event: AttemptEvent, at: Circumstances): AttemptOutcome {
  switch (event.type) {
    case 'turn-taken':
      return attempt.step === 'queueing' ? askTabs(attempt, at.isOnline) : goOn(attempt)
    case 'tabs-asked':
      return attempt.step === 'asking-tabs' ? askHostOrServer(attempt, event, at) : goOn(attempt)
    case 'waited':
      if (attempt.step === 'pausing') return askTabs(attempt, at.isOnline)
      return attempt.step === 'waiting' ? queue(attempt, at.isOnline) : goOn(attempt)
    case 'provided':
      if (attempt.step !== 'calling') return goOn(attempt)
      return askTabs({ ...attempt, context: event.context }, at.isOnline)
    case 'provider-failed':
      return attempt.step === 'calling' ? pause(attempt, event.error) : goOn(attempt)
    case 'answered':
      return attempt.step === 'sending' ? answered(attempt, event, at) : goOn(attempt)
    default:
      return event satisfies never
  }
}

const goOn = (attempt: Attempt, ...effects: readonly AttemptEffect[]): GoesOn => ({
  kind: 'goes-on',
  attempt,
  effects,
})

function queue(attempt: Attempt, isOnline: boolean): GoesOn {
  if (isOnline) return goOn({ ...attempt, step: 'queueing' }, { type: 'take-turn', id: attempt.id })
  return goOn({ ...attempt, step: 'connecting' }, { type: 'end-turn' })
}

/** Asks the tabs: while the host answered, another tab may have signed in, and the connection may have been lost. */
const askTabs = (attempt: Attempt, isOnline: boolean): AttemptOutcome =>
  isOnline
    ? goOn({ ...attempt, step: 'asking-tabs' }, { type: 'ask-tabs', id: attempt.id })
    : queue(attempt, false)

function askHostOrServer(
  attempt: Attempt,
  { isFollowing }: Extract<AttemptEvent, { type: 'tabs-asked' }>,
  { user, isOnline, isRenewal }: Circumstances,
): AttemptOutcome {
  if (!isOnline) return queue(attempt, false)
  // It connects anew for that, and keeps its turn: another tab would ask its own host meanwhile.
  if (isFollowing) return goOn({ ...attempt, step: 'leading' }, { type: 'take-lead' })
  const { id, context, needsRefresh, calls } = attempt
  if (context === null) {
    const calling = { ...attempt, step: 'calling', calls: calls + 1 } as const
    return goOn(calling, { type: 'call-provider', id, user, needsRefresh })
  }
  return goOn({ ...attempt, step: 'sending' }, { type: 'authenticate', id, user, context, isRenewal })
}

function pause(attempt: Attempt, error: ChatError): AttemptOutcome {
  const { id, calls } = attempt
  if (calls >= PROVIDER_TRIES) return { kind: 'failed', error }
  return goOn({ ...attempt, step: 'pausing' }, { type: 'wait', id, tries: calls, atLeastMs: 0 })
}

function answered(
  attempt: Attempt,
  { context, reply }: Extract<AttemptEvent, { type: 'answered' }>,
  at: Circumstances,
): AttemptOutcome {
  if (reply.ok) return { kind: 'authenticated', context, value: reply.value }
  const { error } = reply
  const { id, calls, waits } = attempt
  const code = codeOf(error, at)
  switch (code) {
    case 'context-expired':
    case 'context-invalid': {
      const again = { ...attempt, context: null, needsRefresh: true }
      return calls > 1 ? pause(again, new ChatError(code, error.message)) : askTabs(again, at.isOnline)
    }
    case 'server-unreachable':
    case 'verifier-unavailable':
    case 'rate-limited':
    case 'unavailable':
    case 'internal': {
      // Says nothing about the context: sends the same one again.
      const wait = { type: 'wait', id, tries: waits + 1, atLeastMs: error.retryAfterMs ?? 0 } as const
      return goOn({ ...attempt, step: 'waiting', waits: waits + 1 }, { type: 'end-turn' }, wait)
    }
    default:
      return { kind: 'failed', error: new ChatError(code, error.message) }
  }
}

/** The anonymous session to be merged has ended, e.g. another tab merged it: the next connection has none. */
const codeOf = ({ code }: ReplyError, { hasSession }: Circumstances) =>
  code === 'session-invalid' && !hasSession ? 'server-unreachable' : code
