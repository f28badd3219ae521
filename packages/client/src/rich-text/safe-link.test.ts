import { describe, expect, it } from 'vitest'
import { parseRichText } from './parse-rich-text.ts'
import { plainTextOf, type RichLink, type RichNode } from './rich-node.ts'
import { safeHref } from './safe-link.ts'

const linksIn = (nodes: readonly RichNode[]): RichLink[] =>
  nodes.flatMap((node) =>
    typeof node === 'string' ? [] : node.tag === 'a' ? [node] : linksIn(node.children),
  )

describe('[SH2] a link', () => {
  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://a.b/c',
    'ftp://a.b',
    '/relative',
    '//a.b',
    'a.b',
    '',
  ])('never leads to %j', (address) => {
    expect(safeHref(address)).toBeNull()
    for (const format of ['plain', 'markdown'] as const)
      for (const text of [
        address,
        `[x](${address})`,
        `[x](<${address}>)`,
        `<${address}>`,
        `![x](${address})`,
      ])
        expect(
          linksIn(parseRichText(text, format)).filter(({ href }) => !/^(https?|mailto):/.test(href)),
        ).toEqual([])
  })

  it.each([
    ['[https://bank.example](https://evil.example/a)', 'https://bank.example (evil.example)'],
    ['[bank.example](https://evil.example)', 'bank.example (evil.example)'],
    ['[**bank**.example](https://evil.example)', 'bank.example (evil.example)'],
    ['[see WWW.BANK.EXAMPLE now](https://evil.example)', 'see WWW.BANK.EXAMPLE now (evil.example)'],
    ['[info@bank.example](mailto:a@evil.example)', 'info@bank.example (evil.example)'],
    ['[bank。example](https://evil.example)', 'bank。example (evil.example)'],
    ['[bank.example.evil.com](https://bank.example)', 'bank.example.evil.com (bank.example)'],
    // Cyrillic letters.
    ['[аррӏе.com](https://apple.com)', 'аррӏе.com (apple.com)'],
    ['[apple.com](https://аррӏе.com)', 'apple.com (xn--80ak6aa92e.com)'],
  ])('says where it leads if its text names another host: %s', (text, shown) => {
    expect(plainTextOf(parseRichText(text, 'markdown'))).toBe(shown)
  })

  it.each([
    ['[bank.example](https://www.bank.example/login)', 'bank.example'],
    ['[Our shop](https://bank.example)', 'Our shop'],
    ['https://bank.example/a.b.c?x=1', 'https://bank.example/a.b.c?x=1'],
    ['info@bank.example', 'info@bank.example'],
  ])('says nothing more if it does not: %s', (text, shown) => {
    for (const format of ['plain', 'markdown'] as const)
      if (format === 'markdown' || !text.startsWith('['))
        expect(plainTextOf(parseRichText(text, format))).toBe(shown)
  })

  it('does not turn the direction of what is around it', () => {
    const [link] = linksIn(parseRichText('[\u202emoc.knab](https://evil.example)', 'markdown'))
    expect(plainTextOf(link?.children ?? [])).toBe('\ufffdmoc.knab')
  })
})
