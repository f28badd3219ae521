/** The device's state, as the page reads it: one union, each variant with its own data. */
import type { ConnectionState } from '@chat-widget/client/parts'
import type { AuthenticatorState, ErrorCode, IncomingRequest } from '@chat-widget/protocol'

export type DeviceState =
  /** The browser's store is being read. */
  | { readonly status: 'starting' }
  /** This browser cannot hold a key: the page came over plain http, or storage is unavailable. */
  | { readonly status: 'unable'; readonly reason: 'insecure' | 'storage' }
  /** This browser has no device. */
  | { readonly status: 'new'; readonly connection: ConnectionState }
  | { readonly status: 'enrolling'; readonly connection: ConnectionState }
  /** This browser has a device that the server has not recognised yet. */
  | { readonly status: 'known'; readonly connection: ConnectionState; readonly identifier: string }
  | {
      readonly status: 'ready'
      readonly connection: ConnectionState
      /** True if the server recognised the device on this connection: the state is current. */
      readonly isLive: boolean
      readonly account: AuthenticatorState
      /** In order of arrival; those that are over stay until they are dismissed. */
      readonly requests: readonly RequestView[]
      /** New recovery codes, until the person says that they saved them. The server keeps only hashes. */
      readonly newCodes: readonly string[] | null
      /** True if recovery codes were made, here or in another tab, and nobody confirmed that they were saved. */
      readonly codesUnsaved: boolean
    }
  /** Removed by this or another device, or unknown to the server. */
  | { readonly status: 'removed'; readonly identifier: string }

export interface RequestView {
  readonly request: IncomingRequest
  readonly progress: RequestProgress
}

export type RequestProgress =
  | { readonly kind: 'open'; readonly problem: AnswerProblem | null }
  | { readonly kind: 'answering'; readonly answer: PersonAnswer }
  | { readonly kind: 'over'; readonly end: RequestEnd }

/** Reason why the last answer decided nothing. */
type AnswerProblem = { readonly kind: 'wrong-code' } | { readonly kind: 'failed'; readonly code: ErrorCode }

export type RequestEnd =
  /** By this device. */
  | 'approved'
  | 'denied'
  | 'muted'
  | 'approved-elsewhere'
  | 'denied-elsewhere'
  | 'expired'
  | 'canceled'
  /** After too many wrong codes. */
  | 'locked'
  /** No longer pending, for an unknown reason: it ended while this device was away, or its app was disconnected. */
  | 'gone'

/** A person's answer to a request. `code`: as typed, for a request with a binding. */
export type PersonAnswer =
  | { readonly decision: 'approved'; readonly code?: string }
  | { readonly decision: 'denied'; readonly mutes: boolean }
