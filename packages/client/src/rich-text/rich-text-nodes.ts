/** Elements of a rich text: created one by one, never from a string of HTML. */
import type { RichNode } from './rich-node.ts'

/** Elements that are lines of their own: each has the direction of its own text. */
const BLOCKS = new Set(['p', 'pre', 'li'])

function element(node: Exclude<RichNode, string>): HTMLElement {
  const made = document.createElement(node.tag)
  if (node.tag === 'a') Object.assign(made, { href: node.href, target: '_blank', rel: 'noopener noreferrer' })
  if (node.tag === 'ol' && 'start' in node) Object.assign(made, { start: node.start })
  if (BLOCKS.has(node.tag)) made.dir = 'auto'
  made.append(...richTextNodes(node.children))
  return made
}

export const richTextNodes = (nodes: readonly RichNode[]): readonly (Node | string)[] =>
  nodes.map((node) => (typeof node === 'string' ? node : element(node)))
