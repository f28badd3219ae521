import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createClientAddress } from './client-address.ts'

describe('the address that limits are counted by', () => {
  const cases: readonly (readonly [peer: string, forwarded: string | undefined, address: string])[] = [
    ['192.0.2.1', undefined, '192.0.2.1'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    // A proxy on this machine appends its client; the client's own claim stands before.
    ['127.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['::ffff:127.0.0.1', '198.51.100.7, 192.0.2.1', '192.0.2.1'],
    ['::1', '198.51.100.7, 192.0.2.1, 127.0.0.1', '192.0.2.1'],
    // No other proxy is trusted.
    ['192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['192.0.2.1', '127.0.0.1', '192.0.2.1'],
  ]
  it.each(cases)('of %s with %s: %s', (peer, forwarded, address) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    const request = { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage
    expect(createClientAddress()(request)).toBe(address)
  })

  const named: readonly (readonly [peer: string, forwarded: string, address: string])[] = [
    ['10.1.2.3', '192.0.2.1', '192.0.2.1'],
    // Through both: the load balancer appends the client, the proxy after it the load balancer.
    ['172.17.0.1', '198.51.100.7, 192.0.2.1, 10.1.2.3', '192.0.2.1'],
    ['2001:db8::1', '192.0.2.1', '192.0.2.1'],
    ['2001:db8:1::1', '192.0.2.1', '2001:db8:1::1'],
    ['127.0.0.1', '192.0.2.1', '127.0.0.1'],
  ]
  it.each(named)('[DL9] with proxies on other machines, of %s with %s: %s', (peer, forwarded, address) => {
    const of = createClientAddress(['10.0.0.0/8', '172.17.0.1', '2001:db8::/48'])
    const request = { socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': forwarded } }
    expect(of(request as unknown as IncomingMessage)).toBe(address)
  })
})
