/** Files in the chat's rows. Loaded with the first one. */
import type { TimelineItem } from '@chat-widget/client'
import { addStyles } from '../add-styles.ts'
import type { RowContext } from '../kinds/row-context.ts'
import './chat-file.ts'
import { bubbleStyles } from './chat-file.styles.ts'
import type { ChatFile } from './chat-file.ts'

const TAG = 'chat-widget-file'

/** Draws a file into the box of a bubble. */
export function drawFile(box: HTMLElement, item: TimelineItem, context: RowContext): void {
  addStyles(context.list.renderRoot, bubbleStyles)
  const element = document.createElement(TAG) as ChatFile
  element.words = context.words
  element.item = item
  // The name's direction is not that of the words around it.
  box.removeAttribute('dir')
  box.replaceChildren(element)
}

const clientIdOf = (item: TimelineItem) => (item.kind === 'stored' ? item.message : item).clientId

/** Tells the files that are being sent how far they are, and that they were sent. */
export function updateFiles(context: RowContext): void {
  const { list, items } = context
  for (const element of list.renderRoot.querySelectorAll<ChatFile>(TAG)) {
    const { item: before, parentElement } = element
    if (before?.kind !== 'pending') continue
    const item = items.findLast((one) => clientIdOf(one) === before.clientId)
    if (item?.kind === 'pending') element.item = item
    else if (item !== undefined && parentElement !== null) drawFile(parentElement, item, context)
  }
}
