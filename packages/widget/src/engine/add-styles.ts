/**
 * Adds the style sheet of a part to a root that may have those of others. Each part has its own copy of this module, and
 * one sheet.
 */
const sheets = new WeakMap<ShadowRoot, CSSStyleSheet>()

/** Does nothing if the root has it. One that has moved to another document has lost it. */
export function addStyles(root: ShadowRoot, css: string): void {
  const view = root.ownerDocument.defaultView
  const known = sheets.get(root)
  if (!view || (known && root.adoptedStyleSheets.includes(known))) return
  const sheet = new view.CSSStyleSheet()
  sheet.replaceSync(css)
  sheets.set(root, sheet)
  root.adoptedStyleSheets.push(sheet)
}
