/** Where a connection comes from, as HTTP routes see it too: a trusted proxy tells for whom it asks. */
import type { IncomingMessage } from 'node:http'
import proxyAddr from '@fastify/proxy-addr'
import { networkOf } from '../authentication-requests/network.ts'
import type { Caller } from '../outbound/circuit-breaker.ts'

/** A proxy on the server's own machine. */
export const DEFAULT_TRUSTED_PROXIES: readonly string[] = ['loopback']

export type ClientAddress = (request: IncomingMessage) => string

/** Throws a `TypeError` for what is no address, range or name of one. */
export function createClientAddress(trustedProxies = DEFAULT_TRUSTED_PROXIES): ClientAddress {
  const trusted = proxyAddr.compile([...trustedProxies])
  return (request) => proxyAddr(request, trusted)
}

/** On whose behalf the server calls others. A device without a session is known by its connection. */
export const callerOf = (
  addressOf: ClientAddress,
  socket: { readonly id: string; readonly request: IncomingMessage },
  visitor: string = socket.id,
): Caller => ({ visitor, network: networkOf(addressOf(socket.request)) })
