/** Operations of the namespace of authenticators: people, their devices and apps, and their answers. */
import type {
  AnswerOutcome,
  AppId,
  AuthenticationRequestId,
  AuthenticationRequestStatus,
  ConnectedApp,
  DescribedApp,
  DeviceId,
  DeviceInvitation,
  IncomingRequest,
} from '@chat-widget/protocol'
import type {
  answerRequest,
  describeAppRequest,
  enrollDeviceRequest,
  joinDeviceRequest,
  proveDeviceRequest,
  recoverDeviceRequest,
  rotateKeyRequest,
} from '@chat-widget/protocol/schemas'
import type { z } from 'zod'
import type { DeviceRecord } from '../../storage/authenticator-storage.ts'

/** The connection that a proof was made on: each proof is for the challenge of one connection. */
export interface ProvedOn {
  readonly nonce: string
  /** Address whose attempts are counted. */
  readonly ip: string
}

export interface PersonFacts {
  /** Devices that were not removed, oldest first. */
  readonly devices: readonly DeviceRecord[]
  readonly apps: readonly ConnectedApp[]
  readonly recoveryCodesLeft: number
}

/** News of one request for the devices of a person. */
type RequestNews = { readonly identifier: string } & (
  | { readonly kind: 'pending'; readonly request: IncomingRequest }
  | {
      readonly kind: 'ended'
      readonly id: AuthenticationRequestId
      readonly status: Exclude<AuthenticationRequestStatus, 'pending'>
    }
)

/**
 * Every proof rejects with `unauthenticated` for another key, connection or purpose. Every call of a device rejects
 * with `session-invalid` once the device was removed.
 */
export interface Authenticator {
  /**
   * Enrolls a new person with their first device. The same key again is the same device, with new recovery codes.
   * Rejects with `rate-limited` if too many were enrolled from the address.
   */
  enroll(
    request: z.output<typeof enrollDeviceRequest>,
    on: ProvedOn,
  ): Promise<{ readonly device: DeviceRecord; readonly recoveryCodes: readonly string[] }>
  /**
   * Adds a device by an invitation. Rejects with `not-found` for a code that is unknown, used or over, with
   * `rate-limited` after too many of those, and with `conflict` if the person has as many devices as allowed.
   */
  join(request: z.output<typeof joinDeviceRequest>, on: ProvedOn): Promise<DeviceRecord>
  /** Adds a device by a recovery code; rejects as `join` does, also for an unknown identifier. */
  recover(request: z.output<typeof recoverDeviceRequest>, on: ProvedOn): Promise<DeviceRecord>
  /** Rejects with `session-invalid` for a device that is unknown or was removed. */
  prove(request: z.output<typeof proveDeviceRequest>, on: ProvedOn): Promise<DeviceRecord>
  /** True if the device was not removed and still has this key. */
  isCurrent(device: DeviceRecord): Promise<boolean>
  invite(device: DeviceRecord): Promise<DeviceInvitation>
  /** Rejects with `not-found` for a device that is not one of the person's. */
  remove(device: DeviceRecord, id: DeviceId): Promise<void>
  /** Resolves with the device under its new key. */
  rotate(
    device: DeviceRecord,
    request: z.output<typeof rotateKeyRequest>,
    on: ProvedOn,
  ): Promise<DeviceRecord>
  renewRecovery(device: DeviceRecord): Promise<readonly string[]>
  /** Rejects with `unknown-app`, as does `connect`. */
  describeApp(device: DeviceRecord, request: z.output<typeof describeAppRequest>): Promise<DescribedApp>
  connect(device: DeviceRecord, app: AppId): Promise<void>
  disconnect(device: DeviceRecord, app: AppId): Promise<void>
  unmute(device: DeviceRecord, app: AppId): Promise<void>
  /** Shows a request whose code was scanned. Rejects with `not-found` where this person is not asked. */
  open(device: DeviceRecord, id: AuthenticationRequestId): Promise<void>
  /**
   * Rejects with `not-found` if the person was not asked this or the answer is about something else, with
   * `unauthenticated` if it is not signed as it must be, and with `context-expired` if it is too old or from the future
   * ([AR13]).
   */
  answer(device: DeviceRecord, request: z.output<typeof answerRequest>): Promise<AnswerOutcome>
  facts(identifier: string): Promise<PersonFacts>
  pendingOf(identifier: string): Promise<readonly IncomingRequest[]>
  /** Resolves with `null` if no device is to be told of the request. */
  news(id: AuthenticationRequestId): Promise<RequestNews | null>
  /** Calls back for each request about which there may be news. Returns the unsubscribe. */
  onNews(listener: (id: AuthenticationRequestId) => void): () => void
}
