/** Links and Markdown of messages, for elements of any kind. */
export { parseRichText } from './parse-rich-text.ts'
export { plainTextOf, type RichElement, type RichLink, type RichNode, type RichTag } from './rich-node.ts'
export { richTextNodes } from './rich-text-nodes.ts'
export { otherHost, safeHref } from './safe-link.ts'
