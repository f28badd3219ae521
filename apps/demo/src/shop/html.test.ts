import { describe, expect, it } from 'vitest'
import { html } from './html.ts'

describe('html', () => {
  it('escapes values in text and in attributes', () => {
    const hostile = `"><script>alert('1')</script>&`

    expect(html`<a title="${hostile}">${hostile}</a>`.toString()).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;</a>',
    )
  })

  it('puts nested templates and lists in as they stand, escaped once', () => {
    const items = ['a & b', '<c>'].map((item) => html`<li>${item}</li>`)

    expect(html`<ul>${items}</ul>`.toString()).toBe('<ul><li>a &amp; b</li><li>&lt;c&gt;</li></ul>')
  })

  it('escapes an object that merely claims to be markup', () => {
    const impostor = JSON.parse('["<b>"]') as string[]

    expect(html`${impostor}`.toString()).toBe('&lt;b&gt;')
  })

  it('leaves out what is absent but keeps zero', () => {
    expect(html`[${null}${undefined}${false}${0}]`.toString()).toBe('[0]')
  })
})
