/** Adds the style sheets of parts to a root that has its own. Each part has its own copy of this module. */
const sheets = new WeakMap<ShadowRoot, Map<string, CSSStyleSheet>>()

/** Does nothing if the root has it. One that has moved to another document has lost it. */
export function addStyles(root: ShadowRoot, css: string): void {
  const view = root.ownerDocument.defaultView
  const own = sheets.get(root) ?? new Map<string, CSSStyleSheet>()
  const known = own.get(css)
  if (!view || (known && root.adoptedStyleSheets.includes(known))) return
  const sheet = new view.CSSStyleSheet()
  sheet.replaceSync(css)
  sheets.set(root, own.set(css, sheet))
  root.adoptedStyleSheets.push(sheet)
}
