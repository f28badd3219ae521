/** What the client does when its page wakes up, comes back, or goes away ([DL7], [ID13]). */
import type { ClientParts } from './client-parts.ts'
import { watchPage } from './connection/page-signals.ts'

/** Returns what ends it. */
export function followPage({ tabs, identity, belongings }: ClientParts): () => void {
  let isOver = false
  const unwatch = watchPage({
    wake: () => identity.renewIfDue(),
    resume: async () => {
      const departure = await belongings.missedDeparture()
      if (departure !== undefined && !isOver) void identity.departed(departure)
    },
    hide: () => {
      void belongings.draft.save()
      belongings.outgoing.outbox.handOver()
      tabs.hide()
    },
  })
  return () => {
    isOver = true
    unwatch()
  }
}
