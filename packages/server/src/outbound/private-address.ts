/** Keeps calls out of private networks: the checked address is the one connected to. */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * True for an address that is not of the public internet, by the library's list of special ranges; an IPv4 address
 * inside IPv6 counts as the IPv4 address. Also true for text that is no address: it fails closed.
 */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return true
  return ipaddr.process(address).range() !== 'unicast' || isOfMoreRanges(address)
}

/** Obsolete ranges that companies still use, or newer than the library's list. */
const MORE_RANGES = ['::/96', '::ffff:0:0:0/96', 'fec0::/10', '100:0:0:1::/64'].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
)

function isOfMoreRanges(address: string): boolean {
  const parsed = ipaddr.process(address)
  return parsed instanceof ipaddr.IPv6 && MORE_RANGES.some((range) => parsed.match(range))
}

/** True if a URL's host is itself a private address or `localhost`: then the operator meant it. */
export function namesPrivateAddress(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return hostname.toLowerCase() === 'localhost' || (ipaddr.isValid(bare) && isPrivateAddress(bare))
}

export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError'
}

/** For the `lookup` option of `node:http`: fails if any address of the name is private. */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  const all: LookupOptions & { all: true } = { ...options, all: true }
  lookup(hostname, all, (error, addresses) => {
    if (error !== null) return callback(error, '', 0)
    const [first] = addresses
    if (first === undefined || addresses.some(({ address }) => isPrivateAddress(address))) {
      return callback(new PrivateAddressError('The name resolves to a private address.'), '', 0)
    }
    // Node asks for all addresses when it may try several; the type knows only the single form.
    if (options.all === true) return (callback as unknown as AllCallback)(null, addresses)
    return callback(null, first.address, first.family)
  })
}

type AllCallback = (error: null, addresses: readonly LookupAddress[]) => void
