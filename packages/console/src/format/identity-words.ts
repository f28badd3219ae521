/** Words for a visitor's identity: states, causes, and sources. */
import type { IdentityStatus, IdentityTraceEntry } from '@chat-widget/protocol'
import { words } from '../words/words.ts'

export const statusWords = (status: IdentityStatus): string => words().history.states[status] ?? status

/** A cause unknown to this build is shown as it is. */
export function causeWords(cause: string): string {
  const causes: Readonly<Record<string, string>> = words().history.causes
  return causes[cause] ?? cause
}

export const sourceWords = (entry: IdentityTraceEntry): string =>
  entry.source === 'server' ? words().history.seen : words().history.told

/** A smaller difference of two clocks may be the network's, and is not shown. */
const CLOCK_TOLERANCE_MS = 60_000

/** The device's own time, if its clock is wrong enough to matter. */
export function wrongDeviceTime(entry: IdentityTraceEntry): string | null {
  if (entry.source === 'server') return null
  return Math.abs(Date.parse(entry.at) - Date.parse(entry.deviceAt)) < CLOCK_TOLERANCE_MS
    ? null
    : entry.deviceAt
}
