/** The address of a connection, and the network that counts as one caller. HTTP and sockets use the same. */
import type { IncomingMessage } from 'node:http'
import proxyAddr from '@fastify/proxy-addr'
import ipaddr from 'ipaddr.js'
import type { Caller } from '../outbound/caller-breaker.ts'

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

/** The address itself for IPv4; for IPv6 its /64, which one caller usually has to itself. */
export function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip
  const address = ipaddr.process(ip)
  if (address instanceof ipaddr.IPv4) return address.toString()
  return address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')
}
