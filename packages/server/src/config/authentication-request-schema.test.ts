import { describe, expect, it } from 'vitest'
import { DEFAULT_REQUEST_LIMITS } from './authentication-request-limits.ts'
import { checkFile } from './load-config.ts'

const app = { id: 'shop', origins: ['https://shop.example.com'] }
const check = (changes: object, dev = false) => checkFile({ apps: [app], ...changes }, { dev })
const checkApp = (authenticationRequests: unknown) => check({ apps: [{ ...app, authenticationRequests }] })

describe('publicUrl', () => {
  it.each([
    ['https://chat.example.com', 'https://chat.example.com'],
    ['https://chat.example.com/', 'https://chat.example.com'],
    ['https://example.com/chat/', 'https://example.com/chat'],
    ['http://localhost:4000', 'http://localhost:4000'],
  ])('%s is kept as %s', (publicUrl, kept) => {
    expect(check({ publicUrl }).publicUrl).toBe(kept)
  })

  it.each([
    'chat.example.com',
    'http://chat.example.com',
    'https://user:word@chat.example.com',
    'https://chat.example.com/#a',
    'https://chat.example.com/?a=b',
  ])('%s is refused', (publicUrl) => {
    expect(() => check({ publicUrl })).toThrow(/^configuration: publicUrl: /)
  })

  it('may be plain http for development', () => {
    expect(check({ publicUrl: 'http://chat.local' }, true).publicUrl).toBe('http://chat.local')
  })
})

it('defaultApp is one of the apps', () => {
  expect(check({ defaultApp: 'shop' }).defaultApp).toBe('shop')
  expect(() => check({ defaultApp: 'other' })).toThrow('configuration: defaultApp: is none of the apps')
})

describe('[AR9] a provider of an app', () => {
  const provider = { kind: 'forward', url: 'https://ask.example.com', app: 'shop' }

  it.each([
    {},
    {
      apiKey: 'key_1',
      jwksUrl: 'https://ask.example.com/keys',
      issuer: 'ask',
      audience: 'a',
      algorithm: 'RS256',
    },
    { app: undefined, audience: 'shop' },
    { app: undefined, trustUnsigned: true },
    { url: 'http://127.0.0.1:4000' },
  ])('may be %j', (changes) => {
    const given = JSON.parse(JSON.stringify({ ...provider, ...changes }))
    expect(checkApp({ provider: given }).apps[0]?.authenticationRequests?.provider).toEqual(given)
  })

  it.each([
    [{ kind: 'quantauth' }, 'kind'],
    [{ url: 'http://ask.example.com' }, 'url'],
    [{ url: 'https://ask.example.com/?a=b' }, 'url'],
    [{ url: 'https://key@ask.example.com' }, 'url'],
    [{ jwksUrl: 'http://ask.example.com/keys' }, 'jwksUrl'],
    [{ apiKey: 'two\nlines' }, 'apiKey'],
    [{ app: 'a/b' }, 'app'],
    [{ app: undefined }, 'audience'],
    [{ algorithm: 'HS256' }, 'algorithm'],
    [{ algorithm: 'none' }, 'algorithm'],
    [{ trustUnsigned: 'yes' }, 'trustUnsigned'],
    [{ trustUnsigned: true, jwksUrl: 'https://ask.example.com/keys' }, 'jwksUrl'],
    [{ trustUnsigned: true, issuer: 'ask' }, 'issuer'],
    [{ key: 'key_1' }, 'key'],
  ])('%j is refused by the key, without a word of its value', (changes, key) => {
    const given = JSON.parse(JSON.stringify({ ...provider, ...changes }))
    const check = () => checkApp({ provider: given })
    expect(check).toThrow(`apps[0].authenticationRequests.provider.${key}: `)
    expect(check).not.toThrow(/two|key@/)
  })

  it('may be plain http for development', () => {
    const apps = [{ ...app, authenticationRequests: { provider: { ...provider, url: 'http://ask.local' } } }]
    expect(check({ apps }, true).apps[0]?.authenticationRequests?.provider?.url).toBe('http://ask.local')
  })
})

describe('how many days requests are kept', () => {
  it.each([1, 30, 3_650])('may be %i', (keepDays) => {
    expect(checkApp({ keepDays }).apps[0]?.authenticationRequests?.keepDays).toBe(keepDays)
  })

  it.each([0, 3_651, 1.5, -1, '30', null])('may not be %j', (keepDays) => {
    expect(() => checkApp({ keepDays })).toThrow('apps[0].authenticationRequests.keepDays: ')
  })
})

describe('[AR7] limits of an app', () => {
  it('are set one by one; the others have their default', () => {
    const limits = { withoutKey: { addresseePerHour: 2 }, inChat: { sessionPerHour: 1 }, addresseePerHour: 9 }
    expect(checkApp({ limits }).apps[0]?.authenticationRequests).toEqual({
      limits: {
        withoutKey: { ...DEFAULT_REQUEST_LIMITS.withoutKey, addresseePerHour: 2 },
        withKey: DEFAULT_REQUEST_LIMITS.withKey,
        inChat: { ...DEFAULT_REQUEST_LIMITS.inChat, sessionPerHour: 1 },
        addresseePerHour: 9,
      },
    })
    expect(checkApp({}).apps[0]?.authenticationRequests).toEqual({ limits: DEFAULT_REQUEST_LIMITS })
  })

  it.each([
    [{ limits: { withoutKey: { perHour: 2 } } }, 'limits.withoutKey.perHour'],
    [{ limits: { withoutKey: { ipBurst: 0 } } }, 'limits.withoutKey.ipBurst'],
    [{ limits: { withKey: { addresseeCooldownSeconds: -1 } } }, 'limits.withKey.addresseeCooldownSeconds'],
    [{ lifetime: 1 }, 'lifetime'],
  ])('%j is refused by the key', (value, key) => {
    expect(() => checkApp(value)).toThrow(`apps[0].authenticationRequests.${key}: `)
  })
})
