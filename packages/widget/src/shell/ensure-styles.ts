/**
 * Gives a shadow root its style sheet, unless one is there. A constructed sheet is of one document: an element that
 * moves to another, e.g. a frame's, comes there without any, and may adopt only those that its window makes.
 */
export function ensureStyles(root: ShadowRoot, index: number, css: string): void {
  const view = root.ownerDocument.defaultView
  if (root.adoptedStyleSheets[index] || !view) return
  const sheet = new view.CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets.push(sheet)
}
