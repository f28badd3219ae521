/** [AR11] Makes this browser a device, unless another of its pages has done so: a browser has one device. */
import { holdLock } from '@chat-widget/client/parts'
import { type AuthenticatorState, ChatError, type Enrolled, type Joined } from '@chat-widget/protocol'
import { createDeviceKeys, type NewKeyProof, proveNewKey } from './device-keys.ts'
import type { DeviceRecord, DeviceStore } from './device-store.ts'

export interface AddDevice {
  readonly store: DeviceStore
  readonly purpose: 'enroll' | 'join' | 'recover'
  /** The nonce of the connection; rejects while there is none. */
  readonly challenge: () => Promise<string>
  /** Asks the server. */
  readonly add: (device: NewKeyProof) => Promise<Joined & Partial<Pick<Enrolled, 'recoveryCodes'>>>
}

export type AddedDevice =
  | {
      readonly kind: 'added'
      readonly record: DeviceRecord
      readonly account: AuthenticatorState
      readonly recoveryCodes: readonly string[] | null
      /** Of the connection on which the server knows the device. */
      readonly nonce: string
    }
  /** Another page was first. */
  | { readonly kind: 'there'; readonly record: DeviceRecord }

/** A page whose server answers has added its device by then; one that hangs keeps nobody away. */
const ADDED_WITHIN_MS = 15_000

export async function addDevice({ store, purpose, challenge, add }: AddDevice): Promise<AddedDevice> {
  // Other pages of this browser wait for what comes of it.
  const turn = new AbortController()
  await holdLock(store.name, turn.signal, { withinMs: ADDED_WITHIN_MS })
  try {
    const there = await stored(store.read())
    if (there !== undefined) return { kind: 'there', record: there }
    const keys = await stored(store.candidate(createDeviceKeys))
    const nonce = await challenge()
    const {
      deviceId,
      state: account,
      recoveryCodes = null,
    } = await add(await proveNewKey(keys, { nonce, purpose }))
    const record: DeviceRecord = {
      ...{ deviceId, identifier: account.identifier, keys },
      ...(recoveryCodes === null ? {} : { codesUnsaved: true }),
    }
    const kept = await stored(store.write(record))
    return kept === record
      ? { kind: 'added', record, account, recoveryCodes, nonce }
      : { kind: 'there', record: kept }
  } finally {
    turn.abort()
  }
}

/** Rejects with `storage-unavailable`. */
export function stored<Value>(work: Promise<Value>): Promise<Value> {
  return work.catch((cause) => {
    throw new ChatError('storage-unavailable', 'this browser keeps no keys', { cause })
  })
}
