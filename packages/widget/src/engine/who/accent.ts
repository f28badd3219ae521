/** Gives the element the app's accent, from which its colours are derived; an accent of the page comes first. */

const sheets = new WeakMap<ShadowRoot, { readonly sheet: CSSStyleSheet; accent: string | undefined }>()

/** `panel`: in the element's shadow root. */
export function showAccent(panel: HTMLElement, accent: string | undefined): void {
  const root = panel.getRootNode() as ShadowRoot
  const view = root.ownerDocument.defaultView
  if (view === null) return
  const known = sheets.get(root)
  const isThere = known !== undefined && root.adoptedStyleSheets.includes(known.sheet)
  if (isThere ? known.accent === accent : accent === undefined) return
  // A sheet belongs to its document.
  const sheet = isThere ? known.sheet : new view.CSSStyleSheet()
  if (!isThere) root.adoptedStyleSheets.push(sheet)
  sheets.set(root, { sheet, accent })
  sheet.replaceSync('')
  const isChosen = getComputedStyle(root.host).getPropertyValue('--chat-accent') !== ''
  if (!isChosen && accent !== undefined) sheet.replaceSync(`:host { --chat-accent: ${accent}; }`)
}
