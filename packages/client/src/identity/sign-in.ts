/** Signing in and renewing: the states, and their effects. Loaded when a user is set: anonymous visitors do without. */
import type { Authenticated, AuthenticateRequest, ChatError, WireIdentity } from '@chat-widget/protocol'
import { holdLock } from '../browser/web-locks.ts'
import type { Reply } from '../connection/event-maps.ts'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import type { Lead } from '../tabs/lead.ts'
import type { Tabs } from '../tabs/tabs.ts'
import { pause } from '../util/pause.ts'
import { callProvider } from './call-provider.ts'
import type { StepSigned } from './machine.ts'
import { createRenewal } from './renewal.ts'
import type { ServerClock } from './server-clock.ts'
import { followSharedSession } from './session-sharing.ts'
import { stepSigned } from './signed.ts'
import { isSessionOf } from './signed-in-visitor.ts'
import { type Event, type SignInEffect, type State, userOf } from './states.ts'
import { createTrace, type Trace, type Transition } from './trace.ts'
import { createTraceReporter, type RequestTrace } from './trace-reporter.ts'

export interface SignInOptions {
  readonly authenticate: (request: AuthenticateRequest) => Promise<Reply<Authenticated>>
  readonly mergePolicy: 'merge' | 'separate'
  readonly providerTimeoutMs: number
  readonly tabs: Pick<Tabs, 'turn' | 'ask' | 'tell' | 'on'>
  /** By which the server is told of transitions. Default: nobody is told. */
  readonly request?: RequestTrace
  /** The tab that has the socket. */
  readonly lead: Pick<Lead, 'isFollowing' | 'isRepresented' | 'takeOver'>
}

export interface SignInPorts extends SignInOptions {
  readonly clock: ServerClock
  readonly policy: ReconnectPolicy
  readonly dispatch: (event: Event) => void
  readonly state: () => State
  /** Before there was a trace to add them to. */
  readonly early: readonly Transition[]
}

export interface SignIn {
  readonly step: StepSigned
  readonly trace: Trace
  /** The server said who this device is. */
  connected(identity: WireIdentity): void
  disconnected(): void
  perform(effect: SignInEffect): void
  /** Renews now if the time has come. */
  renewIfDue(): void
  close(): void
}

/** A tab that is awake answers in a few milliseconds. */
const ASK_MS = 500
/** In this time a tab has asked its host three times in vain, and given up. */
const TURN_MS = 2 * 60_000

/** A leader that signs in or renews has taken its turn by then. */
const LEADERS_TURN_MS = 150

export function createSignIn(ports: SignInPorts): SignIn {
  const { tabs, lead, clock, policy, dispatch, state, request } = ports
  const reporter = request === undefined ? undefined : createTraceReporter(request)
  const renewal = createRenewal(clock.now, () => dispatch({ type: 'renewal-due' }))
  let attempt = new AbortController()
  let turn = new AbortController()

  async function takeTurn(id: number): Promise<void> {
    const { signal } = turn
    // The leader first: a follower has to connect anew.
    if (lead.isRepresented) await pause(LEADERS_TURN_MS, signal)
    if (tabs.turn !== null) await holdLock(tabs.turn, signal, { withinMs: TURN_MS })
    if (!signal.aborted) dispatch({ type: 'turn-taken', id })
  }

  /** The signal of an old turn keeps its name, which names the user ([ID12]). */
  function endTurn(): void {
    turn.abort()
    turn = new AbortController()
  }

  function perform(effect: SignInEffect): void {
    switch (effect.type) {
      case 'take-turn':
        void takeTurn(effect.id)
        break
      case 'end-turn':
        endTurn()
        break
      case 'ask-tabs': {
        const { id } = effect
        void tabs
          .ask('ask', null, 'session', ASK_MS)
          .then(() => dispatch({ type: 'tabs-asked', id, isFollowing: lead.isFollowing }))
        break
      }
      case 'take-lead':
        void lead.takeOver()
        break
      case 'call-provider': {
        const { id, user, needsRefresh } = effect
        callProvider(user.requestContextProvider, needsRefresh, ports.providerTimeoutMs, attempt.signal).then(
          (context) => dispatch({ type: 'provided', id, context }),
          (error: ChatError) => dispatch({ type: 'provider-failed', id, error }),
        )
        break
      }
      case 'authenticate': {
        const { id, user, context, isRenewal } = effect
        const { authenticate, mergePolicy } = ports
        void authenticate({
          userIdentifier: user.userIdentifier,
          mergePolicy,
          context: context as Record<string, unknown>,
          ...(isRenewal && { renewal: true }),
        }).then((reply) => {
          if (reply.ok) clock.set(reply.value.serverTime)
          dispatch({ type: 'answered', id, context, reply })
        })
        break
      }
      case 'wait': {
        const { id, tries, atLeastMs } = effect
        const ms = Math.max(atLeastMs, policy.nextDelayMs(tries))
        void pause(ms, attempt.signal).then(() => dispatch({ type: 'waited', id }))
        break
      }
      case 'tell':
        tabs.tell('session', effect.session)
        break
      case 'tell-failed': {
        const { code, message } = effect.error
        tabs.tell('failed', { code, message })
        break
      }
      case 'schedule':
        renewal.schedule(effect.expiresAt, effect.since)
        break
      case 'stop':
        endTurn()
        attempt.abort()
        attempt = new AbortController()
        renewal.cancel()
        break
      default:
        effect satisfies never
    }
  }

  /** A session for somebody else has their conversation, to which nothing is told. */
  function connected(identity: WireIdentity): void {
    if (identity.status !== 'unidentified' && isSessionOf(identity, userOf(state()))) reporter?.opened()
  }

  followSharedSession(tabs, ports)
  const trace = createTrace(reporter)
  for (const transition of ports.early) trace.add(transition)
  const { wire } = state()
  if (wire !== null) connected(wire)

  return {
    step: stepSigned,
    trace,
    connected,
    disconnected: () => reporter?.closed(),
    perform,
    renewIfDue: renewal.check,
    close() {
      perform({ type: 'stop' })
      reporter?.closed()
    },
  }
}
