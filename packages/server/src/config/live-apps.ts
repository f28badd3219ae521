/** The apps of a running server. Their configuration may change, so it is read anew at each use. */
import { isDeepStrictEqual } from 'node:util'
import type { AppId } from '@chat-widget/protocol'
import type { AppConfig } from './config.ts'

export interface LiveApps {
  /** Always the same list; its items change. */
  readonly list: readonly AppConfig[]
  /** Always the same map. */
  readonly byId: ReadonlyMap<AppId, AppConfig>
  replace(apps: readonly AppConfig[]): void
  /** Calls back after each replacement. Returns the unsubscribe. */
  onReplace(listener: () => void): () => void
}

export function createLiveApps(apps: readonly AppConfig[]): LiveApps {
  const list: AppConfig[] = []
  const byId = new Map<AppId, AppConfig>()
  const listeners = new Set<() => void>()
  const replace = (next: readonly AppConfig[]) => {
    // An unchanged app stays the same object, which keeps its caches, e.g. its verifier.
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
