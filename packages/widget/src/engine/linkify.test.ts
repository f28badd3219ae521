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
  ])('finds the address in %j', (text, found, href) => {
    expect(links(text)).toEqual([[found, href]])
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://example.com', 'https://', 'a.b', 'x@y'])(
    'leaves %j alone',
    (text) => {
      expect(links(text)).toEqual([])
    },
  )

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
