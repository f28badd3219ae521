/** [AR11] Makes this browser a device, unless another of its tabs has done so: a browser has one device. */
import { holdLock } from '@chat-widget/client/parts'
import { type AuthenticatorState, ChatError, type Enrolled, type Joined } from '@chat-widget/protocol'
import { createDeviceKeys, type NewKeyProof, proveNewKey } from './device-keys.ts'
import type { DeviceRecord, DeviceStore } from './device-store.ts'

export interface AddDevice {
  readonly store: DeviceStore
  readonly purpose: 'enroll' | 'join' | 'recover'
  /** Resolves with the connection's nonce; rejects while there is none. */
  readonly challenge: () => Promise<string>
  /** Sends the request to the server. */
  readonly add: (device: NewKeyProof) => Promise<Joined & Partial<Pick<Enrolled, 'recoveryCodes'>>>
}

export type AddedDevice =
  | {
      readonly kind: 'added'
      readonly record: DeviceRecord
      readonly account: AuthenticatorState
      readonly recoveryCodes: readonly string[] | null
      /** Nonce of the connection on which the server knows the device. */
      readonly nonce: string
    }
  /** Another tab was first. */
  | { readonly kind: 'there'; readonly record: DeviceRecord }

/** Time within which a tab adds its device, if the server answers; one that hangs blocks no other for longer. */
const ADDED_WITHIN_MS = 15_000

export async function addDevice({ store, purpose, challenge, add }: AddDevice): Promise<AddedDevice> {
  // The browser's other tabs wait for the outcome.
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
