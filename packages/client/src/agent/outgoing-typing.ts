/** Tells the other side that somebody types: not on every key, and not for ever. */

/** Repeated this often while typing goes on; the other side forgets after a little more. */
const REPEAT_MS = 3_000
/** Without a key for this long, typing is over. */
const IDLE_MS = 5_000

export interface OutgoingTyping {
  /** The text changed (`true`), or there is none any more (`false`). */
  set(typing: boolean): void
  /** Ends it without telling anybody. */
  reset(): void
}

export function createOutgoingTyping(tell: (typing: boolean) => void): OutgoingTyping {
  let toldAt: number | null = null
  let idle: ReturnType<typeof setTimeout> | undefined
  const reset = () => {
    clearTimeout(idle)
    toldAt = null
  }
  const stop = () => {
    const wasTyping = toldAt !== null
    reset()
    if (wasTyping) {
      tell(false)
    }
  }
  return {
    set(typing) {
      if (!typing) {
        stop()
        return
      }
      clearTimeout(idle)
      idle = setTimeout(stop, IDLE_MS)
      const now = Date.now()
      if (toldAt === null || now - toldAt >= REPEAT_MS) {
        toldAt = now
        tell(true)
      }
    },
    reset,
  }
}
