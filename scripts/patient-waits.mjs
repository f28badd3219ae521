/** Runs before each test file: raises the time limit of `vi.waitFor`, 1 s, for which Vitest has no setting. */
import { inject, vi } from 'vitest'

const PATIENT = Symbol.for('chat-widget.patient-waits')
// Files that share a process share `vi`.
if (!(PATIENT in vi)) {
  const { waitFor } = vi
  vi.waitFor = (callback, options) =>
    waitFor(callback, typeof options === 'number' ? options : { timeout: inject('patienceMs'), ...options })
  Object.defineProperty(vi, PATIENT, { value: true })
}
