/** Support for reading older messages: keeps them in place, and shows a button that scrolls to the end. */
import { html, nothing } from 'lit/html.js'
import { english } from '../../locales/parts/looking-back.ts'
import { addStyles } from '../add-styles.ts'
import { distanceToEnd, EDGE_PX, type HistoryWindow, WINDOW_ROWS } from '../history-window.ts'
import { partStrings, type Words } from '../load-strings.ts'
import { icon } from './icons.ts'
import { lookingBackStyles } from './looking-back.styles.ts'

const downIcon = icon('M12 5v14M6 13l6 6 6-6')

/** Rows by which the window moves. */
const STEP_ROWS = 30

export interface Place {
  /** Before an update: stores the position of the row in the middle of the view. */
  remember(): void
  /** After an update: scrolls that row back to its position. */
  restore(): void
  /** The window of a history of `length` items, moved if the visitor reads near one of its ends. */
  movedWindow(window: HistoryWindow, length: number): HistoryWindow
}

/** Moves towards older messages. */
function olderWindow({ start }: HistoryWindow, length: number): HistoryWindow {
  const next = Math.max(0, start - STEP_ROWS)
  return { start: next, end: Math.min(length, next + WINDOW_ROWS) }
}

/** Moves towards newer messages. */
function newerWindow({ end }: HistoryWindow, length: number): HistoryWindow {
  const next = Math.min(length, end + STEP_ROWS)
  return { start: Math.max(0, next - WINDOW_ROWS), end: next }
}

/** Keeps the read messages in place while rows are added and removed above and below. */
export function createPlace(findScroller: () => HTMLElement): Place {
  let anchor: { readonly key: string; readonly top: number } | null = null

  const rowsIn = (scroller: HTMLElement) => scroller.querySelectorAll<HTMLElement>('[data-key]')

  return {
    remember() {
      anchor = null
      const scroller = findScroller()
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
      if (anchor === null) return
      for (const row of rowsIn(scroller)) {
        if (row.dataset.key !== anchor.key) continue
        const moved = row.getBoundingClientRect().top - anchor.top
        if (Math.abs(moved) >= 1) scroller.scrollTop += moved
        return
      }
    },
    movedWindow(window, length) {
      const scroller = findScroller()
      if (scroller.scrollTop < EDGE_PX) return olderWindow(window, length)
      return distanceToEnd(scroller) < EDGE_PX && window.end < length ? newerWindow(window, length) : window
    },
  }
}

export const loadingOlder = (words: Words) =>
  html`<div class="loading">${partStrings(english, words).loadingOlder}</div>`

interface ListOutOfView extends HTMLElement {
  readonly words: Words
  /** True if a message arrived since the end went out of view. */
  readonly unseen: boolean
  scrollToLatest(): void
}

export function wayToLatest(list: ListOutOfView) {
  addStyles(list.shadowRoot as ShadowRoot, lookingBackStyles)
  const strings = partStrings(english, list.words)
  return html`<button
    type="button"
    class=${list.unseen ? 'pill' : 'pill plain'}
    aria-label=${list.unseen ? nothing : strings.toLatest}
    @click=${() => list.scrollToLatest()}
  >
    ${downIcon}${list.unseen ? html`<span>${strings.newMessages}</span>` : nothing}
  </button>`
}
