/**
 * Realtime events between an authenticator, an approver's enrolled device, and the server, in the Socket.IO namespace
 * `/authenticator`. A person is known by an identifier of ten digits, a device by a key that never leaves it.
 */
import type { AuthenticationRequestStatus, BindingMode } from './authentication-requests.ts'
import type { Result, WireError } from './errors.ts'
import type { AppId, AuthenticationRequestId, DeviceId } from './ids.ts'
import type {
  AnswerRequest,
  AppRequest,
  DescribeAppRequest,
  EnrollDeviceRequest,
  JoinDeviceRequest,
  OpenRequest,
  ProveDeviceRequest,
  RecoverDeviceRequest,
  RemoveDeviceRequest,
  RotateKeyRequest,
} from './schemas/authenticator.ts'

export const AUTHENTICATOR_NAMESPACE = '/authenticator'

export type { AuthenticatorHandshake } from './schemas/authenticator.ts'
export type {
  AnswerRequest,
  AppRequest,
  DescribeAppRequest,
  EnrollDeviceRequest,
  JoinDeviceRequest,
  ProveDeviceRequest,
  RecoverDeviceRequest,
  RemoveDeviceRequest,
  RotateKeyRequest,
}

/** A P-256 public key as JWK: the server's record of a device. */
export interface DevicePublicKey {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

/** `typ` in the header of the two kinds of compact JWS that a device signs, both with ES256. */
export const DEVICE_PROOF_TYPE = 'device-proof+jwt'
export const DEVICE_ANSWER_TYPE = 'device-answer+jwt'

/** Claims by which a device proves that it holds its key: for the connection's own challenge, and one purpose. */
export interface DeviceProofClaims {
  readonly nonce: string
  readonly purpose: 'enroll' | 'join' | 'recover' | 'prove' | 'rotate'
}

/** Claims that a device signs when a person answers; the header's `kid` is the device as well. */
export interface DeviceAnswerClaims {
  /** The device. */
  readonly iss: DeviceId
  /** The identifier that was asked. */
  readonly sub: string
  /** The app that asks. */
  readonly aud: AppId
  /** The request. */
  readonly jti: AuthenticationRequestId
  /** Seconds since the epoch by the server's clock, from `challenge`. */
  readonly iat: number
  /** At most `AUTHENTICATOR_LIMITS.answerSeconds` after `iat`. */
  readonly exp: number
  readonly decision: 'approved' | 'denied'
  /** "I didn't ask for this": with `denied`; mutes the app for this identifier ([AR7]). */
  readonly mutes: boolean
}

export interface Challenge {
  /** Nonce of this connection, which each proof on it contains. */
  readonly nonce: string
  /** Milliseconds since the epoch. */
  readonly serverTime: number
}

export interface AuthenticatorDevice {
  readonly id: DeviceId
  readonly name: string
  /** ISO 8601. */
  readonly addedAt: string
  readonly seenAt: string
  readonly isOnline: boolean
  /** True for the device that receives this. */
  readonly isThis: boolean
}

export interface ConnectedApp {
  readonly id: AppId
  readonly name: string
  /** ISO 8601. */
  readonly connectedAt: string
  /** The person said "I didn't ask for this": no request of the app is delivered until they unmute it. */
  readonly isMuted: boolean
}

/** State of a device's person, except requests; sent whole whenever a part of it changed. */
export interface AuthenticatorState {
  readonly identifier: string
  readonly devices: readonly AuthenticatorDevice[]
  readonly apps: readonly ConnectedApp[]
  /** Recovery codes that were not used yet. */
  readonly recoveryCodesLeft: number
}

/** A request to confirm a sign-in as this person. */
export interface IncomingRequest {
  readonly id: AuthenticationRequestId
  readonly app: { readonly id: AppId; readonly name: string }
  /** The caller's own claims, or facts that this server saw of a visitor who asks from the chat ([AR8]). */
  readonly claims: {
    readonly applicationTitle: string
    readonly userName: string | null
    readonly userIp: string | null
    readonly userOrigin: string | null
  }
  readonly claimedBy: 'caller' | 'server'
  /** `code`: the person types the digits that the initiator sees ([AR2]). */
  readonly binding: BindingMode
  /** Wrong codes left before the request locks; `null` without binding. */
  readonly codesLeft: number | null
  /** Milliseconds since the epoch, by the server's clock. */
  readonly createdAt: number
  readonly expiresAt: number
}

export type AnswerOutcome =
  | { readonly kind: 'decided'; readonly status: 'approved' | 'denied' }
  | { readonly kind: 'wrong-code'; readonly codesLeft: number }
  /** Ended by another device, by time, or by its creator. `isLocked`: after too many wrong codes. */
  | { readonly kind: 'over'; readonly status: AuthenticationRequestStatus; readonly isLocked: boolean }

export interface Enrolled {
  readonly deviceId: DeviceId
  readonly state: AuthenticatorState
  /** To be printed: the server keeps only their hashes. Sent once. */
  readonly recoveryCodes: readonly string[]
}

export interface Joined {
  readonly deviceId: DeviceId
  readonly state: AuthenticatorState
}

export interface DeviceInvitation {
  /** For `#device=CODE` on the new device: valid once, until `expiresAt` (milliseconds since the epoch). */
  readonly code: string
  readonly expiresAt: number
}

export interface DescribedApp {
  readonly id: AppId
  readonly name: string
  readonly isConnected: boolean
  /** The URL to go back to, if it is on one of the app's origins; else `null`. */
  readonly callback: string | null
}

type Answer<Value> = (result: Result<Value>) => void

export interface AuthenticatorToServerEvents {
  /** Adds a person with this device as the first. */
  'device:enroll': (request: EnrollDeviceRequest, answer: Answer<Enrolled>) => void
  /** Adds a device by another one's invitation. */
  'device:join': (request: JoinDeviceRequest, answer: Answer<Joined>) => void
  /** Adds a device by a recovery code, which is used up. */
  'device:recover': (request: RecoverDeviceRequest, answer: Answer<Joined>) => void
  /** Proves a device that the server knows. The following requests need this. */
  'device:prove': (request: ProveDeviceRequest, answer: Answer<AuthenticatorState>) => void
  'device:invite': (request: Record<string, never>, answer: Answer<DeviceInvitation>) => void
  /** Removes a device, or this one. Its sockets are closed, and its earlier signatures are void. */
  'device:remove': (request: RemoveDeviceRequest, answer: Answer<null>) => void
  /** Replaces the key, by a proof signed with the new one. */
  'device:rotate': (request: RotateKeyRequest, answer: Answer<null>) => void
  /** Makes new recovery codes; earlier ones are void. */
  'recovery:renew': (
    request: Record<string, never>,
    answer: Answer<{ readonly recoveryCodes: readonly string[] }>,
  ) => void
  'app:describe': (request: DescribeAppRequest, answer: Answer<DescribedApp>) => void
  /** Allows the app to ask. Idempotent, as are the other two. */
  'app:connect': (request: AppRequest, answer: Answer<null>) => void
  'app:disconnect': (request: AppRequest, answer: Answer<null>) => void
  'app:unmute': (request: AppRequest, answer: Answer<null>) => void
  /** Opens a request whose code was scanned. The first to scan it becomes its addressee, if it has none. */
  'request:open': (request: OpenRequest, answer: Answer<null>) => void
  'request:answer': (request: AnswerRequest, answer: Answer<AnswerOutcome>) => void
}

export interface ServerToAuthenticatorEvents {
  /** Sent once after each connection, before anything else. */
  challenge: (challenge: Challenge) => void
  state: (state: AuthenticatorState) => void
  /** All pending requests, sent after each proof; replaces the device's list. */
  requests: (requests: readonly IncomingRequest[]) => void
  /** A new or a changed request. */
  request: (request: IncomingRequest) => void
  'request:ended': (notice: {
    readonly id: AuthenticationRequestId
    readonly status: AuthenticationRequestStatus
  }) => void
  /** The device was removed; the socket is closed next. */
  'device:removed': (error: WireError) => void
  /** The limits were exceeded: the socket is closed next, and may reconnect after `retryAfterMs`. */
  wait: (error: WireError) => void
}
