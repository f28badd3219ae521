/** @internal A long history's rows: which of them are in the document. Chat and console share it. */
export {
  distanceToEnd,
  EDGE_PX,
  followedWindow,
  type HistoryWindow,
  latestWindow,
  shiftedWindow,
} from './history-window.ts'
export { createPlace, olderWindow, type Place } from './place.ts'
