/**
 * Authentication requests: the server asks a person, out of band, whether they are the one who wants in. One state
 * machine behind two doors: QuantAuth's HTTP interface, and the SDK in the manner of Self's.
 */
import type { AuthenticationRequestId } from './ids.ts'

/** `pending` until one of the others, each of which is final. */
export const AUTHENTICATION_REQUEST_STATUSES = [
  'pending',
  'approved',
  'denied',
  /** Nobody answered within its lifetime. */
  'expired',
  /** Taken back by whoever made it. */
  'canceled',
  /** The addressee is not connected to the app, or wants no requests of it. Told to operators, never to visitors. */
  'unauthorized',
  /** It could not be delivered. */
  'errored',
] as const
export type AuthenticationRequestStatus = (typeof AUTHENTICATION_REQUEST_STATUSES)[number]

/** Who is asked. An email is compared without the case of ASCII letters; an identifier is ten digits. */
export type Addressee =
  | { readonly kind: 'email'; readonly email: string }
  | { readonly kind: 'identifier'; readonly identifier: string }

/** `scan`: whoever scans the request's code first; it is theirs by their identifier from then on. */
export type Asked = Addressee | { readonly kind: 'scan'; readonly requestId: AuthenticationRequestId }

/** Whether an approver types the digits that the initiator sees ([AR2]). */
export const BINDING_MODES = ['none', 'code'] as const
export type BindingMode = (typeof BINDING_MODES)[number]

/** What a decision says, as a compact JWS signed by the server (`/.well-known/jwks.json`). */
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
  /** Who decided: the email address or the identifier that was asked, as the server verified it. */
  readonly subject: string
}

/**
 * The secret that authorises `GET /v1/authentication-request/{id}` and `POST …/{id}/cancel` without an API key, as
 * `Authorization: Secret …`. A response header of the call that made the request, and of no other. Whoever asks may give
 * one of their own as a request header, so that it is not lost with an answer.
 */
export const CREATOR_SECRET_HEADER = 'authentication-request-secret'

export const AUTHENTICATION_REQUEST_LIMITS = {
  /** How long a request is valid, and how long a caller may wait. Seconds. */
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
  /** How far back `ago` of the events may look. Milliseconds. */
  eventsAgoMs: 86_400_000,
} as const
