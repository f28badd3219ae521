/** Wakes the callers that wait on this very server. */
import type { WakeUp } from './authentication-requests.ts'

type Listener = Parameters<WakeUp['on']>[0]

export function createInProcessWakeUp(): WakeUp {
  const listeners = new Set<Listener>()
  return {
    notify(id, app) {
      for (const listener of [...listeners]) listener(id, app)
    },
    on(listener) {
      // A wrapper, so that one that is given twice is heard twice and taken away once.
      const own: Listener = (id, app) => listener(id, app)
      listeners.add(own)
      return () => {
        listeners.delete(own)
      }
    },
  }
}
