import { describe, expect, it } from 'vitest'
import { ALEX, connect, startServer } from './clients.testing.ts'
import { createAuthenticationClient } from './index.ts'

describe('misuse is a TypeError that names the argument, and nothing is asked', () => {
  it.each([
    ['selfid', ['111']],
    ['selfid', ['alex@example.com']],
    ['selfid', [undefined]],
    ['selfid', [{}]],
    ['selfid', [{ email: 'alex@example.com', identifier: ALEX }]],
    ['selfid', [{ email: 'alex@example.com', phone: '1' }]],
    ['email', [{ email: 'alex' }]],
    ['email', [{ email: 'alex@example.com\r\nBcc: all@example.com' }]],
    ['email', [{ email: `${'a'.repeat(250)}@example.com` }]],
    ['identifier', [{ identifier: '١١١٢٢٢٣٣٣٤' }]],
    ['cid', [ALEX, { cid: 7 }]],
    ['async', [ALEX, { async: 'yes' }]],
    ['expiresIn', [ALEX, { expiresIn: 901 }]],
    ['expiresIn', [ALEX, { expiresIn: 0 }]],
    ['waitForResponse', [ALEX, { waitForResponse: -1 }]],
    ['waitForResponse', [ALEX, { waitForResponse: Number.NaN }]],
    ['signal', [ALEX, { signal: {} }]],
    ['binding', [ALEX, { binding: 'digits' }]],
    ['userName', [ALEX, { userName: 'x'.repeat(121) }]],
    ['userIp', [ALEX, { userIp: 7 }]],
    ['userOrigin', [ALEX, { userOrigin: 7 }]],
    ['options', [ALEX, { waitForReponse: 5 }]],
    ['options', [ALEX, null]],
    ['observer', [ALEX, {}, 'tell me']],
  ])('%s: %j', async (name, args) => {
    const server = await startServer()
    const { authentication } = connect(server)
    const request = authentication.request as (...args: readonly unknown[]) => Promise<unknown>
    const error = await request(...args).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(TypeError)
    expect((error as TypeError).message).toMatch(new RegExp(`^${name}: `))
    expect(server.calls).toEqual([])
  })

  it.each([
    ['server', { server: 'chat.example.com' }],
    ['server', { server: 'https://chat.example.com/?path' }],
    ['server', { server: 'https://key:secret@chat.example.com' }],
    ['app', { app: '' }],
    ['apiKey', { apiKey: 7 }],
    ['apiKey', { apiKey: 'a key\nof two' }],
    ['applicationTitle', { applicationTitle: 'x'.repeat(121) }],
    ['fetch', { fetch: 'window' }],
    ['logger', { logger: { info() {} } }],
    ['logger', { logger: null }],
    ['options', { apikey: 'a-key' }],
  ])('%s of a client: %j', (name, options) => {
    expect(() =>
      createAuthenticationClient({ server: 'https://chat.example.com', ...(options as object) }),
    ).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        message: expect.stringMatching(new RegExp(`^${name}: `)),
      }),
    )
  })

  it('an API key in a page', () => {
    const page = { document: {} }
    Object.assign(globalThis, { window: page })
    try {
      const make = () => createAuthenticationClient({ server: 'https://chat.example.com', apiKey: 'key' })
      expect(make).toThrow(/^apiKey: /)
      expect(() => createAuthenticationClient({ server: 'https://chat.example.com' })).not.toThrow()
    } finally {
      Reflect.deleteProperty(globalThis, 'window')
    }
  })

  it('the ids of other calls, and cursors where there is no key', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    for (const call of [authentication.waitFor, authentication.get, authentication.cancel])
      await expect(call('x'.repeat(201))).rejects.toThrow(/^cid: /)
    for (const call of [authentication.waitFor, authentication.get, authentication.cancel])
      await expect(call(crypto.randomUUID(), null as never)).rejects.toThrow(/^options: /)
    await expect(authentication.generateQR(null as never)).rejects.toThrow(/^options: /)
    expect(() => authentication.subscribe(() => {}, null as never)).toThrow(/^options: /)
    expect(() => authentication.subscribe(() => {}, { onError: 'me' as never })).toThrow(/^onError: /)
    expect(() => authentication.subscribe('me' as never)).toThrow(/^observer: /)
    expect(() => authentication.subscribe(() => {}, { after: '7' })).toThrow(/^after: /)
    const nameless = createAuthenticationClient({ server: server.url, apiKey: 'key' })
    expect(() => nameless.authentication().subscribe(() => {})).toThrow(/^app: /)
  })
})
