/** What a browser page tells about itself: online or not, seen or not, frozen or not. Silent outside a browser. */

export interface PageSignals {
  /** The network is back, or the page is looked at again: a good moment to try. */
  readonly wake: () => void
  readonly offline: () => void
  /** The page goes away, perhaps into the back/forward cache. */
  readonly hide: () => void
  /** The page came back out of the back/forward cache. */
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
  addEventListener('online', wake, options)
  addEventListener('offline', offline, options)
  addEventListener('pagehide', hide, options)
  addEventListener('pageshow', (event) => event.persisted && resume(), options)
  document.addEventListener('visibilitychange', visible, options)
  return () => controller.abort()
}
