/**
 * Verifies that a device holds its key: it signed the challenge of this very connection, for this very purpose
 * ([AR11]).
 */
import { DEVICE_PROOF_TYPE, type DeviceProofClaims, type DevicePublicKey } from '@chat-widget/protocol'
import { z } from 'zod'
import { same } from '../request-secrets.ts'
import { readHeader, readSigned, refused } from './device-signature.ts'

const proofClaims = z.strictObject({
  nonce: z.string(),
  purpose: z.enum(['enroll', 'join', 'recover', 'prove', 'rotate']),
}) satisfies z.ZodType<DeviceProofClaims>

/** Rejects with `unauthenticated` for another key, connection or purpose. */
export async function checkProof(
  proof: string,
  publicKey: DevicePublicKey,
  expected: DeviceProofClaims,
): Promise<void> {
  readHeader(proof, DEVICE_PROOF_TYPE)
  const { nonce, purpose } = await readSigned(proof, publicKey, proofClaims)
  if (purpose !== expected.purpose) throw refused('purpose')
  if (!same(nonce, expected.nonce)) throw refused('nonce')
}
