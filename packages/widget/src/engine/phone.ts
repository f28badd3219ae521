/** A full-screen panel on a phone: within what the on-screen keyboard leaves, and closed by the back button. */
import { closeOnBack, watchViewport } from '@chat-widget/client/browser'

/** Returns a function that ends it. */
export function followPhone(element: HTMLElement, close: () => void): () => void {
  const unwatch = watchViewport(({ scale, height, offsetTop }) => {
    // Pinch zoom shrinks the visual viewport too, and is no keyboard.
    if (scale > 1.01) return
    element.style.setProperty('--_keyboard-height', `${height}px`)
    element.style.setProperty('--_keyboard-top', `${offsetTop}px`)
  })
  const stay = closeOnBack(close)
  return () => {
    stay()
    unwatch()
    element.style.removeProperty('--_keyboard-height')
    element.style.removeProperty('--_keyboard-top')
  }
}
