/** What the server keeps of authenticators, and what any database behind it promises about them. */
import type { AppId, DeviceId, DevicePublicKey } from '@chat-widget/protocol'
import type { StoredRequest } from './authentication-request-storage.ts'

export interface DeviceRecord {
  readonly id: DeviceId
  /** Of the person. */
  readonly identifier: string
  readonly name: string
  readonly publicKey: DevicePublicKey
  readonly addedAt: number
  /** When it last proved to hold its key. */
  readonly seenAt: number
  /** It is kept, so that what it answered before can be told from what nobody signed. */
  readonly removedAt: number | null
}

export type NewDevice = Pick<DeviceRecord, 'id' | 'name' | 'publicKey'>

interface ConnectionRecord {
  readonly app: AppId
  readonly connectedAt: number
  /** For one kind of caller or more. */
  readonly isMuted: boolean
}

/** What lets a new device in. Of codes the database has hashes alone. */
export type DeviceCode =
  | { readonly kind: 'invitation'; readonly hash: string }
  /** Worth nothing for another person than the one named. */
  | { readonly kind: 'recovery'; readonly hash: string; readonly identifier: string }

type AddDeviceOutcome =
  | { readonly kind: 'added'; readonly device: DeviceRecord }
  /** Not known, used, over, or of somebody else. */
  | { readonly kind: 'unknown-code' }
  /** The person has as many as one may have; the code stays good. */
  | { readonly kind: 'too-many' }

/** Calls that name the device that acts (`by`) change nothing once that device is removed. */
export interface AuthenticatorStorage {
  /** A new person with a first device and recovery codes; `null` where the identifier is taken, or the device is known. */
  enroll(request: {
    readonly identifier: string
    readonly device: NewDevice
    readonly recoveryHashes: readonly string[]
    readonly at: number
  }): Promise<DeviceRecord | null>
  /**
   * Uses the code up and adds the device, in one transaction: of many uses of a code exactly one adds a device. A key
   * that is a device of the person already is that device, whether or not the code was used.
   */
  addDevice(request: {
    readonly code: DeviceCode
    readonly device: NewDevice
    readonly mostDevices: number
    readonly at: number
  }): Promise<AddDeviceOutcome>
  /** Also one that was removed. */
  findDevice(id: DeviceId): Promise<DeviceRecord | null>
  /** Those that were not removed, the oldest first. */
  devicesOf(identifier: string): Promise<readonly DeviceRecord[]>
  markSeen(id: DeviceId, at: number): Promise<void>
  /** Removes a device of the same person, and makes its invitations worthless. Whether it was removed by this call. */
  removeDevice(by: DeviceId, id: DeviceId, at: number): Promise<boolean>
  /** Puts another key in the place of `from`; `false` where the device has another one by now, or was removed. */
  rotateKey(by: DeviceId, from: DevicePublicKey, to: DevicePublicKey): Promise<boolean>
  invite(by: DeviceId, hash: string, expiresAt: number, at: number): Promise<boolean>
  /** The codes before are worthless from now on. */
  renewRecovery(by: DeviceId, hashes: readonly string[], at: number): Promise<boolean>
  recoveryCodesLeft(identifier: string): Promise<number>
  /** Idempotent, as is `disconnect`. */
  connect(by: DeviceId, app: AppId, at: number): Promise<boolean>
  disconnect(by: DeviceId, app: AppId): Promise<boolean>
  /** By name of the app. */
  connectionsOf(identifier: string): Promise<readonly ConnectionRecord[]>
  /** True if requests of this kind of caller come through: connected, not muted, and there is a device ([AR12]). */
  isReachable(identifier: string, app: AppId, creator: StoredRequest['creator']): Promise<boolean>
  /** Takes back that the person wants no requests of the app, of whatever kind of caller. Idempotent. */
  unmute(by: DeviceId, app: AppId): Promise<boolean>
}
