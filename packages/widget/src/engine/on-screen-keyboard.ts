/** Fits a full-screen element into what the on-screen keyboard leaves of a phone's screen. */
import { watchViewport } from '@chat-widget/client/browser'

/** Returns what stops it. */
export function watchKeyboard(element: HTMLElement): () => void {
  const unwatch = watchViewport(({ scale, height, offsetTop }) => {
    // Pinch zoom shrinks the visual viewport too, and is no keyboard.
    if (scale > 1.01) return
    element.style.setProperty('--_keyboard-height', `${height}px`)
    element.style.setProperty('--_keyboard-top', `${offsetTop}px`)
  })
  return () => {
    unwatch()
    element.style.removeProperty('--_keyboard-height')
    element.style.removeProperty('--_keyboard-top')
  }
}
