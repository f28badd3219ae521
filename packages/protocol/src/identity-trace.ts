/** [ID17] Transitions of an identity: reported by each tab, and read by operators. */
import type { ErrorCode } from './errors.ts'

/** The identity's states; their data stays in the client. */
export const IDENTITY_STATUSES = [
  'anonymous',
  'authenticating',
  'identified',
  'refreshing',
  'reauthentication-required',
  'signing-out',
] as const

export type IdentityStatus = (typeof IDENTITY_STATUSES)[number]

/** Contains no user, no session and no context. */
export interface IdentityTransition {
  readonly from: IdentityStatus
  readonly to: IdentityStatus
  /** Cause in lower-case words joined by hyphens, e.g. `user-set`. */
  readonly cause: string
  readonly code?: ErrorCode
}

/** A transition as operators read it. An entry of a device is its claim; one of the server is a fact. */
export type IdentityTraceEntry = IdentityTransition & {
  /** ISO 8601, by the server's clock; for a device's entry, its own time corrected by the difference of the clocks. */
  readonly at: string
} & (
    | {
        readonly source: 'device'
        /** Distinguishes the tabs of one browser: new for each page. */
        readonly tab: string
        /** ISO 8601, by the device's clock. */
        readonly deviceAt: string
      }
    | { readonly source: 'server'; readonly tab: 'server' }
  )

/** Most transitions kept, by a tab and by the server for a conversation. */
export const TRACE_KEPT = 200
/** Most transitions in one report. */
export const TRACE_BATCH = 20
