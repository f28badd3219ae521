import { expect, it } from 'vitest'
import { html } from './html.ts'
import { markdownHtml } from './markdown-html.ts'

const shown = (text: string) => String(html`${markdownHtml(text)}`).replaceAll(/ (style|start)="[^"]*"/g, '')

it.each([
  ['**Good** news, *really*', '<strong>Good</strong> news, <em>really</em>'],
  ['One\n\nTwo\nThree', 'One\n\nTwo\nThree'],
  ['1. Take it\n2. Fold it\n   - twice', '<ol><li>Take it</li><li>Fold it<ul><li>twice</li></ul></li></ol>'],
  ['> Do not bend it.', '<blockquote>Do not bend it.</blockquote>'],
  ['Part `P-1`:\n\n```\na < b\n```', 'Part <code>P-1</code>:<pre><code>a &lt; b</code></pre>'],
  ['[the drawing](https://shop.example/poles)', 'the drawing (https://shop.example/poles)'],
  ['https://shop.example/ or help@shop.example', 'https://shop.example/ or help@shop.example'],
  ['2 \\* 3 & 4', '2 * 3 &amp; 4'],
])('[SH1] shows %j', (text, expected) => expect(shown(text)).toBe(expected))

it.each([
  '<b>x</b> and <img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '![a](https://evil.example/a.png)',
  '[your bank](javascript:alert(1))',
  '| a |\n| - |\n| b |',
  '~~struck~~',
])('[SH2] makes nothing else of %j', (text) => expect(shown(text)).not.toContain('<'))
