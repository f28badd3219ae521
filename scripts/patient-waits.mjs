/** Runs before each test file: `vi.waitFor` gives up after 1 s, and Vitest has no setting for that. */
import { inject, vi } from 'vitest'

const PATIENT = Symbol.for('chat-widget.patient-waits')
// Files that share a process share `vi`.
if (!(PATIENT in vi)) {
  const { waitFor } = vi
  vi.waitFor = (callback, options) =>
    waitFor(callback, typeof options === 'number' ? options : { timeout: inject('patienceMs'), ...options })
  Object.defineProperty(vi, PATIENT, { value: true })
}
