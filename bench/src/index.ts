/** The measurements and their parts, for the test that runs them. */
export {
  measureWaiting,
  type WaitingFigures,
  type WaitingOptions,
} from './authentication-requests/measure-waiting.ts'
export { reportOf } from './authentication-requests/waiting-callers.ts'
export { comingBackReportOf } from './coming-back/coming-back.ts'
export { measureComingBack } from './coming-back/measure-coming-back.ts'
export { composerReportOf } from './composer/composer.ts'
export { type ComposerFigures, measureComposer } from './composer/measure-composer.ts'
export { deliveryReportOf } from './delivery/delivery.ts'
export { checkAgainst, compare } from './faults/check.ts'
export type { Device } from './faults/customers.ts'
export { faultsReportOf } from './faults/faults.ts'
export { runFaults } from './faults/run-faults.ts'
export { brokenBounds, type Report, table } from './measurement.ts'
export { type LengthFigures, measureMessageList } from './message-list/measure-message-list.ts'
export { listReportOf } from './message-list/message-list.ts'
export { requireOpenFiles } from './open-files.ts'
export { type ChatFigures, OURS } from './peers/measure-peers.ts'
export { peersReportOf } from './peers/peers.ts'
