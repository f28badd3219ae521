/** Compact JWS with ES256, by WebCrypto: the small part of the standard that this page needs. */

export interface JwsHeader {
  readonly typ: string
  /** Id of the device that holds the key, if the server knows the device already. */
  readonly kid?: string
}

/** Signs claims. `privateKey`: an ECDSA key on P-256, which need not be extractable. */
export async function signJws(privateKey: CryptoKey, header: JwsHeader, claims: object): Promise<string> {
  const signed = `${encodeJson({ alg: 'ES256', ...header })}.${encodeJson(claims)}`
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    privateKey,
    new TextEncoder().encode(signed),
  )
  return `${signed}.${encodeBytes(new Uint8Array(signature))}`
}

const encodeJson = (value: object): string => encodeBytes(new TextEncoder().encode(JSON.stringify(value)))

/** Base64url without padding. */
function encodeBytes(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
