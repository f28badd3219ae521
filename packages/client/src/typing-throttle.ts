/** Typing is told when it begins, now and then while it goes on, and when it ends; not at each key. */

const REPEAT_AFTER_MS = 3_000

export interface TypingThrottle {
  /** Whether to tell it now; assumes that it is told then. */
  isDue(typing: boolean): boolean
}

export function createTypingThrottle(): TypingThrottle {
  let toldAt: number | null = null
  return {
    isDue(typing) {
      const isDue = typing ? toldAt === null || Date.now() - toldAt >= REPEAT_AFTER_MS : toldAt !== null
      if (isDue) toldAt = typing ? Date.now() : null
      return isDue
    },
  }
}
