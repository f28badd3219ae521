import { describe, expect, it } from 'vitest'
import { isPrivateAddress, namesPrivateAddress } from './private-address.ts'

describe('[ID16] addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '::ffff:0:127.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b:1::1',
    '3fff::1',
    '5f00::1',
    '2001:20::1',
    '2001:30::1',
    '192.88.99.1',
    '::127.0.0.1',
    '100:0:0:1::1',
    'not an address',
  ])('%s is not called', (address) => {
    expect(isPrivateAddress(address)).toBe(true)
  })

  it.each([
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2001:4860:4860::8888',
    '::ffff:8.8.8.8',
  ])('%s is', (address) => {
    expect(isPrivateAddress(address)).toBe(false)
  })

  it('are the operator’s own wish where the URL itself names them', () => {
    const hostOf = (url: string) => new URL(url).hostname
    expect(namesPrivateAddress(hostOf('http://localhost:3000'))).toBe(true)
    expect(namesPrivateAddress(hostOf('http://10.0.0.1'))).toBe(true)
    expect(namesPrivateAddress(hostOf('http://[::1]:3000'))).toBe(true)
    expect(namesPrivateAddress(hostOf('http://0x7f.1'))).toBe(true)
    expect(namesPrivateAddress(hostOf('http://8.8.8.8'))).toBe(false)
    expect(namesPrivateAddress(hostOf('http://localhost.example.com'))).toBe(false)
  })
})
