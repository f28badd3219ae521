/** Where a connection comes from, as HTTP routes see it too: a trusted proxy tells for whom it asks. */
import type { IncomingMessage } from 'node:http'
import proxyAddr from '@fastify/proxy-addr'

/** A proxy on the server's own machine. */
export const DEFAULT_TRUSTED_PROXIES: readonly string[] = ['loopback']

export type ClientAddress = (request: IncomingMessage) => string

/** Throws a `TypeError` for what is no address, range or name of one. */
export function createClientAddress(trustedProxies = DEFAULT_TRUSTED_PROXIES): ClientAddress {
  const trusted = proxyAddr.compile([...trustedProxies])
  return (request) => proxyAddr(request, trusted)
}
