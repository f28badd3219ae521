/** Fits a full-screen element into what the on-screen keyboard leaves of a phone's screen. */

/** Returns what stops it. */
export function watchKeyboard(element: HTMLElement): () => void {
  const viewport = window.visualViewport
  if (viewport === null) return () => {}
  const fit = () => {
    // Pinch zoom shrinks the visual viewport too, and is no keyboard.
    if (viewport.scale > 1.01) return
    element.style.setProperty('--_keyboard-height', `${viewport.height}px`)
    element.style.setProperty('--_keyboard-top', `${viewport.offsetTop}px`)
  }
  fit()
  viewport.addEventListener('resize', fit)
  viewport.addEventListener('scroll', fit)
  return () => {
    viewport.removeEventListener('resize', fit)
    viewport.removeEventListener('scroll', fit)
    element.style.removeProperty('--_keyboard-height')
    element.style.removeProperty('--_keyboard-top')
  }
}
