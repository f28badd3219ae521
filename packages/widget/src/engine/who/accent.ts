/** Gives the element the app's accent, from which its colours are derived; an accent of the page comes first. */
import { addSheet, type StyleSheet } from '@chat-widget/client/browser'
import { hasSheet } from '../add-styles.ts'

const sheets = new WeakMap<ShadowRoot, { readonly sheet: StyleSheet; accent: string | undefined }>()

function write(sheet: StyleSheet, css: string): void {
  if ('sheet' in sheet) sheet.textContent = css
  else sheet.replaceSync(css)
}

/** `panel`: in the element's shadow root. */
export function showAccent(panel: HTMLElement, accent: string | undefined): void {
  const root = panel.getRootNode() as ShadowRoot
  const view = root.ownerDocument.defaultView
  if (view === null) return
  const known = sheets.get(root)
  const isThere = known !== undefined && hasSheet(root, known.sheet)
  if (isThere ? known.accent === accent : accent === undefined) return
  const sheet = isThere ? known.sheet : addSheet(root, view, '')
  sheets.set(root, { sheet, accent })
  write(sheet, '')
  const isChosen = getComputedStyle(root.host).getPropertyValue('--chat-accent') !== ''
  if (!isChosen && accent !== undefined) write(sheet, `:host { --chat-accent: ${accent}; }`)
}
