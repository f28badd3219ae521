/** The button from a new conversation to the one before, and to one with unread messages. */
import type { OwnConversation } from '@chat-widget/protocol'
import { html, nothing } from 'lit/html.js'
import { english } from '../../locales/parts/way-back.ts'
import { ensureStyles } from '../../shell/ensure-styles.ts'
import { partStrings, type Words } from '../load-strings.ts'
import { iconButton } from './icon-button.ts'
import { icon } from './icons.ts'
import { wayBackStyles } from './way-back.styles.ts'

const backIcon = icon('M15 5l-7 7 7 7')

/** `isEmpty`: true if the shown conversation has no message yet. */
export function wayBack(
  panel: HTMLElement & { readonly words: Words },
  others: readonly OwnConversation[],
  isEmpty: boolean,
) {
  const target = others.find(({ unread }) => unread > 0) ?? (isEmpty ? others[0] : undefined)
  if (target === undefined) return nothing
  ensureStyles(panel.shadowRoot as ShadowRoot, 1, wayBackStyles)
  const count = others.reduce((sum, { unread }) => sum + unread, 0)
  const { number } = panel.words.formats
  const { previousConversation, unread } = partStrings(english, panel.words)
  const label = count === 0 ? previousConversation : `${previousConversation}, ${unread(count)}`
  const content = html`${backIcon}${count === 0 ? nothing : html`<span class="count">${number(Math.min(count, 99))}${count > 99 ? '+' : ''}</span>`}`
  return iconButton(panel, label, content, { type: 'show-conversation', id: target.id })
}
