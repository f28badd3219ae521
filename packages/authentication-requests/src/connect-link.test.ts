import jsQR from 'jsqr'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { createAuthenticationClient } from './index.ts'

const CID = '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a001'
const options = { server: 'https://chat.example.com', app: 'shop' }
const authentication = createAuthenticationClient(options).authentication()
const keyed = createAuthenticationClient({ ...options, apiKey: 'a-secret-key' }).authentication()

// The CommonJS module's types nest the function a level deeper than Node's import does, or the other way round.
const decode = ('default' in jsQR ? jsQR.default : jsQR) as typeof jsQR.default

describe('a deep link', () => {
  it('leads to the authenticator, with app and callback where no server and no referrer gets them', () => {
    const link = new URL(authentication.generateDeepLink('https://shop.example.com/welcome?a=1&b=2#c'))
    expect(link.origin + link.pathname + link.search).toBe('https://chat.example.com/authenticator/')
    expect(Object.fromEntries(new URLSearchParams(link.hash.slice(1)))).toEqual({
      app: 'shop',
      callback: 'https://shop.example.com/welcome?a=1&b=2#c',
    })
  })

  it('[OP5] leads below the path of the server', () => {
    const client = createAuthenticationClient({ server: 'https://example.com/chat/', app: 'shop' })
    expect(client.authentication().generateDeepLink()).toBe(
      'https://example.com/chat/authenticator/#app=shop',
    )
  })

  it('[AR5] holds no secret', async () => {
    expect(keyed.generateDeepLink()).toBe('https://chat.example.com/authenticator/#app=shop')
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', '/welcome', 'https://a:b@shop.example.com', 7])(
    'is refused with the callback %s',
    (callback) => {
      expect(() => authentication.generateDeepLink(callback as string)).toThrow(/^callback: /)
    },
  )

  it('names an app, or there is none', () => {
    const nameless = createAuthenticationClient({ server: options.server }).authentication()
    expect(() => nameless.generateDeepLink()).toThrow(/^app: /)
  })
})

const readQr = ({ data, width, height }: PNG) => decode(new Uint8ClampedArray(data), width, height)?.data

describe('a QR code', () => {
  it('is an SVG document', async () => {
    expect(await authentication.generateQR({ format: 'svg' })).toMatch(/^<svg [\s\S]*<\/svg>\s*$/)
  })

  it('is a PNG that a camera reads the link from', async () => {
    const png = PNG.sync.read(Buffer.from(await authentication.generateQR()))
    expect(readQr(png)).toBe(authentication.generateDeepLink())
    const callback = 'https://shop.example.com/welcome'
    const ofRequest = PNG.sync.read(Buffer.from(await authentication.generateQR({ cid: CID, callback })))
    const values = new URLSearchParams(new URL(readQr(ofRequest) ?? '').hash.slice(1))
    expect(Object.fromEntries(values)).toEqual({ app: 'shop', request: CID, callback })
  })

  it('of another request is another one', async () => {
    const one = await authentication.generateQR({ format: 'svg' })
    expect(await authentication.generateQR({ format: 'svg', cid: CID })).not.toBe(one)
    expect(await keyed.generateQR({ format: 'svg' })).toBe(one)
  })

  it('is refused in other formats, and for what is no request', async () => {
    await expect(authentication.generateQR({ format: 'gif' as 'png' })).rejects.toThrow(/^format: /)
    await expect(authentication.generateQR({ cid: 7 as never })).rejects.toThrow(/^cid: /)
  })
})
