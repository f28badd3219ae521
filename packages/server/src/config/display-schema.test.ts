import { describe, expect, it } from 'vitest'
import { ConfigurationError } from './configuration-error.ts'
import { checkFile } from './load-config.ts'

const urls = { url: 'https://shop.example.com/' }
const token = { algorithms: ['RS256'], issuer: 'https://shop.example.com', audience: 'chat' }
const introspect = { kind: 'introspect', ...urls }
const jwks = { kind: 'jwks', ...urls, ...token }
const jwt = { kind: 'jwt', ...token, algorithms: ['HS256'], secret: 'x'.repeat(32) }

function check(context: object) {
  const app = { id: 'shop', origins: ['https://shop.example.com'], context }
  return checkFile({ apps: [app] }, { dev: false }).apps[0]
}

/** Returns `key: problem`, or `accepted`. */
function problemOf(display: unknown, context: object = jwks): string {
  try {
    check({ ...context, display })
    return 'accepted'
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.message.replace('configuration: apps[0].context.', '')
  }
}

const labels = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`Label ${index}`, { claim: 'name' }]))

describe('[ID9] what agents are shown', () => {
  it('may stand in every kind of context, and is kept as it was written', () => {
    const display = { Name: { claim: 'name' }, 'Plan ★': { context: 'CustomerInfo.plan' } }
    for (const context of [jwt, jwks, introspect]) {
      const app = check({ ...context, display })
      expect(app?.context).toMatchObject({ kind: context.kind, display })
      expect(Object.keys(app?.context?.display ?? {})).toEqual(['Name', 'Plan ★'])
    }
    expect(check(jwt)?.context).not.toHaveProperty('display')
  })

  it('has at most 12 labels of at most 40 characters', () => {
    expect(problemOf(labels(12))).toBe('accepted')
    expect(problemOf(labels(13))).toBe('display: has more than 12 labels')
    expect(problemOf({ ['x'.repeat(40)]: { claim: 'a' } })).toBe('accepted')
    expect(problemOf({ ['x'.repeat(41)]: { claim: 'a' } })).toMatch(
      /^display: the label "x+" is longer than 40/,
    )
  })

  it.each<[string, unknown, RegExp]>([
    ['no object', ['name'], /^display: /],
    ['an empty label', { '': { claim: 'a' } }, /^display: the label "" must be text/],
    ['a label with white space around it', { 'Name ': { claim: 'a' } }, /^display: .*"Name " must be text/],
    ['a label of two lines', { 'Na\nme': { claim: 'a' } }, /^display: the label "Na\\nme" .*cannot be seen/],
    ['a label that turns the text', { 'Na\u202eme': { claim: 'a' } }, /^display: .*cannot be seen/],
    [
      'labels that look alike',
      { Plan: { claim: 'a' }, ＰＬＡＮ: { context: 'b' } },
      /^display: .*looks like another/,
    ],
    ['a source that is text', { Name: 'name' }, /^display\.Name: /],
    ['no source', { Name: {} }, /^display\.Name\.(claim|context): missing/],
    ['both sources', { Name: { claim: 'a', context: 'b' } }, /^display\.Name\.(claim|context): unknown key/],
    ['an unknown source', { Name: { claim: 'a', verified: true } }, /^display\.Name\.verified: unknown key/],
    ['a path with a gap', { Name: { claim: 'a..b' } }, /^display\.Name\.claim: .*dots/],
    ['an empty path', { Name: { context: '' } }, /^display\.Name\.context: .*dots/],
  ])('refuses %s', (_title, display, problem) => {
    expect(problemOf(display)).toMatch(problem)
  })

  it.each(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'aud.0'])(
    'is never the token’s own %s',
    (claim) => {
      expect(problemOf({ Name: { claim } })).toMatch(/^display\.Name\.claim: .* for the token's verifier/)
    },
  )

  it.each(['Auth.Token', 'Auth', 'Auth.Token.raw'])('is never the token, at %s', (context) => {
    for (const kind of [jwt, jwks, introspect])
      expect(problemOf({ Name: { context } }, kind)).toBe(
        'display.Name.context: is where the token is (Auth.Token)',
      )
  })

  it('is never the token where else it is', () => {
    const elsewhere = { ...jwks, tokenPath: 'credentials.jwt' }
    for (const context of ['credentials', 'credentials.jwt', 'credentials.jwt.x'])
      expect(problemOf({ Name: { context } }, elsewhere)).toMatch(/^display\.Name\.context: is where/)
    for (const context of ['credentials.jwtHint', 'credential', 'Auth.Name'])
      expect(problemOf({ Name: { context } }, elsewhere)).toBe('accepted')
  })
})
