import type { AppId } from '@chat-widget/protocol'
import { describe, expect, it, vi } from 'vitest'
import { knownParts, readDeviceName } from './device/device-name.ts'
import { deviceLink, keepLink, keptLink, readDeviceCode, takeLink } from './link.ts'
import { loadStrings } from './strings/load-strings.ts'

const take = (hash: string) => {
  const replaced: unknown[] = []
  const link = takeLink({
    location: { hash, pathname: '/authenticator/', search: '?x=1' } as Location,
    history: { replaceState: (...args: unknown[]) => replaced.push(args) } as unknown as History,
  })
  return { link, replaced }
}

describe('[AR12] a link into the page', () => {
  it('is taken off the address at once, and says what to connect or to join', () => {
    const { link, replaced } = take('#app=shop&request=1234&callback=https%3A%2F%2Fshop.example.com%2Fback')
    expect(link).toEqual({
      kind: 'connect',
      app: 'shop',
      request: '1234',
      callback: 'https://shop.example.com/back',
    })
    expect(replaced).toEqual([[null, '', '/authenticator/?x=1']])
    expect(take('#app=shop').link).toEqual({ kind: 'connect', app: 'shop', request: null, callback: null })
    expect(take('#device=ABCD-EFGH').link).toEqual({ kind: 'join', code: 'ABCD-EFGH' })
  })

  it('that says nothing is none, and is taken off as well', () => {
    expect(take('#nonsense')).toMatchObject({ link: null, replaced: [[null, '', '/authenticator/?x=1']] })
    expect(take('')).toEqual({ link: null, replaced: [] })
  })

  it('is kept for a reload until it is done, where the browser keeps anything', () => {
    const link = { kind: 'connect', app: 'shop' as AppId, request: null, callback: null } as const
    keepLink(link)
    expect(keptLink()).toEqual(link)
    keepLink(null)
    expect(keptLink()).toBeNull()
    vi.stubGlobal('sessionStorage', {
      get setItem() {
        throw new DOMException('no', 'SecurityError')
      },
    })
    keepLink(link)
    expect(keptLink()).toBeNull()
    vi.unstubAllGlobals()
  })

  it('whose address to go back to is too long connects all the same', () => {
    const callback = `https://shop.example.com/${'x'.repeat(2_048)}`
    expect(take(`#${new URLSearchParams({ app: 'shop', callback })}`).link).toMatchObject({ callback: null })
  })

  it('or its code is found in what was pasted', () => {
    expect(readDeviceCode(` ${deviceLink('https://example.com/chat/authenticator/', 'ABCD-EFGH')} `)).toBe(
      'ABCD-EFGH',
    )
    expect(readDeviceCode(' ABCD-EFGH ')).toBe('ABCD-EFGH')
  })
})

describe('a device’s name', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'Linux'],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML) Chrome/150.0.0.0 Mobile Safari/537.36',
      'Chrome',
      'Android',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1',
      'Safari',
      'iPhone',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 (KHTML) Chrome/150.0 Safari/537.36 Edg/150.0',
      'Edge',
      'Windows',
    ],
  ])('is found in %s', (userAgent, browser, system) => {
    expect(knownParts(userAgent)).toEqual({ browser, system })
  })

  it('is one line of plain text, as the server takes it', () => {
    expect(readDeviceName(' My\n\u202elaptop ')).toBe('My laptop')
    expect(readDeviceName(' \u200f ')).toBeNull()
    expect(readDeviceName('x'.repeat(80))).toHaveLength(60)
  })
})

it('speaks the first language that it knows, else English', async () => {
  expect(await loadStrings(['xx', 'de-AT', 'en'])).toMatchObject({
    locale: 'de-AT-u-nu-latn',
    back: 'Zurück',
  })
  expect((await loadStrings(['ar'])).dir).toBe('rtl')
  expect(await loadStrings(['en-GB', 'de'])).toMatchObject({ locale: 'en-GB-u-nu-latn', back: 'Back' })
  expect((await loadStrings(['xx'])).back).toBe('Back')
})
