/** Fits a full-screen element into the part of a phone's screen that the on-screen keyboard leaves. */
import { watchViewport } from '@chat-widget/client/browser'

/** Returns a function that stops it. */
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
