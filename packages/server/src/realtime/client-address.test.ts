import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { clientAddress } from './client-address.ts'

describe('the address that limits are counted by', () => {
  const cases: readonly (readonly [peer: string, forwarded: string | undefined, address: string])[] = [
    ['192.0.2.1', undefined, '192.0.2.1'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    // A proxy on this machine adds whom it serves; what the client said itself stands before.
    ['127.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['::ffff:127.0.0.1', '198.51.100.7, 192.0.2.1', '192.0.2.1'],
    ['::1', '198.51.100.7, 192.0.2.1, 127.0.0.1', '192.0.2.1'],
    // Nobody else is believed.
    ['192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['192.0.2.1', '127.0.0.1', '192.0.2.1'],
  ]
  it.each(cases)('of %s with %s: %s', (peer, forwarded, address) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    const request = { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage
    expect(clientAddress(request)).toBe(address)
  })
})
