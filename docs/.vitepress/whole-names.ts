/** Marks short code within text, which is then not broken across lines: `--chat-accent` has a hyphen at which it would be. */
import type { MarkdownRenderer } from 'vitepress'

/** Fits a column of a table, and a line of a phone. */
const LONGEST = 28

export function keepNamesWhole(md: MarkdownRenderer): void {
  md.core.ruler.push('whole-names', ({ tokens }) => {
    for (const { children } of tokens)
      for (const token of children ?? [])
        if (token.type === 'code_inline' && token.content.length <= LONGEST) token.attrJoin('class', 'whole')
  })
}
