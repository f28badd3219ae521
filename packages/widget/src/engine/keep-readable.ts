/** Keeps the panel's colours readable; how is loaded where the host chooses colours of its own. */
import { onDemand } from './on-demand.ts'

/** What a host may set, besides `--chat-on-accent`. */
const CHOSEN = ['accent', 'surface', 'text'].flatMap((name) => [`--chat-${name}`, `--chat-${name}-dark`])

const readable = onDemand(() => import('./readable-colors.ts'))

/**
 * Answers a function that looks at the host's colours again. A change of the page's CSS is noticed by itself. Until the
 * code for it is there, and without it, the panel has the host's colours as they are.
 */
export function keepReadable(frame: HTMLElement, loadFailed: () => void): () => void {
  // The browser resolves whatever the host wrote, and a transition of a millisecond tells when that changes.
  const probe = document.createElement('i')
  probe.className = 'probe'
  probe.ariaHidden = 'true'
  frame.append(probe)
  let isAdjusted = false
  const look = () => {
    const given = getComputedStyle(probe)
    isAdjusted ||= CHOSEN.some((name) => given.getPropertyValue(name) !== '')
    if (!isAdjusted) return
    // On the way, the colours are none of the host's.
    for (const transition of probe.getAnimations()) transition.finish()
    const colors = readable(look, loadFailed)?.readableColors(given) ?? {}
    for (const [name, color] of Object.entries(colors)) frame.style.setProperty(name, color)
  }
  probe.addEventListener('transitionend', look)
  return look
}
