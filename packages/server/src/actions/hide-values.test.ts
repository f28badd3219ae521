import { describe, expect, it } from 'vitest'
import { hideValues } from './hide-values.ts'

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln'

describe('[ID16] what a call carried of the context', () => {
  it('is taken out of the answer wherever it stands: in texts, in keys, deep inside', () => {
    const body = {
      headers: { authorization: `Bearer ${TOKEN}`, accept: 'application/json' },
      log: [[`token=${TOKEN}abc`]],
      [TOKEN]: true,
    }
    expect(hideValues(body, [TOKEN])).toEqual({
      headers: { authorization: 'Bearer •••', accept: 'application/json' },
      log: [['token=•••abc']],
      '•••': true,
    })
  })

  it('is known again in the encodings in which a query or a text of JSON shows it', () => {
    const value = 'a secret/with "quotes" & more'
    const body = {
      query: `?q=${new URLSearchParams({ q: value }).toString().slice(2)}&page=2`,
      path: `/${encodeURIComponent(value)}`,
      text: JSON.stringify({ value }),
    }
    expect(hideValues(body, [value])).toEqual({
      query: '?q=•••&page=2',
      path: '/•••',
      text: '{"value":"•••"}',
    })
  })

  it('is taken out in parts, where a header holds more than the secret', () => {
    const cookie = `sid=0123456789abcdef0123; lang=en`
    expect(hideValues({ sid: '0123456789abcdef0123' }, [cookie])).toEqual({ sid: '•••' })
  })

  it('leaves the rest readable: short values count as whole words, the shortest only alone', () => {
    const body = {
      customer: '4711',
      n: 4711,
      order: 'NW-14711',
      text: 'no 4711, 7 days',
      days: 7,
      tier: 'A',
      a: 'A1',
    }
    expect(hideValues(body, ['4711', '7', 'A'])).toEqual({
      customer: '•••',
      n: '•••',
      order: 'NW-14711',
      text: 'no •••, 7 days',
      days: 7,
      tier: '•••',
      a: 'A1',
    })
  })

  it('takes nothing for a pattern, and leaves an answer alone where nothing was carried', () => {
    expect(hideValues({ a: 'x.y*z+secret', b: 'xayzzsecret' }, ['x.y*z+secret'])).toEqual({
      a: '•••',
      b: 'xayzzsecret',
    })
    const body = { a: [null, true, 1.5, ''], b: { c: 'd' } }
    expect(hideValues(body, [])).toEqual(body)
  })

  it('does not break by an answer that is nested without end', () => {
    const body: unknown = JSON.parse(`${'['.repeat(50_000)}"${TOKEN}"${']'.repeat(50_000)}`)
    const text = JSON.stringify(hideValues(body, [TOKEN]))
    expect(text).toContain('•••')
    expect(text).not.toContain(TOKEN)
  })
})
