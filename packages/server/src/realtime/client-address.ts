/** Where a connection comes from, as HTTP routes see it too: a proxy on this machine tells for whom it asks. */
import type { IncomingMessage } from 'node:http'
import proxyAddr from '@fastify/proxy-addr'

const trusted = proxyAddr.compile('loopback')

export const clientAddress = (request: IncomingMessage): string => proxyAddr(request, trusted)
