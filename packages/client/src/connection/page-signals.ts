/** What a browser page tells about itself: online or not, seen or not, frozen or not. Silent outside a browser. */

export interface PageSignals {
  /** The network is back, or the page is looked at again: a good moment to try. */
  readonly wake: () => void
  readonly offline: () => void
  /** The page goes away, perhaps into the back/forward cache, or is frozen. */
  readonly hide: () => void
  /** The page came back out of the back/forward cache, or is frozen no more. */
  readonly resume: () => void
}

/** Answers the unsubscribe. */
export function watchPage(told: Partial<PageSignals>): () => void {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => {}
  const ignore = () => {}
  const { wake = ignore, offline = ignore, hide = ignore, resume = ignore } = told
  const controller = new AbortController()
  const options = { signal: controller.signal }
  const visible = () => document.visibilityState === 'visible' && wake()
  /** A page on its way into the cache is hidden first and frozen then. */
  let isAway = false
  const turn = (toAway: boolean, tell: () => void) => () => {
    if (isAway !== toAway) tell()
    isAway = toAway
  }
  const goAway = turn(true, hide)
  const comeBack = turn(false, resume)
  addEventListener('online', wake, options)
  addEventListener('offline', offline, options)
  addEventListener('pagehide', goAway, options)
  addEventListener('pageshow', comeBack, options)
  document.addEventListener('visibilitychange', visible, options)
  document.addEventListener('freeze', goAway, options)
  document.addEventListener('resume', comeBack, options)
  return () => controller.abort()
}
