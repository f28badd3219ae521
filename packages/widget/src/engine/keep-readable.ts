/** Keeps the panel's colours readable. The code for it is loaded if the host chooses colours of its own. */
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
  const probe = document.createElement('i')
  probe.className = 'probe'
  probe.ariaHidden = 'true'
  frame.append(probe)
  let isAdjusted = false
  const look = () => {
    const given = getComputedStyle(probe)
    isAdjusted ||= CHOSEN.some((name) => given.getPropertyValue(name) !== '')
    if (!isAdjusted) return
    // During the transition, the colours are not the host's.
    for (const transition of probe.getAnimations()) transition.finish()
    const colors = readable(look, loadFailed)?.readableColors(given) ?? {}
    for (const [name, color] of Object.entries(colors)) frame.style.setProperty(name, color)
  }
  probe.addEventListener('transitionend', look)
  return look
}
