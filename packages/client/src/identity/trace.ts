/** The last identity transitions of this tab, for developers and operators. Contains no secret ([ID17]). */
import { TRACE_KEPT } from '@chat-widget/protocol'
import type { TraceEntry } from '../chat-client-api.ts'
import type { TraceReporter } from './trace-reporter.ts'

/** A change of the machine's state, without its user. */
export type Transition = Omit<TraceEntry, 'tab'>

export interface Trace {
  add(transition: Transition): void
  entries(): readonly TraceEntry[]
}

/** `reporter` sends it to the server. */
export function createTrace(reporter?: Pick<TraceReporter, 'add'>): Trace {
  // Distinguishes tabs and is no secret, so it need not import the random ids of the part that everybody loads.
  const tab = Math.random().toString(16).slice(2, 10).padEnd(8, '0')
  const entries: (TraceEntry & { readonly seq: number })[] = []
  let seq = 0
  return {
    add(transition) {
      seq += 1
      const entry = { ...transition, tab, seq }
      entries.push(entry)
      if (entries.length > TRACE_KEPT) entries.shift()
      reporter?.add(entry)
    },
    entries: () => entries.map(({ seq: _, ...entry }) => entry),
  }
}
