import * as fc from 'fast-check'
import { Lexer, type Token } from 'marked'
import { describe, expect, it } from 'vitest'
import { parseRichText } from './parse-rich-text.ts'
import { plainTextOf, type RichNode } from './rich-node.ts'

const parse = (text: string) => parseRichText(text, 'markdown')

/** Both trees as the same kind of line. */
const ours = (nodes: readonly RichNode[]): string =>
  nodes
    .map((node) => {
      if (typeof node === 'string') return node
      if (node.tag === 'a') return `<a ${node.href}>${ours(node.children)}</a>`
      if (node.tag === 'br') return '<br>'
      const start = 'start' in node && node.start !== 1 ? ` ${node.start}` : ''
      return `<${node.tag}${start}>${ours(node.children)}</${node.tag}>`
    })
    .join('')

const unescaped = (text: string) =>
  text.replaceAll(/&(#39|quot|amp|lt|gt);/g, (_, name: string) =>
    String({ '#39': "'", quot: '"', amp: '&', lt: '<', gt: '>' }[name]),
  )

function theirs(tokens: readonly Token[] = []): string {
  return tokens.map(one).join('')
}
function one(token: Token): string {
  const inner = () => theirs('tokens' in token ? token.tokens : [])
  switch (token.type) {
    case 'space':
      return ''
    case 'paragraph':
      return `<p>${inner()}</p>`
    case 'heading':
      return `<p><strong>${inner()}</strong></p>`
    case 'strong':
    case 'em':
    case 'blockquote':
      return `<${token.type}>${inner()}</${token.type}>`
    case 'br':
      return '<br>'
    case 'codespan':
      return `<code>${unescaped(token.text)}</code>`
    case 'code':
      return `<pre><code>${token.text}</code></pre>`
    case 'link':
      return `<a ${new URL(token.href).href}>${inner()}</a>`
    case 'list': {
      const tag = token.ordered ? `ol${token.start === 1 ? '' : ` ${token.start}`}` : 'ul'
      const items = token.items.map((item: Token) => `<li>${one({ ...item, type: 'item' } as Token)}</li>`)
      return `<${tag}>${items.join('')}</${tag.split(' ')[0]}>`
    }
    case 'item':
      return inner()
    default:
      return 'tokens' in token && token.tokens ? inner() : unescaped('text' in token ? token.text : token.raw)
  }
}
const marked = (text: string) => theirs(new Lexer({ gfm: true, breaks: true }).lex(text))

describe('[SH1] Markdown', () => {
  it.each([
    '**bold** and *it* `code`',
    '__bold__, _it_, ***both***',
    '5 * 3 = 15 and 2*3',
    'Sizes: S*, M and L',
    'snake_case_name and _it_',
    'costs $5 and $10, path C:\\temp\\x',
    'a **bold never closed and `code never closed',
    '**a _b_ `c`**, *a **b** c*, _a __b__ c_',
    '**a*b**c*, **foo*bar*baz**, *foo**bar**baz*',
    'foo * bar *, *foo bar *, **foo bar **',
    '**Wichtig:** ja, "**x**", Was**?**, **bold**text',
    '你好**世界**',
    '**a\nb**',
    '\\*no\\* \\_no\\_ \\`no\\`',
    '`` a`b `` and `a  b`',
    '# Title\ntext',
    'a\nb\n\nc',
    '- a\n- b\n  - c\n\n1. x\n2. y',
    '- a\n    - b\n        - c',
    '1. a\n   - b\n   - c\n2. d',
    '- one\ntwo\n- three',
    '* a\n+ b',
    '5. five\n6. six',
    '1) one\n2) two',
    'hello\n- a\n- b\n\ntext',
    '- ```\n  code\n  ```\n- b',
    '> q\n> r\n\ntext',
    '> - q\n>   r\n\n> > nested',
    'text\n> quote',
    '```js\nlet a = 1 < 2\n\nb()\n```\nafter',
    '~~~\nx\n~~~\n\n```\nunclosed **a**',
    '[text](https://x.y/z "title") and [**b** x](https://a.b/(c))',
    '[[x]](https://a.b), **[x](https://a.b)**, [x](https://a.b/a_b_c)',
    'see https://example.com/a_b_c now, a@b.de too',
    '<https://a.b>',
    '[a], a [b] (c), [d](e f)',
  ])('reads %j as marked does', (text) => {
    expect(ours(parse(text))).toBe(marked(text))
  })

  it.each([
    ['HTML stays text', '<b>hi</b> <script>alert(1)</script>', '<p><b>hi</b> <script>alert(1)</script></p>'],
    ['an image is a link', '![tent](https://a.b/t.png)', '<p><a https://a.b/t.png>tent</a></p>'],
    ['a year begins no list', '2024. That was', '<p>2024. That was</p>'],
    ['items have no margins', '- a\n\n- b', '<ul><li>a</li><li>b</li></ul>'],
    ['but those of several paragraphs', '- a\n\n  b', '<ul><li><p>a</p><p>b</p></li></ul>'],
    ['a line across is text', '* * *\n\n---', '<p>* * *</p><p>---</p>'],
    ['a lone bullet is text', '-\n\n1.', '<p>-</p><p>1.</p>'],
  ])('%s', (_, text, tree) => {
    expect(ours(parse(text))).toBe(tree)
  })

  it('loses no word, whatever was written', () => {
    const markers = [
      '*',
      '**',
      '_',
      '`',
      '```',
      '[',
      '](https://z.z)',
      '!',
      '\\',
      '> ',
      '- ',
      '1. ',
      '# ',
      '<',
    ]
    const parts = fc.constantFrom(...markers, '\n', '\n\n', '  ', 'a', 'b c')
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (written) => {
        const text = written.join('')
        // The language of a code block is not shown.
        fc.pre(!/`{3,}.*[abc]/.test(text))
        const letters = (from: string) => from.replaceAll(/[^abc]/g, '')
        expect(letters(plainTextOf(parse(text)))).toBe(letters(text))
      }),
    )
  })

  it.each([
    ['quotes', '>'.repeat(8_000)],
    ['lists', '- '.repeat(4_000)],
    ['brackets', '['.repeat(8_000)],
    ['links within links', `${'['.repeat(2_000)}a${'](https://a.b)'.repeat(400)}`],
    ['emphasis', '*a _b '.repeat(1_300)],
    ['backticks', Array.from({ length: 120 }, (_, size) => '`'.repeat(size)).join(' ')],
  ])('stands %s without end', (_, text) => {
    expect(plainTextOf(parse(text)).length).toBeGreaterThan(0)
  })
})
