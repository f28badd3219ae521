import { describe, expect, it } from 'vitest'
import { fillAction } from './fill-action.ts'

const config = {
  url: 'https://shop.example.com/api/orders?user={User.Id}&limit=3',
  method: 'GET',
  headers: { authorization: 'Bearer {Auth.Token}' },
  allowPrivateAddress: false,
} as const
const context = { Auth: { Token: 'abc' }, User: { Id: 42 } }

function targetOf(params: Record<string, string | number | boolean>, values: object = context) {
  const filled = fillAction(config, params, values as typeof context)
  return filled.kind === 'call' ? filled.call.url.href : filled.kind
}

describe('[ID16] an action’s call', () => {
  it('takes its values from the context, by own properties', () => {
    expect(fillAction(config, {}, context)).toMatchObject({
      kind: 'call',
      call: { headers: { authorization: 'Bearer abc' }, allowPrivateAddress: false },
    })
    expect(targetOf({})).toBe('https://shop.example.com/api/orders?user=42&limit=3')
    const inherited = Object.create(context) as typeof context
    expect(fillAction(config, {}, inherited).kind).toBe('value-missing')
  })

  it('goes where the configuration says, whatever the parameters and values hold', () => {
    expect(targetOf({ page: 2, limit: 999, user: 'eve' })).toBe(
      'https://shop.example.com/api/orders?user=42&limit=3&page=2',
    )
    const sly = { ...context, User: { Id: 'a&admin=1#x@evil.example.org/' } }
    const url = new URL(targetOf({ 'x=1&y': '{Auth.Token}' }, sly))
    expect([url.origin, url.pathname, url.hash]).toEqual(['https://shop.example.com', '/api/orders', ''])
    expect(url.searchParams.get('user')).toBe('a&admin=1#x@evil.example.org/')
    expect(url.searchParams.has('admin')).toBe(false)
    // A parameter is not a template: a bot cannot read the context.
    expect(url.searchParams.get('x=1&y')).toBe('{Auth.Token}')
  })

  it.each([
    ['missing', {}],
    ['empty', { Auth: { Token: '' }, User: { Id: 1 } }],
    ['an object', { Auth: { Token: {} }, User: { Id: 1 } }],
    ['a boolean', { Auth: { Token: true }, User: { Id: 1 } }],
  ])('with a value that is %s waits for a fresh context', (_title, values) => {
    expect(targetOf({}, values)).toBe('value-missing')
  })

  it.each(['a\r\nx-admin: 1', 'a\nb', 'a\0b', 'snow ☃', '🗝'])('refuses %j in a header', (token) => {
    expect(targetOf({}, { ...context, Auth: { Token: token } })).toBe('value-refused')
  })

  it('posts parameters as JSON and leaves the query to the configuration', () => {
    const filled = fillAction({ ...config, method: 'POST' }, { id: 7 }, context)
    expect(filled).toMatchObject({ kind: 'call', call: { body: '{"id":7}' } })
    expect(filled.kind === 'call' && filled.call.url.search).toBe('?user=42&limit=3')
  })
})
