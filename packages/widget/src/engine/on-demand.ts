/** Parts that most chats do not need: a part's file is loaded on first use. */

/** Time before a file that could not be loaded is requested again. Milliseconds. */
const AGAIN_MS = 10_000

export type OnDemand<Part> = (loaded: () => void, failed: () => void) => Part | undefined

/**
 * Returns a function that returns the part once it is loaded. Until then it loads it and calls `loaded`; if that fails,
 * it calls the first caller's `failed`, and later calls try again.
 */
export function onDemand<Part>(load: () => Promise<Part>): OnDemand<Part> {
  let part: Part | undefined
  let loading: Promise<void> | undefined
  return (loaded, failed) => {
    if (part !== undefined) return part
    if (loading === undefined) {
      loading = load().then((one) => {
        part = one
      })
      loading.catch(() => {
        failed()
        setTimeout(() => {
          loading = undefined
        }, AGAIN_MS)
      })
    }
    loading.then(loaded, () => {})
    return undefined
  }
}
