import { describe, expect, it } from 'vitest'
import { linkify } from './linkify.ts'

const links = (text: string) =>
  linkify(text).flatMap((piece) => (piece.type === 'link' ? [[piece.text, piece.href]] : []))

describe('linkify', () => {
  it.each([
    ['see https://example.com/a?b=c#d.', 'https://example.com/a?b=c#d', 'https://example.com/a?b=c#d'],
    ['(http://example.com)', 'http://example.com', 'http://example.com/'],
    [
      'https://en.wikipedia.org/wiki/Chat_(app)!',
      'https://en.wikipedia.org/wiki/Chat_(app)',
      'https://en.wikipedia.org/wiki/Chat_(app)',
    ],
    ['www.example.com', 'www.example.com', 'https://www.example.com/'],
    ['write to ada@example.com, please', 'ada@example.com', 'mailto:ada@example.com'],
    ['mailto:ada@example.com', 'mailto:ada@example.com', 'mailto:ada@example.com'],
    ['看 https://example.com/guide，详见', 'https://example.com/guide', 'https://example.com/guide'],
    ['（www.example.com）。', 'www.example.com', 'https://www.example.com/'],
    ['“https://example.com/a”', 'https://example.com/a', 'https://example.com/a'],
    ['انظر https://example.com/a، ثم', 'https://example.com/a', 'https://example.com/a'],
    ['https://example.com/路径/', 'https://example.com/路径/', 'https://example.com/%E8%B7%AF%E5%BE%84/'],
    ['[see (https://example.com/a(b)c).]', 'https://example.com/a(b)c', 'https://example.com/a(b)c'],
  ])('finds the address in %j', (text, found, href) => {
    expect(links(text)).toEqual([[found, href]])
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://example.com', 'https://', 'a.b', 'x@y'])(
    'leaves %j alone',
    (text) => {
      expect(links(text)).toEqual([])
    },
  )

  it.each([
    ['closing brackets', `http://x/${')'.repeat(800_000)}`, 1],
    ['letters', 'a'.repeat(800_000), 0],
    ['names before @', `${'a.'.repeat(400_000)}@`, 0],
    ['a name of 65 letters', `${'a'.repeat(65)}@example.com`, 0],
  ])('takes time in proportion to the text: %s', (_what, text, count) => {
    // In quadratic time this would take an hour.
    expect(links(text)).toHaveLength(count)
  })

  it('keeps every character, and only safe protocols, however the pieces are put together', () => {
    const pieces = ['https://', 'mailto:', 'javascript:', 'a@b.c', '(', ')', '.', ' ', 'x']
    const texts = (length: number): string[] =>
      length === 0 ? [''] : texts(length - 1).flatMap((text) => pieces.map((piece) => text + piece))
    for (const text of texts(4)) {
      const found = linkify(text)
      expect(found.map((one) => one.text).join('')).toBe(text)
      for (const one of found) if (one.type === 'link') expect(one.href).toMatch(/^(https?|mailto):/)
    }
  })
})
