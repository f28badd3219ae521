/** Tells the server of identity transitions, soon after they happened, without anything waiting for it ([ID17]). */
import { TRACE_BATCH, TRACE_KEPT, type TraceRequest } from '@chat-widget/protocol'
import type { Reply } from '../connection/event-maps.ts'

/** Never rejects. */
export type RequestTrace = (name: 'identity:trace', payload: TraceRequest) => Promise<Reply<null>>
type Told = TraceRequest['entries'][number]

export interface TraceReporter {
  add(entry: Told): void
  /** The server can take transitions: this device holds a conversation on the connection that is open. */
  opened(): void
  /** It cannot any more. */
  closed(): void
}

/** Long enough for what happens together to be told together. */
const DELAY_MS = 250

export function createTraceReporter(request: RequestTrace): TraceReporter {
  /** What the server has not acknowledged. */
  let waiting: readonly Told[] = []
  /** What was sent on the connection that is open; `null`: none is. What is lost waits for the next one. */
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
    // What is refused as malformed would be refused again.
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
        // Nothing of the user who signed out goes to the session that comes next.
        waiting = []
        closed()
        return
      }
      waiting = [...waiting, entry].slice(-TRACE_KEPT)
      // Before there was a session there may have been no conversation to tell it to.
      if (entry.to === 'identified') sent ??= new Set()
      // The request to sign out ends the session, so this goes ahead of it.
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
