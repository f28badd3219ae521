/** The address of a connection, and the network that counts as one caller. HTTP and sockets use the same. */
import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import proxyAddr from '@fastify/proxy-addr'
import type { Caller } from '../outbound/circuit-breaker.ts'

/** A proxy on the server's own machine. */
export const DEFAULT_TRUSTED_PROXIES: readonly string[] = ['loopback']

/** For a request that a trusted proxy forwarded: the address the proxy names. */
export type ClientAddress = (request: IncomingMessage) => string

/** Throws a `TypeError` for an entry that is no address, range or name of one. */
export function createClientAddress(trustedProxies = DEFAULT_TRUSTED_PROXIES): ClientAddress {
  const trusted = proxyAddr.compile([...trustedProxies])
  return (request) => proxyAddr(request, trusted)
}

/** The caller on whose behalf the server calls others. A device without a session is known by its connection. */
export const callerOf = (
  addressOf: ClientAddress,
  socket: { readonly id: string; readonly request: IncomingMessage },
  visitor: string = socket.id,
): Caller => ({ visitor, network: networkOf(addressOf(socket.request)) })

/** Returns an IPv4 address unchanged; for IPv6 its /64, which one caller usually has to itself. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  const [address = ''] = ip.split('%')
  if (!isIPv6(address)) return ip
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 4).join(':')
}
