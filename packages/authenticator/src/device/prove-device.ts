/** [AR11] Shows the server which device this is, by whichever of its keys the server knows. */
import type { AuthenticatorState, ErrorCode } from '@chat-widget/protocol'
import type { DeviceConnection } from './device-connection.ts'
import { signProof } from './device-keys.ts'
import type { DeviceRecord } from './device-store.ts'

export type ProofOutcome =
  /** `record` has the one key that counts. */
  | { readonly kind: 'proved'; readonly record: DeviceRecord; readonly account: AuthenticatorState }
  /** The server does not know the device, or not any more. */
  | { readonly kind: 'unknown' }
  /** It could not be asked, or could not look. */
  | { readonly kind: 'unsure' }

const UNKNOWN_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['session-invalid', 'unauthenticated'])

/** `nonce`: of the connection. Never rejects. */
export async function proveDevice(
  connection: Pick<DeviceConnection, 'request'>,
  { deviceId, identifier, keys, nextKeys }: DeviceRecord,
  nonce: string,
): Promise<ProofOutcome> {
  for (const candidate of nextKeys === undefined ? [keys] : [keys, nextKeys]) {
    const proof = await signProof(candidate, { nonce, purpose: 'prove' }, deviceId).catch(() => null)
    if (proof === null) return { kind: 'unsure' }
    const reply = await connection.request('device:prove', { deviceId, proof })
    if (reply.ok)
      return { kind: 'proved', record: { deviceId, identifier, keys: candidate }, account: reply.value }
    if (!UNKNOWN_CODES.has(reply.error.code)) return { kind: 'unsure' }
  }
  return { kind: 'unknown' }
}
