import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html } from './html.ts'

const unescaped = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#96;', '`')
    .replaceAll('&amp;', '&')

describe('html', () => {
  it('[AR8] escapes whatever text stands in an element or an attribute, and loses none of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const inside = String(html`<b title="${text}">${text}</b>`)
        const [, attribute, content] = /^<b title="([^"]*)">([^<]*)<\/b>$/u.exec(inside) ?? []
        expect(attribute).toBe(content)
        expect(content).not.toMatch(/[<>"'`]/)
        expect(unescaped(content ?? '')).toBe(text)
      }),
    )
  })

  it.each(['<', '>', '"', "'", '`', '&'])('[AR8] escapes %s', (character) => {
    expect(String(html`${character}`)).toMatch(/^&(#\d+|\w+);$/)
  })

  it('takes HTML as it is, also in lists, and escapes text beside it', () => {
    const items = ['a<b', 'c'].map((item) => html`<li>${item}</li>`)
    expect(String(html`<ul>${items}</ul>${[html`<hr>`, '<hr>']}`)).toBe(
      '<ul><li>a&lt;b</li><li>c</li></ul><hr>&lt;hr&gt;',
    )
  })

  it('leaves nothing for null and false, and writes numbers', () => {
    expect(String(html`[${null}${false}${0}]`)).toBe('[0]')
  })

  it('does not take an object for HTML that merely looks like it', () => {
    const forged = { toString: () => '<script>' } as unknown as string
    expect(() => String(html`${forged}`)).toThrow(TypeError)
  })

  it('writes a backslash of its own as it stands', () => {
    expect(String(html`<p>\\</p>`)).toBe('<p>\\</p>')
  })
})
