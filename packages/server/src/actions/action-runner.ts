/** Runs an app's configured action for a conversation's user ([ID16]). */
import type { ActionFailure, AppId, UserId } from '@chat-widget/protocol'
import type { ActionConfig, AppConfig, ContextStyle } from '../config/config.ts'
import type { Context } from '../identity/context.ts'
import type { HostUser } from '../identity/context-vault.ts'
import { createTurns } from '../limits/turns.ts'
import { callJson, type OutboundAnswer, OutboundError, type OutboundFailure } from '../outbound/call-json.ts'
import type { ActionParams, ConversationRecord } from '../storage/storage.ts'
import type { ContextNeeds } from './context-needs.ts'
import { fillAction } from './fill-action.ts'
import { hideValues } from './hide-values.ts'

interface ActionCall {
  readonly conversation: ConversationRecord
  readonly name: string
  readonly params: ActionParams
  /** Sent as `idempotency-key` with a POST, so that the company can recognise a repetition after a crash. */
  readonly key: string
  /** Ends the wait for a context, never a call that was begun. */
  readonly signal: AbortSignal
}

type ActionOutcome =
  | { readonly kind: 'result'; readonly ok: boolean; readonly status: number; readonly body: unknown }
  /** No answer to show. `status` is 0 where the company sent none at all. */
  | { readonly kind: 'failed'; readonly reason: ActionFailure; readonly status: number }
  /** Nobody is signed in, the company refused a fresh context too, or no device brought one in time. */
  | { readonly kind: 'login-needed'; readonly cause: 'anonymous' | 'refused' | 'no-context' }
  /** The wait for a context was aborted. */
  | { readonly kind: 'aborted' }

export interface ActionRunner {
  /** Never rejects because of the company or the device. */
  run(call: ActionCall): Promise<ActionOutcome>
}

export interface ActionRunnerOptions {
  readonly apps: ReadonlyMap<AppId, AppConfig>
  readonly needs: ContextNeeds
}

/** Looks up own properties only: a name on the prototype is no action. */
export function findAction(app: AppConfig | undefined, name: string): ActionConfig | undefined {
  return app !== undefined && Object.hasOwn(app.actions, name) ? app.actions[name] : undefined
}

/** Calls of one app at a time, so that a company whose server hangs delays no other. */
const CALLS_AT_ONCE = 20

export function createActionRunner({ apps, needs }: ActionRunnerOptions): ActionRunner {
  const turns = createTurns({ atOnce: CALLS_AT_ONCE })

  return {
    async run(call) {
      const { conversation, name } = call
      const app = apps.get(conversation.app)
      const config = findAction(app, name)
      if (config === undefined) return failed('unknown-action')
      if (conversation.owner.kind !== 'user') return { kind: 'login-needed', cause: 'anonymous' }
      const attempt = (context: Context) =>
        turns.run(conversation.app, () => attemptCall(call, config, context, app?.contextStyle))
      if (conversation.method !== 'host') return runWithoutContext(attempt)
      const { app: appId, owner, userIdentifier } = conversation
      return runAsUser(call, { id: owner.id, app: appId, userIdentifier: userIdentifier ?? '' }, attempt)
    },
  }

  async function runAsUser(
    { signal }: ActionCall,
    user: HostUser & { readonly id: UserId },
    attempt: (context: Context) => Promise<ActionOutcome | 'refused'>,
  ): Promise<ActionOutcome> {
    const context = await needs.obtain(user, signal)
    if (context === null) return withoutContext(signal)
    const first = await attempt(context)
    if (first !== 'refused') return first
    const renewed = await needs.renew(user.id, signal)
    if (renewed === null) return withoutContext(signal)
    const second = await attempt(renewed)
    return second === 'refused' ? { kind: 'login-needed', cause: 'refused' } : second
  }
}

/** [AR15] Users whom this server itself signed in have no context of the company, and no device could bring one. */
async function runWithoutContext(
  attempt: (context: Context) => Promise<ActionOutcome | 'refused'>,
): Promise<ActionOutcome> {
  const outcome = await attempt({})
  return outcome === 'refused' ? { kind: 'login-needed', cause: 'refused' } : outcome
}

async function attemptCall(
  { params, key }: ActionCall,
  config: ActionConfig,
  context: Context,
  style: ContextStyle | undefined,
): Promise<ActionOutcome | 'refused'> {
  const filled = fillAction(config, params, context, style)
  switch (filled.kind) {
    case 'value-missing':
      return 'refused'
    case 'value-refused':
      return failed('value-refused')
    case 'call': {
      const { call, values } = filled
      const headers = call.method === 'POST' ? { 'idempotency-key': key, ...call.headers } : call.headers
      return toOutcome(() => callJson({ ...call, headers }), values)
    }
    default:
      return filled satisfies never
  }
}

async function toOutcome(
  call: () => Promise<OutboundAnswer>,
  values: readonly string[],
): Promise<ActionOutcome | 'refused'> {
  try {
    const { status, body } = await call()
    if (status === 401) return 'refused'
    return { kind: 'result', ok: status >= 200 && status < 300, status, body: hideValues(body, values) }
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    return failed(reasonOf(error.failure), error.status)
  }
}

function withoutContext(signal: AbortSignal): ActionOutcome {
  return signal.aborted ? { kind: 'aborted' } : { kind: 'login-needed', cause: 'no-context' }
}

function failed(reason: ActionFailure, status = 0): ActionOutcome {
  return { kind: 'failed', reason, status }
}

function reasonOf(failure: OutboundFailure): ActionFailure {
  // A call gets no signal that could abort it.
  return failure === 'aborted' ? 'unreachable' : failure
}
