/** Style sheets that an element has as long as it is in a page. */
import { addSheet } from '@chat-widget/client/browser'

/** Gives a shadow root its style sheet, unless it has one. One that has moved to another document has lost it. */
export function ensureStyles(root: ShadowRoot, index: number, css: string): void {
  const view = root.ownerDocument.defaultView
  if (!view || root.adoptedStyleSheets?.[index] || root.querySelectorAll('style')[index]) return
  addSheet(root, view, css)
}
