/**
 * Realtime events between an authenticator, which is an approver's enrolled device, and the server, in the Socket.IO
 * namespace `/authenticator`. A person is known by an identifier of ten digits, a device by a key that never leaves it.
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

/** A P-256 public key as JWK: what the server keeps of a device. */
export interface DevicePublicKey {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

/** `typ` in the header of the two kinds of compact JWS that a device signs, both with ES256. */
export const DEVICE_PROOF_TYPE = 'device-proof+jwt'
export const DEVICE_ANSWER_TYPE = 'device-answer+jwt'

/** What a device shows with each proof that it holds its key: the connection's own challenge, for one purpose. */
export interface DeviceProofClaims {
  readonly nonce: string
  readonly purpose: 'enroll' | 'join' | 'recover' | 'prove' | 'rotate'
}

/** What a device signs when a person answers; the header's `kid` is the device as well. */
export interface DeviceAnswerClaims {
  /** The device. */
  readonly iss: DeviceId
  /** The identifier that was asked. */
  readonly sub: string
  /** The app that asks. */
  readonly aud: AppId
  /** The request. */
  readonly jti: AuthenticationRequestId
  /** Seconds since the epoch by the server's clock, which `challenge` told. */
  readonly iat: number
  /** At most `AUTHENTICATOR_LIMITS.answerSeconds` after `iat`. */
  readonly exp: number
  readonly decision: 'approved' | 'denied'
  /** "I didn't ask for this": with `denied`; mutes the app for this identifier ([AR7]). */
  readonly mutes: boolean
}

export interface Challenge {
  /** Of this connection; each proof on it is for this nonce. */
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
  /** Whether it is the one that is told this. */
  readonly isThis: boolean
}

export interface ConnectedApp {
  readonly id: AppId
  readonly name: string
  /** ISO 8601. */
  readonly connectedAt: string
  /** The person said "I didn't ask for this": nothing of it comes through until they unmute it. */
  readonly isMuted: boolean
}

/** All that a device shows besides requests; told anew, whole, whenever something of it changed. */
export interface AuthenticatorState {
  readonly identifier: string
  readonly devices: readonly AuthenticatorDevice[]
  readonly apps: readonly ConnectedApp[]
  /** Recovery codes that were not used yet. */
  readonly recoveryCodesLeft: number
}

/** Someone wants in, and says to be this person. */
export interface IncomingRequest {
  readonly id: AuthenticationRequestId
  readonly app: { readonly id: AppId; readonly name: string }
  /** The caller's own words, or what this server saw of a visitor who asks from the chat ([AR8]). */
  readonly claims: {
    readonly applicationTitle: string
    readonly userName: string | null
    readonly userIp: string | null
    readonly userOrigin: string | null
  }
  readonly claimedBy: 'caller' | 'server'
  /** `code`: the person types the digits that the one who wants in sees ([AR2]). */
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
  /** By another device, by time, or by whoever asked. `isLocked`: too many wrong codes. */
  | { readonly kind: 'over'; readonly status: AuthenticationRequestStatus; readonly isLocked: boolean }

export interface Enrolled {
  readonly deviceId: DeviceId
  readonly state: AuthenticatorState
  /** To be printed: the server keeps their hashes only. Told once. */
  readonly recoveryCodes: readonly string[]
}

export interface Joined {
  readonly deviceId: DeviceId
  readonly state: AuthenticatorState
}

export interface DeviceInvitation {
  /** For `#device=CODE` on the new device: once, until `expiresAt` (milliseconds since the epoch). */
  readonly code: string
  readonly expiresAt: number
}

export interface DescribedApp {
  readonly id: AppId
  readonly name: string
  readonly isConnected: boolean
  /** The address to go back to, where it is on one of the app's origins; else `null`. */
  readonly callback: string | null
}

type Answer<Value> = (result: Result<Value>) => void

export interface AuthenticatorToServerEvents {
  /** A new person with this device as the first. */
  'device:enroll': (request: EnrollDeviceRequest, answer: Answer<Enrolled>) => void
  /** One more device, by the invitation of another one. */
  'device:join': (request: JoinDeviceRequest, answer: Answer<Joined>) => void
  /** One more device, by a printed code; each is good for one. */
  'device:recover': (request: RecoverDeviceRequest, answer: Answer<Joined>) => void
  /** This is a device that the server knows. What follows is for those alone. */
  'device:prove': (request: ProveDeviceRequest, answer: Answer<AuthenticatorState>) => void
  'device:invite': (request: Record<string, never>, answer: Answer<DeviceInvitation>) => void
  /** Also the device itself. Its sockets are closed, and nothing it signed before counts any more. */
  'device:remove': (request: RemoveDeviceRequest, answer: Answer<null>) => void
  /** From now on another key, which signed the proof. */
  'device:rotate': (request: RotateKeyRequest, answer: Answer<null>) => void
  /** New codes; the ones before are worthless. */
  'recovery:renew': (
    request: Record<string, never>,
    answer: Answer<{ readonly recoveryCodes: readonly string[] }>,
  ) => void
  'app:describe': (request: DescribeAppRequest, answer: Answer<DescribedApp>) => void
  /** Lets the app ask; idempotent, as are the other two. */
  'app:connect': (request: AppRequest, answer: Answer<null>) => void
  'app:disconnect': (request: AppRequest, answer: Answer<null>) => void
  'app:unmute': (request: AppRequest, answer: Answer<null>) => void
  /** Its code was scanned. The first who does is asked, where nobody is yet. */
  'request:open': (request: OpenRequest, answer: Answer<null>) => void
  'request:answer': (request: AnswerRequest, answer: Answer<AnswerOutcome>) => void
}

export interface ServerToAuthenticatorEvents {
  /** Once after each connection, before anything else. */
  challenge: (challenge: Challenge) => void
  state: (state: AuthenticatorState) => void
  /** All that are pending, after each proof; replaces what the device knew. */
  requests: (requests: readonly IncomingRequest[]) => void
  /** A new one, or one that changed. */
  request: (request: IncomingRequest) => void
  'request:ended': (notice: {
    readonly id: AuthenticationRequestId
    readonly status: AuthenticationRequestStatus
  }) => void
  /** The device was removed; the socket is closed next. */
  'device:removed': (error: WireError) => void
  /** Too much was sent: the socket is closed next, and a new one is let in after `retryAfterMs`. */
  wait: (error: WireError) => void
}
