/** The last identity transitions, for a developer to read. Holds no secret. */
import type { TraceEntry } from '../chat-client-api.ts'
import type { IdentityState } from '../chat-state.ts'

const KEPT = 200

export interface Trace {
  add(from: IdentityState['status'], to: IdentityState['status'], cause: string, code?: string): void
  entries(): readonly TraceEntry[]
}

export function createTrace(): Trace {
  const entries: TraceEntry[] = []
  return {
    add(from, to, cause, code) {
      const at = new Date().toISOString()
      entries.push(code === undefined ? { at, from, to, cause } : { at, from, to, cause, code })
      if (entries.length > KEPT) entries.shift()
    },
    entries: () => [...entries],
  }
}
