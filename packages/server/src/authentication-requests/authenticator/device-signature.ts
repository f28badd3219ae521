/** Signatures of devices, shared by proofs and answers: one algorithm, one type, one key. */
import { ChatError, type DevicePublicKey } from '@chat-widget/protocol'
import { type CryptoKey, compactVerify, decodeProtectedHeader, importJWK } from 'jose'
import type { z } from 'zod'

const ALGORITHM = 'ES256'

export const refused = (problem: string) =>
  new ChatError('unauthenticated', `What the device signed is refused: ${problem}.`)
const malformed = (problem: string) => new ChatError('bad-request', `"${problem}".`)

/** Throws `unauthenticated` for another algorithm or type, before any key is looked up. */
export function readHeader(jws: string, type: string): { readonly kid: string | undefined } {
  const { alg, typ, kid } = headerOf(jws)
  if (alg !== ALGORITHM) throw refused('alg')
  if (typ !== type) throw refused('typ')
  return { kid }
}

function headerOf(jws: string) {
  try {
    return decodeProtectedHeader(jws)
  } catch {
    throw malformed('the header of what the device signed is not JSON')
  }
}

/** Throws `bad-request` for a point that is not on the curve. */
export async function importDeviceKey(publicKey: DevicePublicKey): Promise<CryptoKey> {
  try {
    return (await importJWK({ ...publicKey }, ALGORITHM)) as CryptoKey
  } catch {
    throw malformed('publicKey is no key of the curve P-256')
  }
}

/**
 * Returns the claims that this key signed. Throws `unauthenticated`, or `bad-request` if the claims have another shape.
 */
export async function readSigned<Schema extends z.ZodType>(
  jws: string,
  publicKey: DevicePublicKey,
  schema: Schema,
): Promise<z.output<Schema>> {
  const key = await importDeviceKey(publicKey)
  let payload: Uint8Array
  try {
    payload = (await compactVerify(jws, key, { algorithms: [ALGORITHM] })).payload
  } catch {
    // Also thrown for a header that asks for more than this server does (`crit`).
    throw refused('signature')
  }
  const parsed = schema.safeParse(parseJson(payload))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw malformed(`claims: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    throw malformed('what the device signed is not JSON')
  }
}
