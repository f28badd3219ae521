/** [ID17] How an identity came about: what each tab tells of its transitions, and what operators read of them. */
import type { ErrorCode } from './errors.ts'

/** The identity's states; what each holds beside its name is the client's alone. */
export const IDENTITY_STATUSES = [
  'anonymous',
  'authenticating',
  'identified',
  'refreshing',
  'reauthentication-required',
  'signing-out',
] as const

export type IdentityStatus = (typeof IDENTITY_STATUSES)[number]

/** Never who it is about: no user, no session, no context. */
export interface IdentityTransition {
  readonly from: IdentityStatus
  readonly to: IdentityStatus
  /** Why, in lower-case words joined by hyphens, e.g. `user-set`. */
  readonly cause: string
  readonly code?: ErrorCode
}

/** A transition as operators read it. What a device tells is its own claim; what the server saw is a fact. */
export type IdentityTraceEntry = IdentityTransition & {
  /** ISO 8601, by the server's clock; of a device's entry, its own time moved by the difference of the clocks. */
  readonly at: string
} & (
    | {
        readonly source: 'device'
        /** Tells the tabs of one browser apart: new for each page. */
        readonly tab: string
        /** ISO 8601, by the device's clock. */
        readonly deviceAt: string
      }
    | { readonly source: 'server'; readonly tab: 'server' }
  )

/** Transitions kept, by a tab as by the server for a conversation. */
export const TRACE_KEPT = 200
/** Transitions that a device tells in one call. */
export const TRACE_BATCH = 20
