import { describe, expect, it } from 'vitest'
import type { AppConfig, DisplayConfig } from '../config/config.ts'
import type { Context } from './context.ts'
import { displayClaims } from './display-claims.ts'

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl'

const appWith = (display: DisplayConfig) =>
  ({
    context: {
      kind: 'jwt',
      tokenPath: 'Auth.Token',
      algorithms: [],
      secret: '',
      issuer: '',
      audience: '',
      display,
    },
  }) as unknown as AppConfig

function claimsOf(display: DisplayConfig, from: { readonly proven?: unknown; readonly context?: object }) {
  const context = { Auth: { Token: TOKEN }, ...from.context }
  return displayClaims(appWith(display), { proven: (from.proven ?? {}) as Context, context })
}

/** The claims shown for one value. */
const shown = (value: unknown) => claimsOf({ Value: { claim: 'value' } }, { proven: { value } })[0]?.value

describe('[ID9] a claim that is shown', () => {
  it('is verified when the verifier proved it, and not when the browser says so', () => {
    const display = { Name: { claim: 'name' }, Plan: { context: 'CustomerInfo.plan' } }
    const proven = { name: 'Ada', CustomerInfo: { plan: 'proven, but not asked for' } }
    const context = { name: 'Mallory', CustomerInfo: { plan: 'gold' } }
    expect(claimsOf(display, { proven, context })).toEqual([
      { label: 'Name', value: 'Ada', verified: true },
      { label: 'Plan', value: 'gold', verified: false },
    ])
  })

  it('is left out where only the other side has it', () => {
    expect(claimsOf({ Name: { claim: 'name' } }, { context: { name: 'Mallory' } })).toEqual([])
    expect(claimsOf({ Plan: { context: 'plan' } }, { proven: { plan: 'gold' } })).toEqual([])
  })

  it('is text, a number or a yes or no; anything else is left out', () => {
    expect([shown('gold'), shown(0), shown(-1.5), shown(false)]).toEqual(['gold', '0', '-1.5', 'false'])
    for (const value of [
      undefined,
      null,
      {},
      ['gold'],
      Number.NaN,
      Infinity,
      5n,
      () => 'gold',
      Symbol('gold'),
    ])
      expect(shown(value)).toBeUndefined()
  })

  it('is one line, without control characters and marks that turn the direction of writing', () => {
    expect(shown(' two\r\n lines\t\u2028end ')).toBe('two lines end')
    expect(shown('a\u0000b\u001b[31mc\u007fd\u0085e')).toBe('ab[31mcde')
    expect(shown('\u202egold\u202c \u2066x\u2069 \u200ey\u200f \u061cz')).toBe('gold x y z')
    expect(shown('half \ud83d pair')).toBe('half  pair')
    expect(shown('עברית <b>&amp; می‌خواهم 👩‍🚀')).toBe('עברית <b>&amp; می‌خواهم 👩‍🚀')
  })

  it('is left out where nothing of it can be seen', () => {
    for (const value of ['', ' \n ', '\u202e', '\u200b\u2060\ufeff', '\u3164'])
      expect(shown(value)).toBeUndefined()
  })

  it('is cut at 200 characters, and says so', () => {
    expect(shown('x'.repeat(200))).toBe('x'.repeat(200))
    expect(shown('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`)
    expect(shown('😀'.repeat(300))).toBe(`${'😀'.repeat(199)}…`)
  })

  it('is never the token, alone or inside of something', () => {
    const display = { Who: { context: 'CustomerInfo.name' }, What: { claim: 'name' } }
    for (const name of [TOKEN, `Bearer ${TOKEN}`, `${'x'.repeat(190)}${TOKEN}`])
      expect(claimsOf(display, { proven: { name }, context: { CustomerInfo: { name } } })).toEqual([])
  })

  it('is read by own properties only', () => {
    const paths = ['constructor.name', '__proto__.plan', 'toString.name', 'inherited.plan']
    const display = Object.fromEntries(paths.map((path, index) => [`${index}`, { claim: path }]))
    const proven = { inherited: Object.create({ plan: 'gold' }) as object }
    expect(claimsOf(display, { proven })).toEqual([])
    expect(claimsOf({ Name: { claim: 'name' } }, { proven: Object.create({ name: 'Ada' }) })).toEqual([])
  })

  it('that throws when it is read is left out, and the others are shown', () => {
    const proven = {
      get name(): string {
        throw new Error('lazy')
      },
      plan: 'gold',
    }
    expect(claimsOf({ Name: { claim: 'name' }, Plan: { claim: 'plan' } }, { proven })).toEqual([
      { label: 'Plan', value: 'gold', verified: true },
    ])
  })

  it('is nothing of claims that are no plain object', () => {
    for (const proven of ['name', 7, ['name'], new Map([['name', 'Ada']])])
      expect(claimsOf({ Name: { claim: 'name' }, Size: { claim: 'length' } }, { proven })).toEqual([])
  })
})
