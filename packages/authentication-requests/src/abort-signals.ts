/** Abort signals shared by many calls. */

const listeners = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls back when the signal aborts; at once if it has. Adds one listener to a signal however many callers there are:
 * from the eleventh on Node would warn of a leak. Returns the unsubscribe.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener()
    return () => {}
  }
  const known = listeners.get(signal)
  const all = known ?? new Set()
  if (known === undefined) {
    listeners.set(signal, all)
    signal.addEventListener('abort', () => {
      for (const each of [...all]) each()
    })
  }
  // A wrapper of its own, so that a listener added twice is called twice.
  const entry = () => listener()
  all.add(entry)
  return () => void all.delete(entry)
}

/**
 * Aborts with either signal. Not `AbortSignal.any`, which some Node versions keep for as long as the longer-lived
 * signal.
 */
export function either(
  first: AbortSignal | undefined,
  second: AbortSignal,
): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const signals = first === undefined ? [second] : [first, second]
  const releases = signals.map((signal) => onAbort(signal, () => controller.abort(signal.reason)))
  return {
    signal: controller.signal,
    release: () => {
      for (const release of releases) release()
    },
  }
}
