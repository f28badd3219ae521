/** Adds the style sheets of parts to a root that has its own. Each part has its own copy of this module. */
import { addSheet, type StyleSheet } from '@chat-widget/client/browser'

const sheets = new WeakMap<ShadowRoot, Map<string, StyleSheet>>()

/** False after a move to another document, where a constructed sheet is lost. */
export const hasSheet = (root: ShadowRoot, sheet: StyleSheet): boolean =>
  'sheet' in sheet ? root.contains(sheet) : root.adoptedStyleSheets.includes(sheet)

/** Does nothing if the root has it. */
export function addStyles(root: ShadowRoot, css: string): void {
  const view = root.ownerDocument.defaultView
  const own = sheets.get(root) ?? new Map<string, StyleSheet>()
  const known = own.get(css)
  if (!view || (known && hasSheet(root, known))) return
  sheets.set(root, own.set(css, addSheet(root, view, css)))
}
