/** What the client does when its page wakes up, comes back, or goes away ([DL7], [ID13]). */
import type { Belongings } from './belongings.ts'
import { watchPage } from './connection/page-signals.ts'
import type { Identity } from './identity/run.ts'
import type { Tabs } from './tabs/tabs.ts'

export interface PageLifePorts {
  readonly tabs: Pick<Tabs, 'hide'>
  readonly identity: Pick<Identity, 'renewIfDue' | 'departed'>
  readonly belongings: Pick<Belongings, 'missedDeparture' | 'draft' | 'outgoing'>
}

/** Returns what ends it. */
export function followPage({ tabs, identity, belongings }: PageLifePorts): () => void {
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
