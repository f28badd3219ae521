/** What the page can read of its device: one union, each state with what there is to show in it. */
import type { ConnectionState } from '@chat-widget/client/parts'
import type { AuthenticatorState, ErrorCode, IncomingRequest } from '@chat-widget/protocol'

export type DeviceState =
  /** The browser is being asked for its key. */
  | { readonly status: 'starting' }
  /** This browser cannot hold a key: the page came over plain http, or nothing may be stored. */
  | { readonly status: 'unable'; readonly reason: 'insecure' | 'storage' }
  /** No device here. */
  | { readonly status: 'new'; readonly connection: ConnectionState }
  | { readonly status: 'enrolling'; readonly connection: ConnectionState }
  /** There is a device here, and the server has not recognised it yet. */
  | { readonly status: 'known'; readonly connection: ConnectionState; readonly identifier: string }
  | {
      readonly status: 'ready'
      readonly connection: ConnectionState
      /** The server recognised the device on this very connection: what is shown is what is so. */
      readonly isLive: boolean
      readonly account: AuthenticatorState
      /** In the order in which they came, and those that are over until they are dismissed. */
      readonly requests: readonly RequestView[]
      /** Recovery codes that were made just now, until the person says that they saved them. The server keeps none. */
      readonly newCodes: readonly string[] | null
      /** Recovery codes were made, here or in another page, and nobody said yet that they were saved. */
      readonly codesUnsaved: boolean
    }
  /** Another device, or this one, removed it; or the server does not know it any more. */
  | { readonly status: 'removed'; readonly identifier: string }

export interface RequestView {
  readonly request: IncomingRequest
  readonly progress: RequestProgress
}

export type RequestProgress =
  | { readonly kind: 'open'; readonly problem: AnswerProblem | null }
  | { readonly kind: 'answering'; readonly answer: PersonAnswer }
  | { readonly kind: 'over'; readonly end: RequestEnd }

/** Why the last answer decided nothing. */
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
  /** Too many wrong codes. */
  | 'locked'
  /** It waits no more, and nobody said why: it ended while this device was away, or its app was disconnected. */
  | 'gone'

/** What a person says to a request. `code`: as typed, where the request has a binding. */
export type PersonAnswer =
  | { readonly decision: 'approved'; readonly code?: string }
  | { readonly decision: 'denied'; readonly mutes: boolean }
