/** Where a connection comes from, as HTTP routes see it too: a proxy on this machine tells for whom it asks. */
import type { IncomingMessage } from 'node:http'
import proxyAddr from '@fastify/proxy-addr'
import { networkOf } from '../authentication-requests/network.ts'
import type { Caller } from '../outbound/circuit-breaker.ts'

const trusted = proxyAddr.compile('loopback')

export const clientAddress = (request: IncomingMessage): string => proxyAddr(request, trusted)

/** On whose behalf the server calls others. A device without a session is known by its connection. */
export const callerOf = (
  socket: { readonly id: string; readonly request: IncomingMessage },
  visitor: string = socket.id,
): Caller => ({ visitor, network: networkOf(clientAddress(socket.request)) })
