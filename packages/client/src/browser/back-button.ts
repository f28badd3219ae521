/**
 * Lets a phone's back button close what covers the page. Chrome asks an open dialog by itself; where the browser does not
 * (Safari, Firefox), an entry of the page's history stands for it. The page's router hears of no step, or, in an older Chrome,
 * of one within its own address and state.
 */
import { attempt } from './browser.ts'

const MARK = 'chatWidget'

let closeCover: (() => void) | undefined
/** Address of the entry below ours. */
let pageUrl = ''
let leaving: ReturnType<typeof setTimeout> | undefined
/** True from our own step back to the event of it. */
let isLeaving = false
let isListening = false

const asksDialogs = () => (globalThis as { CloseWatcher?: unknown }).CloseWatcher !== undefined
const isOurs = () => attempt(() => (history.state as Record<string, unknown> | null)?.[MARK]) === true

function popped(event: PopStateEvent): void {
  const close = closeCover
  if (isOurs() || (close === undefined && !isLeaving)) return
  // Between two entries of one address nothing has changed for the page. Further back it has to know.
  if (location.href === pageUrl) event.stopImmediatePropagation()
  isLeaving = false
  closeCover = undefined
  close?.()
}

/** Calls `close` when the visitor goes back. Returns a function that takes the entry away, unless another cover follows. */
export function closeOnBack(close: () => void): () => void {
  if (asksDialogs()) return () => {}
  clearTimeout(leaving)
  closeCover = close
  if (!isOurs())
    attempt(() => {
      pageUrl = location.href
      // Not by `history.pushState`, which routers replace.
      History.prototype.pushState.call(history, { ...Object(history.state), [MARK]: true }, '')
    })
  if (!isListening) {
    isListening = true
    // Before the page's own listeners; Chrome calls them in the order of their registration.
    addEventListener('popstate', popped, { capture: true })
  }
  return () => {
    if (closeCover !== close) return
    closeCover = undefined
    // An element that moves within the page covers it again at once.
    leaving = setTimeout(() => {
      // The page may have gone on meanwhile: then our entry lies below its own.
      isLeaving = isOurs()
      if (isLeaving) attempt(() => history.back())
    })
  }
}
