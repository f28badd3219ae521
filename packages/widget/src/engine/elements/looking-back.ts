/** Support for reading older messages: keeps them in place, and shows a button that scrolls to the end. */
import { html, nothing } from 'lit'
import { ensureStyles } from '../../shell/ensure-styles.ts'
import type { Words } from '../load-strings.ts'
import { icon } from './icons.ts'
import { lookingBackStyles } from './looking-back.styles.ts'

const downIcon = icon('M12 5v14M6 13l6 6 6-6')

export interface Place {
  /** Before an update: stores the position of the row in the middle of the view. */
  remember(): void
  /** After an update: scrolls that row back to its position. */
  restore(): void
}

/** Keeps the read messages in place while rows are added and removed above and below. */
export function createPlace(findScroller: () => HTMLElement | null): Place {
  let anchor: { readonly key: string; readonly top: number } | null = null

  const rowsIn = (scroller: HTMLElement) => scroller.querySelectorAll<HTMLElement>('[data-key]')

  return {
    remember() {
      anchor = null
      const scroller = findScroller()
      if (scroller === null) return
      // The middle row is in the window before and after, whichever way it moves.
      const view = scroller.getBoundingClientRect()
      const middle = view.top + view.height / 2
      for (const row of rowsIn(scroller)) {
        const { top, bottom } = row.getBoundingClientRect()
        if (bottom < middle) continue
        anchor = { key: row.dataset.key ?? '', top }
        return
      }
    },
    restore() {
      const scroller = findScroller()
      if (scroller === null || anchor === null) return
      for (const row of rowsIn(scroller)) {
        if (row.dataset.key !== anchor.key) continue
        const moved = row.getBoundingClientRect().top - anchor.top
        if (Math.abs(moved) >= 1) scroller.scrollTop += moved
        return
      }
    },
  }
}

interface ListOutOfView extends HTMLElement {
  readonly words: Words
  /** True if a message arrived since the end went out of view. */
  readonly unseen: boolean
  scrollToLatest(): void
}

export function wayToLatest(list: ListOutOfView) {
  ensureStyles(list.shadowRoot as ShadowRoot, 1, lookingBackStyles)
  const { strings } = list.words
  return html`<button
    type="button"
    class=${list.unseen ? 'pill' : 'pill plain'}
    aria-label=${list.unseen ? nothing : strings.toLatest}
    @click=${() => list.scrollToLatest()}
  >
    ${downIcon}${list.unseen ? html`<span>${strings.newMessages}</span>` : nothing}
  </button>`
}
