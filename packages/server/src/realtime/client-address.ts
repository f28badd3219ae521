/** Who a socket comes from, for limits per address; as for HTTP, a proxy on this machine is believed. */
import { isIPv4 } from 'node:net'

/** The last address on the way that is not this machine; `forwardedFor` is the header that proxies add to. */
export function clientAddress(peer: string, forwardedFor: string | readonly string[] | undefined): string {
  const said = [forwardedFor ?? []].flat().join(',').split(',')
  const way = [...said.map((address) => address.trim()).filter((address) => address !== ''), peer]
  return way.findLast((address) => !isLoopback(address)) ?? peer
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '')
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'))
}
