/**
 * Gives a shadow root its style sheet, unless it has one. A constructed sheet belongs to one document: an element that
 * moves to another, e.g. a frame's, loses it, and may adopt only sheets made by that window.
 */
export function ensureStyles(root: ShadowRoot, index: number, css: string): void {
  const view = root.ownerDocument.defaultView
  if (root.adoptedStyleSheets[index] || !view) return
  const sheet = new view.CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets.push(sheet)
}
