/** The apps of a running server, whose configuration may change: whoever asks gets them as they are now. */
import { isDeepStrictEqual } from 'node:util'
import type { AppId } from '@chat-widget/protocol'
import type { AppConfig } from './config.ts'

export interface LiveApps {
  /** The same list for good; its items change. */
  readonly list: readonly AppConfig[]
  /** The same map for good. */
  readonly byId: ReadonlyMap<AppId, AppConfig>
  replace(apps: readonly AppConfig[]): void
  /** Told after each replacement. Returns the unsubscribe. */
  onReplace(listener: () => void): () => void
}

export function createLiveApps(apps: readonly AppConfig[]): LiveApps {
  const list: AppConfig[] = []
  const byId = new Map<AppId, AppConfig>()
  const listeners = new Set<() => void>()
  const replace = (next: readonly AppConfig[]) => {
    // One that did not change stays the same object, and with it what is kept for it, e.g. its verifier.
    const kept = next.map((app) => {
      const before = byId.get(app.id)
      return isDeepStrictEqual(before, app) && before !== undefined ? before : app
    })
    list.splice(0, list.length, ...kept)
    byId.clear()
    for (const app of kept) byId.set(app.id, app)
    for (const listener of listeners) listener()
  }
  replace(apps)
  return {
    list,
    byId,
    replace,
    onReplace(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
