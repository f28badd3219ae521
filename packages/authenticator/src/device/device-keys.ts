/** [AR11] A device's key pair, whose private half never leaves this browser, and its signatures. */
import {
  DEVICE_ANSWER_TYPE,
  DEVICE_PROOF_TYPE,
  type DeviceAnswerClaims,
  type DeviceId,
  type DeviceProofClaims,
  type DevicePublicKey,
} from '@chat-widget/protocol'
import { type JWTPayload, SignJWT } from 'jose'

/** Not extractable: even this page's own script can only sign with the private key, not read it. */
export function createDeviceKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
}

async function publicKeyOf({ publicKey }: CryptoKeyPair): Promise<DevicePublicKey> {
  const { x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  if (x === undefined || y === undefined) throw new Error('not a key on a curve')
  return { kty: 'EC', crv: 'P-256', x, y }
}

/** `deviceId`: set if the server knows the device already. */
export function signProof(
  { privateKey }: CryptoKeyPair,
  claims: DeviceProofClaims,
  deviceId?: DeviceId,
): Promise<string> {
  return sign(
    privateKey,
    { typ: DEVICE_PROOF_TYPE, ...(deviceId !== undefined && { kid: deviceId }) },
    claims,
  )
}

/** A new key, as it is sent to the server. */
export interface NewKeyProof {
  readonly publicKey: DevicePublicKey
  readonly proof: string
}

export async function proveNewKey(
  keys: CryptoKeyPair,
  claims: DeviceProofClaims,
  deviceId?: DeviceId,
): Promise<NewKeyProof> {
  return { publicKey: await publicKeyOf(keys), proof: await signProof(keys, claims, deviceId) }
}

export function signAnswer({ privateKey }: CryptoKeyPair, claims: DeviceAnswerClaims): Promise<string> {
  return sign(privateKey, { typ: DEVICE_ANSWER_TYPE, kid: claims.iss }, claims)
}

const sign = (key: CryptoKey, header: { readonly typ: string; readonly kid?: string }, claims: object) =>
  new SignJWT(claims as JWTPayload).setProtectedHeader({ alg: 'ES256', ...header }).sign(key)
