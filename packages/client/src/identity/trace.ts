/** The last identity transitions of this tab, for a developer to read and for operators. Holds no secret ([ID17]). */
import { type ErrorCode, TRACE_KEPT, type WireIdentity } from '@chat-widget/protocol'
import type { TraceEntry } from '../chat-client-api.ts'
import type { ChatUser, IdentityState } from '../chat-state.ts'
import { isSessionOf } from './signed-in-visitor.ts'
import { createTraceReporter, type RequestTrace } from './trace-reporter.ts'

export interface Trace {
  add(from: IdentityState['status'], to: IdentityState['status'], cause: string, code?: ErrorCode): void
  entries(): readonly TraceEntry[]
  /** The server said who this device is, while the host wants `user`. */
  ready(identity: WireIdentity, user: ChatUser | null): void
  /** Also for good. */
  disconnected(): void
}

/** Without `request`, nobody is told. */
export function createTrace(request?: RequestTrace): Trace {
  // Tells tabs apart and is no secret, so it need not bring the random ids of the part that everybody loads.
  const tab = Math.random().toString(16).slice(2, 10).padEnd(8, '0')
  const reporter = request === undefined ? undefined : createTraceReporter(request)
  const entries: TraceEntry[] = []
  let seq = 0
  return {
    add(from, to, cause, code) {
      const at = new Date().toISOString()
      const entry = { at, from, to, cause, ...(code === undefined ? {} : { code }), tab }
      seq += 1
      entries.push(entry)
      if (entries.length > TRACE_KEPT) entries.shift()
      // Before there was a session there may have been no conversation to tell it to.
      if (to === 'identified') reporter?.opened()
      reporter?.add({ ...entry, seq })
    },
    entries: () => [...entries],
    ready(identity, user) {
      // A session for somebody else has their conversation.
      if (identity.status !== 'unidentified' && isSessionOf(identity, user)) reporter?.opened()
    },
    disconnected: () => reporter?.closed(),
  }
}
