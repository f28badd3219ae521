/** Parts that most chats do not need: a part's file is loaded on first use. */

/** Time before a file that could not be loaded is requested again. Milliseconds. */
const AGAIN_MS = 10_000

export interface OnDemand<Part> {
  (loaded: () => void, failed: () => void): Part | undefined
  /** Once it is loaded. */
  part?: Part
  /** True if the file could not be loaded. */
  isLost?: boolean
  /** Lets the next call request the file again at once, instead of a while later. */
  retry(): void
}

/**
 * Returns a function that returns the part once it is loaded. Until then it loads it and calls `loaded`; if that fails,
 * it calls the first caller's `failed`, and later calls try again.
 */
export function onDemand<Part>(load: () => Promise<Part>): OnDemand<Part> {
  let loading: Promise<void> | undefined
  const demanded: OnDemand<Part> = (loaded, failed) => {
    if (demanded.part !== undefined) return demanded.part
    if (loading === undefined) {
      loading = load().then((part) => {
        demanded.part = part
      })
      loading.catch(() => {
        demanded.isLost = true
        failed()
        setTimeout(demanded.retry, AGAIN_MS)
      })
    }
    loading.then(loaded, () => {})
    return undefined
  }
  demanded.retry = () => {
    loading = undefined
  }
  return demanded
}
