/** Reports typing when it begins, now and then while it goes on, and when it ends; not at each key. */

const REPEAT_AFTER_MS = 3_000
/** Time without a key after which typing is over. Milliseconds. */
const PAUSE_MS = 5_000

export interface OutgoingTyping {
  /** Called when the text changed (`true`), or is empty (`false`). */
  set(typing: boolean): void
  /** Ends it without an event. */
  reset(): void
}

export function createOutgoingTyping(tell: (typing: boolean) => void): OutgoingTyping {
  let toldAt: number | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const reset = () => {
    clearTimeout(timer)
    toldAt = null
  }
  const stop = () => {
    const wasTold = toldAt !== null
    reset()
    if (wasTold) tell(false)
  }
  return {
    set(typing) {
      if (!typing) return stop()
      clearTimeout(timer)
      timer = setTimeout(stop, PAUSE_MS)
      const now = Date.now()
      if (toldAt !== null && now - toldAt < REPEAT_AFTER_MS) return
      toldAt = now
      tell(true)
    },
    reset,
  }
}
