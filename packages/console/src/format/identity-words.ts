/** Words for a visitor's identity: states, causes, and sources. */
import type { IdentityStatus, IdentityTraceEntry } from '@chat-widget/protocol'

const STATUSES: Readonly<Record<IdentityStatus, string>> = {
  anonymous: 'Anonymous',
  authenticating: 'Signing in',
  identified: 'Signed in',
  refreshing: 'Renewing',
  'reauthentication-required': 'Sign-in needed',
  'signing-out': 'Signing out',
}

const CAUSES: Readonly<Record<string, string>> = {
  'user-set': 'The site named its customer',
  connected: 'The chat was connected',
  authenticated: 'The server verified the customer',
  shared: 'Another tab signed in or renewed',
  'ahead-of-expiry': 'Renewed ahead of its end',
  expired: 'The sign-in had expired',
  action: 'The company’s system refused the sign-in',
  lost: 'The server had to ask again',
  failed: 'The site could not prove the customer',
  'sign-out': 'The site signed the customer out',
  'signed-out': 'The session was ended by this sign-out',
  'signed-out-everywhere': 'Every session of the customer was ended by this sign-out',
  'session-revoked': 'The session was ended from elsewhere',
  'other-subject': 'A proof for somebody else ended the session',
  'grace-over': 'The sign-in was not renewed in time',
}

export const statusWords = (status: IdentityStatus): string => STATUSES[status] ?? status

/** A cause unknown to this build is shown as it is. */
export const causeWords = (cause: string): string => CAUSES[cause] ?? cause

export const sourceWords = (entry: IdentityTraceEntry): string =>
  entry.source === 'server' ? 'Seen by the server' : 'Told by the device'

/** A smaller difference of two clocks may be the network's, and is not shown. */
const CLOCK_TOLERANCE_MS = 60_000

/** The device's own time, if its clock is wrong enough to matter. */
export function wrongDeviceTime(entry: IdentityTraceEntry): string | null {
  if (entry.source === 'server') return null
  return Math.abs(Date.parse(entry.at) - Date.parse(entry.deviceAt)) < CLOCK_TOLERANCE_MS
    ? null
    : entry.deviceAt
}
