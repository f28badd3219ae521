/** One sign-in or renewal, from the host's answer to the server's: when to ask again, when to wait, when to give up. */
import { type Authenticated, ChatError } from '@chat-widget/protocol'
import type { ChatUser, RequestContext } from '../chat-state.ts'
import type { Reply } from '../connection/event-maps.ts'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { pause } from '../util/pause.ts'
import { callProvider } from './call-provider.ts'

export type FlowOutcome =
  | { readonly kind: 'authenticated'; readonly context: RequestContext; readonly value: Authenticated }
  | { readonly kind: 'failed'; readonly error: ChatError }
  /** Given up, e.g. because another tab was faster; what it still brought is dropped. */
  | { readonly kind: 'aborted' }

export interface FlowPorts {
  /** The user as the host set it last; `null` when there is none any more. */
  readonly user: () => ChatUser | null
  readonly providerTimeoutMs: number
  readonly policy: ReconnectPolicy
  readonly isOnline: () => boolean
  /** Resolves when connected, or when the signal aborts. */
  readonly whenOnline: (signal: AbortSignal) => Promise<void>
  readonly authenticate: (user: ChatUser, context: RequestContext) => Promise<Reply<Authenticated>>
  readonly hasSession: () => boolean
  readonly inTurn: <Value>(signal: AbortSignal, work: () => Promise<Value>) => Promise<Value | undefined>
  /** Resolves when the other tabs have said whether they have a session; then the signal may have been aborted. */
  readonly askOthers: () => Promise<void>
}

/** Tries before the host is told that it has to do something. */
const PROVIDER_TRIES = 3

const ABORTED: FlowOutcome = { kind: 'aborted' }

/** `context`: the one in hand, to be tried before the host is asked. */
export async function runFlow(
  ports: FlowPorts,
  signal: AbortSignal,
  needsRefresh: boolean,
  context: RequestContext | null,
): Promise<FlowOutcome> {
  const { policy } = ports
  let known = needsRefresh ? null : context
  let refresh = needsRefresh
  let calls = 0
  let waits = 0

  /** Resolves with a number of milliseconds to wait, where nothing was said about the context. */
  async function turn(): Promise<FlowOutcome | number> {
    while (!signal.aborted && ports.isOnline()) {
      const user = ports.user()
      if (user === null) break
      await ports.askOthers()
      if (signal.aborted) break
      if (known === null) {
        calls += 1
        const { requestContextProvider } = user
        const call = callProvider(requestContextProvider, refresh, ports.providerTimeoutMs, signal)
        const answer = await call.catch(asChatError)
        if (signal.aborted) break
        if (answer instanceof ChatError) {
          if (calls >= PROVIDER_TRIES) return { kind: 'failed', error: answer }
          await pause(policy.nextDelayMs(calls), signal)
        } else known = answer
        // The connection may have gone while the provider thought about it.
        continue
      }
      const reply = await ports.authenticate(user, known)
      if (signal.aborted) break
      if (reply.ok) return { kind: 'authenticated', context: known, value: reply.value }
      const { error } = reply
      // The anonymous session that was to be merged has ended, e.g. merged by another tab: the next connection has none.
      const code = error.code === 'session-invalid' && !ports.hasSession() ? 'server-unreachable' : error.code
      switch (code) {
        case 'context-expired':
        case 'context-invalid':
          if (calls >= PROVIDER_TRIES) return { kind: 'failed', error: new ChatError(code, error.message) }
          known = null
          refresh = true
          if (calls > 1) await pause(policy.nextDelayMs(calls), signal)
          break
        case 'server-unreachable':
        case 'verifier-unavailable':
        case 'rate-limited':
        case 'unavailable':
        case 'internal':
          // Says nothing about the context: the same one again.
          waits += 1
          return Math.max(error.retryAfterMs ?? 0, policy.nextDelayMs(waits))
        default:
          return { kind: 'failed', error: new ChatError(code, error.message) }
      }
    }
    return signal.aborted || ports.user() === null ? ABORTED : 0
  }

  while (!signal.aborted) {
    await ports.whenOnline(signal)
    const step = await ports.inTurn(signal, turn)
    if (step === undefined) break
    if (typeof step !== 'number') return step
    await pause(step, signal)
  }
  return ABORTED
}

const asChatError = (cause: unknown): ChatError =>
  cause instanceof ChatError
    ? cause
    : new ChatError('provider-failed', 'requestContextProvider failed', { cause })
