/**
 * Authentication requests: the server asks a person, out of band, to confirm that it is they who sign in. One state
 * machine with two interfaces: QuantAuth's over HTTP, and the SDK in the manner of Self's.
 */
import type { AuthenticationRequestId } from './ids.ts'

/** `pending`, then one of the others, each of which is final. */
export const AUTHENTICATION_REQUEST_STATUSES = [
  'pending',
  'approved',
  'denied',
  /** Nobody answered within its lifetime. */
  'expired',
  /** Cancelled by its creator. */
  'canceled',
  /** The addressee is not connected to the app, or muted it. Operators see this status, visitors never do. */
  'unauthorized',
  /** It could not be delivered. */
  'errored',
] as const
export type AuthenticationRequestStatus = (typeof AUTHENTICATION_REQUEST_STATUSES)[number]

/** The person to ask. Emails are compared ignoring the case of ASCII letters; an identifier is ten digits. */
export type Addressee =
  | { readonly kind: 'email'; readonly email: string }
  | { readonly kind: 'identifier'; readonly identifier: string }

/** `scan`: the first person to scan the request's code; from then on the addressee is their identifier. */
export type Asked = Addressee | { readonly kind: 'scan'; readonly requestId: AuthenticationRequestId }

/** `code`: the approver types the digits that the initiator sees ([AR2]). */
export const BINDING_MODES = ['none', 'code'] as const
export type BindingMode = (typeof BINDING_MODES)[number]

/** Claims of a decision: a compact JWS signed by the server (`/.well-known/jwks.json`). */
export interface DecisionClaims {
  readonly iss: string
  /** The app. */
  readonly aud: string
  /** The request. */
  readonly jti: AuthenticationRequestId
  readonly iat: number
  readonly decision: 'approved' | 'denied'
  /** ISO 8601, by the server's clock. */
  readonly decided_at: string
  /** The person who decided: the email address or the identifier that was asked, as verified by the server. */
  readonly subject: string
}

/**
 * Header with the secret that authorises `GET /v1/authentication-request/{id}` and `POST …/{id}/cancel` without an API
 * key, as `Authorization: Secret …`. A response header of the call that made the request, and of no other. Callers may
 * send a secret of their own as a request header, so that a lost answer does not lose it.
 */
export const CREATOR_SECRET_HEADER = 'authentication-request-secret'

export const AUTHENTICATION_REQUEST_LIMITS = {
  /** Lifetime of a request, and longest wait of a caller. Seconds. */
  lifetimeSeconds: 900,
  titleLength: 120,
  emailLength: 254,
  nameLength: 120,
  originLength: 120,
  bindingDigits: 6,
  /** Wrong codes that lock a request ([AR2]). */
  wrongCodes: 5,
  /** The longest wait of one call for events. Seconds. */
  eventWaitSeconds: 60,
  eventsPerPage: 100,
  /** Largest `ago` of the events. Milliseconds. */
  eventsAgoMs: 86_400_000,
} as const
