/** Connected sockets, counted for metrics. */
import type { AppId } from '@chat-widget/protocol'

type Sockets<Data> = Iterable<{ readonly data: Data }>

export function countReleases(sockets: Sockets<{ readonly release?: string }>): ReadonlyMap<string, number> {
  return count(sockets, ({ release = 'unknown' }) => release)
}

export function countApps(sockets: Sockets<{ readonly app?: AppId }>): ReadonlyMap<AppId, number> {
  return count(sockets, ({ app }) => app)
}

function count<Data, Key>(
  sockets: Sockets<Data>,
  keyOf: (data: Data) => Key | undefined,
): ReadonlyMap<Key, number> {
  const counts = new Map<Key, number>()
  for (const { data } of sockets) {
    const key = keyOf(data)
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}
