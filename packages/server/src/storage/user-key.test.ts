import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type UserName, userKey, userOfKey } from './user-key.ts'

const methods = ['host', 'email', 'identifier'] as const
const userName: fc.Arbitrary<UserName> = fc.record({
  method: fc.constantFrom(...methods),
  userIdentifier: fc.oneof(
    fc.string({ minLength: 1 }),
    fc.tuple(fc.constantFrom(...methods), fc.string()).map(([method, rest]) => `${method}:${rest}`),
  ),
})

describe('[AR15] the key of a user', () => {
  it('tells method and identifier, whatever a host calls its users', () => {
    fc.assert(
      fc.property(userName, (name) => {
        expect(userOfKey(userKey(name))).toEqual(name)
      }),
    )
  })

  it('differs between the methods', () => {
    const keys = methods.map((method) => userKey({ method, userIdentifier: 'ada@example.com' }))
    expect(
      new Set([...keys, userKey({ method: 'host', userIdentifier: 'email:ada@example.com' })]).size,
    ).toBe(4)
  })

  it('of a host’s user is as it was before there were other methods', () => {
    expect(userKey({ method: 'host', userIdentifier: 'customer-17' })).toBe('customer-17')
  })
})
