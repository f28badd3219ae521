/** Entries of the menu, and its place. */
import type { PanelView } from '../elements/panel-view.ts'
import type { Words } from '../load-strings.ts'

export interface MenuItem {
  readonly label: string
  /** Below the label. */
  readonly hint?: string
  /** Set for a switch. */
  readonly checked?: boolean
  /** True if it cannot be chosen now; the hint says why. */
  readonly disabled?: boolean
  /** Resolves with true if the menu has done what it was opened for. */
  readonly act: () => unknown
}

/** The element in whose header the menu is. */
export interface MenuPanel extends HTMLElement {
  readonly words: Words
  readonly renderRoot: ShadowRoot
  readonly view: PanelView | null
  requestUpdate(): void
}
