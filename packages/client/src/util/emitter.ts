/** Typed events of a part: listeners are called in order of subscription, and cannot break each other. */

export interface Emitter<Events> {
  on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void
  emit<Name extends keyof Events>(name: Name, detail: Events[Name]): void
  /** Removes every listener. */
  clear(): void
}

export function createEmitter<Events>(): Emitter<Events> {
  const listeners = new Map<keyof Events, Set<(detail: never) => void>>()
  return {
    on(name, listener) {
      // A wrapper of its own, so that a function subscribed twice is called twice and unsubscribed once.
      const entry = (detail: never) => listener(detail)
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(entry))
      return () => void set.delete(entry)
    },
    emit(name, detail) {
      for (const listener of [...(listeners.get(name) ?? [])]) {
        try {
          listener(detail as never)
        } catch (error) {
          reportListenerError(error)
        }
      }
    },
    clear: () => listeners.clear(),
  }
}

/** An error of a host's listener is reported to the console, instead of interrupting our work. */
function reportListenerError(error: unknown): void {
  if (typeof reportError === 'function') reportError(error)
  else console.error(error)
}
