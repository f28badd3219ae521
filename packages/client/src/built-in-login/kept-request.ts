/** A device's own authentication request, stored for all its tabs until it is over or claimed. */
import type { BuiltInMethod } from '@chat-widget/protocol'
import { createSignedInVisitor, type SignedInVisitor } from '../identity/signed-in-visitor.ts'

export const REQUEST_KEY = 'sign-in'

export interface KeptRequest {
  readonly id: string
  readonly secret: string
  /**
   * Secret of the session once it is claimed, made by this device, so that a claim whose answer was lost can be
   * repeated.
   */
  readonly session: string
  readonly method: BuiltInMethod
  /** As typed. */
  readonly address: string
  readonly bindingCode: string
  /** Milliseconds since the epoch, by this device's clock. */
  readonly expiresAt: number
  readonly resendAt: number
  /** The person who approved, verified by the server; absent until then. */
  readonly userIdentifier?: string
}

export type KeptApproval = KeptRequest & { readonly userIdentifier: string }

export const isApproved = (kept: KeptRequest | undefined): kept is KeptApproval =>
  kept?.userIdentifier !== undefined

export function visitorOf(approval: KeptApproval): SignedInVisitor {
  const { id, secret, session } = approval
  return createSignedInVisitor(approval, { approval: { authenticationRequest: { id, secret, session } } })
}
