/**
 * The part of a history that is in the document: 60 to 80 rows, moved by scrolling. A window was the only list measured
 * to be as fast with 10,000 messages, for appending and for showing.
 */

export interface HistoryWindow {
  /** Index of the first row. */
  readonly start: number
  /** Index after the last row. */
  readonly end: number
}

export const WINDOW_ROWS = 60
/** Distance to an end at which further history is loaded. */
export const EDGE_PX = 240

export const distanceToEnd = ({ scrollHeight, scrollTop, clientHeight }: Element) =>
  scrollHeight - scrollTop - clientHeight

/** The newest messages. */
export function latestWindow(length: number): HistoryWindow {
  return { start: Math.max(0, length - WINDOW_ROWS), end: length }
}

/**
 * The newest messages after some were added at the end. Rows leave 20 at a time: whenever one leaves, all below it
 * move and are painted anew.
 */
export const followedWindow = ({ start }: HistoryWindow, length: number): HistoryWindow =>
  length - start > WINDOW_ROWS + 20 ? latestWindow(length) : { start, end: length }

/** Keeps the same rows in view after `added` older ones were put before them. */
export function shiftedWindow({ start, end }: HistoryWindow, added: number, length: number): HistoryWindow {
  return { start: Math.min(start + added, length), end: Math.min(end + added, length) }
}
