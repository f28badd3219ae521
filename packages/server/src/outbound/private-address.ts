/** Keeps calls out of private networks: the address that was checked is the one connected to. */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Everything that is not the public internet; an IPv4 address inside IPv6 counts as the IPv4 address. */
const PRIVATE = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 96],
  // As RFC 7915 translates IPv4: not the mapped form, so it would not count as the IPv4 address.
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  // Site-local: given up for `fc00::/7`, and still found inside companies.
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv6')
}

/** Also true for text that is no address: what cannot be judged is not called. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  return family === 0 || PRIVATE.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** Whether a URL's host is itself a private address or `localhost`: then the operator meant it. */
export function namesPrivateAddress(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return hostname.toLowerCase() === 'localhost' || (isIP(bare) !== 0 && isPrivateAddress(bare))
}

export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError'
}

/** For the `lookup` option of `node:http`: fails when any address of the name is private. */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  const all: LookupOptions & { all: true } = { ...options, all: true }
  lookup(hostname, all, (error, addresses) => {
    if (error !== null) return callback(error, '', 0)
    const [first] = addresses
    if (first === undefined || addresses.some(({ address }) => isPrivateAddress(address))) {
      return callback(new PrivateAddressError('The name resolves to a private address.'), '', 0)
    }
    // Node asks for all of them when it may try several; the type knows only the single form.
    if (options.all === true) return (callback as unknown as AllCallback)(null, addresses)
    return callback(null, first.address, first.family)
  })
}

type AllCallback = (error: null, addresses: readonly LookupAddress[]) => void
