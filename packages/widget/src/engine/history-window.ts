/**
 * The part of the history that is in the document: about 60 rows, moved by scrolling. A window was the only list
 * measured to be as fast with 10,000 messages, for appending and for showing.
 */

export interface HistoryWindow {
  /** Index of the first row. */
  readonly start: number
  /** Index after the last row. */
  readonly end: number
}

const WINDOW_ROWS = 60
const STEP_ROWS = 30

/** The newest messages. */
export function latestWindow(length: number): HistoryWindow {
  return { start: Math.max(0, length - WINDOW_ROWS), end: length }
}

/** Moves towards older messages. */
export function olderWindow({ start }: HistoryWindow, length: number): HistoryWindow {
  const next = Math.max(0, start - STEP_ROWS)
  return { start: next, end: Math.min(length, next + WINDOW_ROWS) }
}

/** Moves towards newer messages. */
export function newerWindow({ end }: HistoryWindow, length: number): HistoryWindow {
  const next = Math.min(length, end + STEP_ROWS)
  return { start: Math.max(0, next - WINDOW_ROWS), end: next }
}

/** Keeps the same rows in view after `added` older ones were put before them. */
export function shiftedWindow({ start, end }: HistoryWindow, added: number, length: number): HistoryWindow {
  return { start: Math.min(start + added, length), end: Math.min(end + added, length) }
}
