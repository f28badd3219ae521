/** Reports identity transitions to the server, soon after they happened; nothing waits for it ([ID17]). */
import { TRACE_BATCH, TRACE_KEPT, type TraceRequest } from '@chat-widget/protocol'
import type { Reply } from '../connection/event-maps.ts'

/** Never rejects. */
export type RequestTrace = (name: 'identity:trace', payload: TraceRequest) => Promise<Reply<null>>
type Told = TraceRequest['entries'][number]

export interface TraceReporter {
  add(entry: Told): void
  /** Called when the server can take transitions: this device has a conversation on the open connection. */
  opened(): void
  /** Called when it no longer can. */
  closed(): void
}

/** Delay that collects simultaneous transitions in one report. Milliseconds. */
const DELAY_MS = 250

export function createTraceReporter(request: RequestTrace): TraceReporter {
  /** Transitions that the server has not acknowledged. */
  let waiting: readonly Told[] = []
  /** Transitions sent on the open connection; `null`: there is none. Lost ones wait for the next connection. */
  let sent: Set<Told> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  function tell(): void {
    clearTimeout(timer)
    while (sent !== null) {
      const before = sent
      const entries = waiting.filter((entry) => !before.has(entry)).slice(0, TRACE_BATCH)
      if (entries.length === 0) return
      for (const entry of entries) before.add(entry)
      void send(entries)
    }
  }

  async function send(entries: readonly Told[]): Promise<void> {
    const sentAt = new Date().toISOString()
    const reply = await request('identity:trace', { sentAt, entries: [...entries] })
    // A report that was refused as malformed would be refused again.
    if (!reply.ok && reply.error.code !== 'bad-request') return
    waiting = waiting.filter((entry) => !entries.includes(entry))
  }

  function soon(): void {
    clearTimeout(timer)
    if (sent !== null) timer = setTimeout(tell, DELAY_MS)
  }

  function closed(): void {
    clearTimeout(timer)
    sent = null
  }

  return {
    add(entry) {
      if (entry.to === 'anonymous') {
        // Nothing of the user who signed out is sent with the next session.
        waiting = []
        closed()
        return
      }
      waiting = [...waiting, entry].slice(-TRACE_KEPT)
      // Before there was a session there may have been no conversation to report to.
      if (entry.to === 'identified') sent ??= new Set()
      // Sent before the request to sign out, which ends the session.
      if (entry.to === 'signing-out') tell()
      else soon()
    },
    opened() {
      sent ??= new Set()
      soon()
    },
    closed,
  }
}
