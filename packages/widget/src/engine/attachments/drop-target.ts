/** Shows that files may be dropped on the panel. */
import { english } from '../../locales/parts/attachments.ts'
import { addStyles } from '../add-styles.ts'
import type { PanelElement } from '../elements/panel-element.ts'
import { partStrings } from '../load-strings.ts'
import { dropStyles } from './chat-attachments.styles.ts'

/** Browsers tell of files above an element at least every 350 ms. */
const GONE_MS = 700

let target: { readonly element: HTMLElement; timer: ReturnType<typeof setTimeout> } | null = null

/** Call it for as long as files are above the panel; `over: false` when they were dropped. */
export function showDropTarget(panel: PanelElement, over: boolean): void {
  clearTimeout(target?.timer)
  if (!over || target?.element.parentNode !== panel.renderRoot) hide()
  if (!over) return
  if (target === null) {
    target = { element: create(panel), timer: setTimeout(hide, GONE_MS) }
  } else target.timer = setTimeout(hide, GONE_MS)
}

function create(panel: PanelElement): HTMLElement {
  addStyles(panel.renderRoot, dropStyles)
  const element = document.createElement('div')
  element.className = 'drop'
  const words = document.createElement('span')
  words.textContent = partStrings(english, panel.words).attachDrop
  element.append(words)
  panel.renderRoot.append(element)
  return element
}

function hide(): void {
  target?.element.remove()
  target = null
}
