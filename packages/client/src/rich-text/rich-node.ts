/** The tree of a text with links and Markdown: data, from which any framework makes elements. */

/** Elements of the tree, by their names in HTML: a renderer needs no table, and nothing else can come out. */
export type RichTag = 'p' | 'br' | 'strong' | 'em' | 'code' | 'pre' | 'blockquote' | 'ul' | 'ol' | 'li'

export interface RichElement {
  readonly tag: RichTag
  readonly children: readonly RichNode[]
  /** First number of an ordered list. */
  readonly start?: number
}

export interface RichLink {
  readonly tag: 'a'
  /** Absolute, of an allowed scheme. */
  readonly href: string
  readonly children: readonly RichNode[]
}

export type RichNode = string | RichElement | RichLink

/** The text alone. */
export const plainTextOf = (nodes: readonly RichNode[]): string =>
  nodes
    .map((node) => (typeof node === 'string' ? node : node.tag === 'br' ? '\n' : plainTextOf(node.children)))
    .join('')
