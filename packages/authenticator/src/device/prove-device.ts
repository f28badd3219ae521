/** [AR11] Proves to the server which device this is, by whichever of its keys the server knows. */
import type { AuthenticatorState, ErrorCode } from '@chat-widget/protocol'
import type { DeviceConnection } from './device-connection.ts'
import { signProof } from './device-keys.ts'
import type { DeviceRecord } from './device-store.ts'

export type ProofOutcome =
  /** `record`: to be stored. */
  | { readonly kind: 'proved'; readonly record: DeviceRecord; readonly account: AuthenticatorState }
  /** The server does not know the device, or no longer. */
  | { readonly kind: 'unknown' }
  /** The server could not be reached, or could not check. */
  | { readonly kind: 'unsure' }

const UNKNOWN_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['session-invalid', 'unauthenticated'])

/** `nonce`: of the connection. Never rejects. */
export async function proveDevice(
  connection: Pick<DeviceConnection, 'request'>,
  record: DeviceRecord,
  nonce: string,
): Promise<ProofOutcome> {
  const { deviceId, identifier, keys, nextKeys } = record
  for (const candidate of nextKeys === undefined ? [keys] : [keys, nextKeys]) {
    const proof = await signProof(candidate, { nonce, purpose: 'prove' }, deviceId).catch(() => null)
    if (proof === null) return { kind: 'unsure' }
    const reply = await connection.request('device:prove', { deviceId, proof })
    if (reply.ok) {
      // The server may still receive the next key: a request on a connection that broke can still be under way.
      const kept = candidate === keys ? record : { deviceId, identifier, keys: candidate }
      return { kind: 'proved', record: kept, account: reply.value }
    }
    if (!UNKNOWN_CODES.has(reply.error.code)) return { kind: 'unsure' }
  }
  return { kind: 'unknown' }
}
