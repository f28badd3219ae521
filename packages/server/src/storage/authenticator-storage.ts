/** Storage of authenticators, and its guarantees for any database. */
import type { AppId, DeviceId, DevicePublicKey } from '@chat-widget/protocol'
import type { StoredRequest } from './authentication-request-storage.ts'

export interface DeviceRecord {
  readonly id: DeviceId
  /** The person's identifier. */
  readonly identifier: string
  readonly name: string
  readonly publicKey: DevicePublicKey
  readonly addedAt: number
  /** Time of its last proof. */
  readonly seenAt: number
  /** Removed devices are kept, so that their earlier answers can be verified. */
  readonly removedAt: number | null
}

export type NewDevice = Pick<DeviceRecord, 'id' | 'name' | 'publicKey'>

interface ConnectionRecord {
  readonly app: AppId
  readonly connectedAt: number
  /** True if muted for at least one kind of caller. */
  readonly isMuted: boolean
}

/** A code that admits a new device. The database has only hashes. */
export type DeviceCode =
  | { readonly kind: 'invitation'; readonly hash: string }
  /** Valid only for the named person. */
  | { readonly kind: 'recovery'; readonly hash: string; readonly identifier: string }

type AddDeviceOutcome =
  | { readonly kind: 'added'; readonly device: DeviceRecord }
  /** Not known, used, expired, or another person's. */
  | { readonly kind: 'unknown-code' }
  /** The person has as many devices as allowed; the code stays valid. */
  | { readonly kind: 'too-many' }

/** Calls of a device (`by`) change nothing once that device is removed. */
export interface AuthenticatorStorage {
  /**
   * Adds a person with a first device and recovery codes; resolves with `null` if the identifier is taken, or the
   * device is known.
   */
  enroll(request: {
    readonly identifier: string
    readonly device: NewDevice
    readonly recoveryHashes: readonly string[]
    readonly at: number
  }): Promise<DeviceRecord | null>
  /**
   * Uses the code and adds the device, in one transaction: of many uses of a code exactly one adds a device. A key that
   * already is a device of the person is that device, used code or not.
   */
  addDevice(request: {
    readonly code: DeviceCode
    readonly device: NewDevice
    readonly mostDevices: number
    readonly at: number
  }): Promise<AddDeviceOutcome>
  /** Finds removed devices, too. */
  findDevice(id: DeviceId): Promise<DeviceRecord | null>
  /** Devices that were not removed, oldest first. */
  devicesOf(identifier: string): Promise<readonly DeviceRecord[]>
  markSeen(id: DeviceId, at: number): Promise<void>
  /** Removes a device of the same person, and its invitations. Resolves with true if this call removed it. */
  removeDevice(by: DeviceId, id: DeviceId, at: number): Promise<boolean>
  /** Replaces the key `from`; resolves with `false` if the device has another key by now, or was removed. */
  rotateKey(by: DeviceId, from: DevicePublicKey, to: DevicePublicKey): Promise<boolean>
  invite(by: DeviceId, hash: string, expiresAt: number, at: number): Promise<boolean>
  /** Replaces the recovery codes. */
  renewRecovery(by: DeviceId, hashes: readonly string[], at: number): Promise<boolean>
  recoveryCodesLeft(identifier: string): Promise<number>
  /** Connects the person to an app. Idempotent, as is `disconnect`. */
  connect(by: DeviceId, app: AppId, at: number): Promise<boolean>
  disconnect(by: DeviceId, app: AppId): Promise<boolean>
  /** Sorted by the app's name. */
  connectionsOf(identifier: string): Promise<readonly ConnectionRecord[]>
  /** True if requests of this kind of caller are delivered: connected, not muted, and with a device ([AR12]). */
  isReachable(identifier: string, app: AppId, creator: StoredRequest['creator']): Promise<boolean>
  /** Unmutes the app for every kind of caller. Idempotent. */
  unmute(by: DeviceId, app: AppId): Promise<boolean>
}
