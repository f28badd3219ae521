/** What the client does when its page wakes up, comes back, or goes away ([DL7], [ID13]). */
import type { Belongings } from './belongings.ts'
import { watchPage } from './connection/page-signals.ts'
import type { LazyIdentity } from './identity/lazy-identity.ts'
import type { Tabs } from './tabs/tabs.ts'
import type { UserFollowing } from './user-following.ts'

export interface PageLifePorts {
  readonly tabs: Pick<Tabs, 'resume' | 'hide'>
  readonly identity: Pick<LazyIdentity, 'renewIfDue'>
  readonly belongings: Pick<Belongings, 'missedDeparture' | 'draft' | 'outgoing'>
  readonly following: Pick<UserFollowing, 'departed'>
}

/** Returns what ends it. */
export function followPage({ tabs, identity, belongings, following }: PageLifePorts): () => void {
  let isOver = false
  const unwatch = watchPage({
    wake: () => identity.renewIfDue(),
    resume: async () => {
      tabs.resume()
      const departure = await belongings.missedDeparture()
      if (departure !== undefined && !isOver) void following.departed(departure)
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
