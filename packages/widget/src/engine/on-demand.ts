/** Parts that most chats do without: a part's file is loaded when it is first needed. */

/** A file that could not be loaded is not asked for again before. */
const AGAIN_MS = 10_000

/**
 * Returns a function that answers the part once it is there. Until then it loads it and calls `loaded`; where that
 * fails, `failed` of the first one who asked, and whoever asks later tries again.
 */
export function onDemand<Part>(load: () => Promise<Part>) {
  let part: Part | undefined
  let loading: Promise<void> | undefined
  return (loaded: () => void, failed: () => void): Part | undefined => {
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
