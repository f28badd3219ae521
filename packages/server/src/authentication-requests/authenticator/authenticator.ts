/** What the namespace of authenticators builds on: people, their devices and apps, and what they answer. */
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

/** Where a proof was made: each is for the challenge of one connection. */
export interface ProvedOn {
  readonly nonce: string
  /** Whose attempts are counted. */
  readonly ip: string
}

export interface PersonFacts {
  /** Those that were not removed, the oldest first. */
  readonly devices: readonly DeviceRecord[]
  readonly apps: readonly ConnectedApp[]
  readonly recoveryCodesLeft: number
}

/** What devices are to be told of one request. */
type RequestNews = { readonly identifier: string } & (
  | { readonly kind: 'pending'; readonly request: IncomingRequest }
  | {
      readonly kind: 'ended'
      readonly id: AuthenticationRequestId
      readonly status: Exclude<AuthenticationRequestStatus, 'pending'>
    }
)

/**
 * Every proof rejects with `unauthenticated` for another key, connection or purpose. Whatever a device does rejects with
 * `session-invalid` once it was removed.
 */
export interface Authenticator {
  /**
   * The same key again is the same device, with new recovery codes. Rejects with `rate-limited` where too many were
   * enrolled from the address.
   */
  enroll(
    request: z.output<typeof enrollDeviceRequest>,
    on: ProvedOn,
  ): Promise<{ readonly device: DeviceRecord; readonly recoveryCodes: readonly string[] }>
  /**
   * By an invitation. Rejects with `not-found` for a code that is unknown, used or over, with `rate-limited` after too
   * many of those, and with `conflict` where the person has as many devices as one may have.
   */
  join(request: z.output<typeof joinDeviceRequest>, on: ProvedOn): Promise<DeviceRecord>
  /** By a recovery code; as `join`, also for an unknown identifier. */
  recover(request: z.output<typeof recoverDeviceRequest>, on: ProvedOn): Promise<DeviceRecord>
  /** Rejects with `session-invalid` for a device that is unknown or was removed. */
  prove(request: z.output<typeof proveDeviceRequest>, on: ProvedOn): Promise<DeviceRecord>
  /** Whether it was not removed, and has this key still. */
  isCurrent(device: DeviceRecord): Promise<boolean>
  invite(device: DeviceRecord): Promise<DeviceInvitation>
  /** Rejects with `not-found` for a device that is not one of the person's. */
  remove(device: DeviceRecord, id: DeviceId): Promise<void>
  /** Resolves with the device as it is from now on. */
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
   * Rejects with `not-found` where the person was not asked this or the answer is about something else, with
   * `unauthenticated` where it is not signed as it must be, and with `context-expired` where it is not of now ([AR13]).
   */
  answer(device: DeviceRecord, request: z.output<typeof answerRequest>): Promise<AnswerOutcome>
  facts(identifier: string): Promise<PersonFacts>
  pendingOf(identifier: string): Promise<readonly IncomingRequest[]>
  /** `null` where no device is to be told of it. */
  news(id: AuthenticationRequestId): Promise<RequestNews | null>
  /** Told of each request about which there may be news. Returns the unsubscribe. */
  onNews(listener: (id: AuthenticationRequestId) => void): () => void
}
