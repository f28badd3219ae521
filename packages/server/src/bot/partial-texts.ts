/** Tells what a bot has written so far now and then, not with each of its pieces ([BO2]). */

/** Milliseconds between two of them. */
const EVERY_MS = 250
/** Times of these after which a text that does not grow is told again: a sign that somebody types ends by itself. */
const AGAIN_AFTER = 16

export interface PartialTexts {
  set(text: string): void
  /** Nothing is told after it. */
  end(): void
}

export function createPartialTexts(tell: (text: string) => void): PartialTexts {
  let text = ''
  let told = ''
  let idle = 0
  let timer: ReturnType<typeof setInterval> | undefined

  function tellNow(): void {
    idle = 0
    told = text
    tell(text)
  }

  return {
    set(next) {
      text = next
      if (timer !== undefined) return
      tellNow()
      timer = setInterval(() => {
        idle += 1
        if (text !== told || idle >= AGAIN_AFTER) tellNow()
      }, EVERY_MS)
    },
    end() {
      clearInterval(timer)
    },
  }
}
