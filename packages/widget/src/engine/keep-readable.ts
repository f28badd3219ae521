/** Keeps the panel's colours readable. The code for it is loaded if the host chooses colours of its own. */
import { make } from './elements/dom.ts'
import { onDemand } from './on-demand.ts'

/** Properties that a host may set, besides `--chat-on-accent`. */
const CHOSEN = ['accent', 'surface', 'text'].flatMap((name) => [`--chat-${name}`, `--chat-${name}-dark`])

const readable = onDemand(() => import('./readable-colors.ts'))

/**
 * Returns a function that reads the host's colours again. A change of the page's CSS is noticed by itself. Until the
 * code for it has loaded, or without it, the panel uses the host's colours unchanged.
 */
export function keepReadable(frame: HTMLElement, loadFailed: () => void): () => void {
  // The browser resolves the host's values, and a transition of a millisecond reports when they change.
  const probe = make('i', { className: 'probe', 'aria-hidden': 'true' })
  frame.append(probe)
  let isAdjusted = false
  const look = () => {
    isAdjusted ||= CHOSEN.some((name) => getComputedStyle(probe).getPropertyValue(name) !== '')
    if (isAdjusted) readable(look, loadFailed)?.recolor(frame, probe)
  }
  probe.addEventListener('transitionend', look)
  return look
}
