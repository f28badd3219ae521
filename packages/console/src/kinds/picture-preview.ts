/** Addresses of pictures that this window has the bytes of. */

/** Newest last. */
const addresses = new Map<Blob, string>()
/** More pictures than are chosen and sent at a time. */
const MOST = 30

export function previewAddress(bytes: Blob): string {
  const known = addresses.get(bytes)
  if (known !== undefined) return known
  const address = URL.createObjectURL(bytes)
  addresses.set(bytes, address)
  for (const [oldest, unused] of addresses) {
    if (addresses.size <= MOST) break
    addresses.delete(oldest)
    URL.revokeObjectURL(unused)
  }
  return address
}
