/** Keeps the read messages in place while rows, each with its `data-key`, are added and removed above and below. */
import { distanceToEnd, EDGE_PX, type HistoryWindow, WINDOW_ROWS } from './history-window.ts'

/** Rows by which the window moves. */
const STEP_ROWS = 30

export interface Place {
  /** Before an update: stores the position of the row in the middle of the view. */
  remember(): void
  /** After an update: scrolls that row back to its position. */
  restore(): void
  /** The window of a history of `length` items, moved if the reader is near one of its ends. */
  movedWindow(window: HistoryWindow, length: number): HistoryWindow
}

/** Moves towards older messages. */
export function olderWindow({ start }: HistoryWindow, length: number): HistoryWindow {
  const next = Math.max(0, start - STEP_ROWS)
  return { start: next, end: Math.min(length, next + WINDOW_ROWS) }
}

/** Moves towards newer messages. */
function newerWindow({ end }: HistoryWindow, length: number): HistoryWindow {
  const next = Math.min(length, end + STEP_ROWS)
  return { start: Math.max(0, next - WINDOW_ROWS), end: next }
}

export function createPlace(findScroller: () => HTMLElement): Place {
  // By its end: its beginning may lose the day, or the author's name, to a row above.
  let anchor: { readonly key: string; readonly bottom: number } | null = null

  const rowsIn = (scroller: HTMLElement) => scroller.querySelectorAll<HTMLElement>('[data-key]')

  return {
    remember() {
      anchor = null
      const scroller = findScroller()
      // The middle row is in the window before and after, whichever way it moves.
      const view = scroller.getBoundingClientRect()
      const middle = view.top + view.height / 2
      for (const row of rowsIn(scroller)) {
        const { bottom } = row.getBoundingClientRect()
        if (bottom < middle) continue
        anchor = { key: row.dataset.key ?? '', bottom }
        return
      }
    },
    restore() {
      const scroller = findScroller()
      if (anchor === null) return
      for (const row of rowsIn(scroller)) {
        if (row.dataset.key !== anchor.key) continue
        const moved = row.getBoundingClientRect().bottom - anchor.bottom
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
