import { describe, expect, it } from 'vitest'
import { isSameHost, originAllowed } from './origins.ts'

describe('originAllowed', () => {
  const cases: readonly (readonly [pattern: string, origin: string, allowed: boolean])[] = [
    ['https://shop.example.com', 'https://shop.example.com', true],
    ['https://shop.example.com', 'HTTPS://Shop.Example.com', true],
    ['https://shop.example.com', 'http://shop.example.com', false],
    ['https://shop.example.com', 'https://shop.example.com:8443', false],
    ['https://shop.example.com', 'https://shop.example.com.evil.org', false],
    ['https://shop.example.com', 'https://evil.org/https://shop.example.com', false],
    ['https://shop.example.com', 'https://shop.example.com@evil.org', false],
    ['http://localhost:*', 'http://localhost:5173', true],
    ['http://localhost:*', 'http://localhost', true],
    ['http://localhost:*', 'https://localhost:5173', false],
    ['http://localhost:*', 'http://localhost.evil.org:5173', false],
    ['http://[::1]:*', 'http://[::1]:8080', true],
    ['http://[::1]', 'http://[::1]', true],
    ['https://*.example.com', 'https://eu.example.com', true],
    ['https://*.example.com', 'https://a.eu.example.com', false],
    ['https://*.example.com', 'https://example.com', false],
    ['https://*.example.com', 'https://evilexample.com', false],
    ['https://*.example.com', 'https://eu.example.com:8443', false],
    ['https://*.example.com:*', 'https://eu.example.com:8443', true],
    ['capacitor://localhost', 'capacitor://localhost', true],
    ['capacitor://localhost', 'Capacitor://LOCALHOST', true],
    ['capacitor://localhost', 'capacitor://localhost.evil.org', false],
    ['capacitor://localhost', 'ionic://localhost', false],
    ['capacitor://localhost', 'http://localhost', false],
    ['http://localhost:*', 'capacitor://localhost', false],
    ['https://*.example.com', 'null', false],
    ['https://*.example.com', '', false],
  ]
  it.each(cases)('%s and %s: %s', (pattern, origin, allowed) => {
    expect(originAllowed(origin, [pattern])).toBe(allowed)
  })
})

describe('isSameHost', () => {
  it('compares host and port, whatever the scheme', () => {
    expect(isSameHost('https://chat.example.com', 'chat.example.com')).toBe(true)
    expect(isSameHost('https://chat.example.com', 'chat.example.com:443')).toBe(true)
    expect(isSameHost('http://127.0.0.1:4000', '127.0.0.1:4000')).toBe(true)
    expect(isSameHost('http://127.0.0.1:4001', '127.0.0.1:4000')).toBe(false)
    expect(isSameHost('null', 'chat.example.com')).toBe(false)
    expect(isSameHost('https://chat.example.com', undefined)).toBe(false)
  })
})
