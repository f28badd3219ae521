/** The measurements and their parts, for the test that runs them. */
export {
  measureWaiting,
  type WaitingFigures,
  type WaitingOptions,
} from './authentication-requests/measure-waiting.ts'
export { reportOf } from './authentication-requests/waiting-callers.ts'
export { brokenBounds, type Report, table } from './measurement.ts'
export { type LengthFigures, measureMessageList } from './message-list/measure-message-list.ts'
export { listReportOf } from './message-list/message-list.ts'
export { requireOpenFiles } from './open-files.ts'
