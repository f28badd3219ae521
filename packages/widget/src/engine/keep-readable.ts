/** Keeps the panel's colours readable on each other while the host's custom properties change. */
import { parseColor, readableColors } from './readable-colors.ts'

/** Answers a function that looks at the host's colours again. A change of the page's CSS is noticed by itself. */
export function keepReadable(frame: HTMLElement): () => void {
  // The browser resolves whatever the host wrote, and a transition of a millisecond tells when that changes.
  const probe = document.createElement('i')
  probe.className = 'probe'
  probe.ariaHidden = 'true'
  frame.append(probe)
  const look = () => {
    // On the way, the colours are none of the host's.
    for (const transition of probe.getAnimations()) transition.finish()
    const given = getComputedStyle(probe)
    const colors = readableColors({
      accent: parseColor(given.caretColor),
      surface: parseColor(given.backgroundColor),
      text: parseColor(given.color),
      danger: parseColor(given.outlineColor),
      ok: parseColor(given.columnRuleColor),
    })
    for (const [name, color] of Object.entries(colors)) frame.style.setProperty(name, color)
  }
  probe.addEventListener('transitionend', look)
  return look
}
