/** The button from a new conversation to the one before, and to one with unread messages. */
import type { OwnConversation } from '@chat-widget/protocol'
import { english } from '../../locales/parts/way-back.ts'
import { ensureStyles } from '../../shell/ensure-styles.ts'
import { partStrings, type Words } from '../load-strings.ts'
import { keepChildren, make } from './dom.ts'
import { iconButton, nameButton } from './icon-button.ts'
import { icon } from './icons.ts'
import { wayBackStyles } from './way-back.styles.ts'

const backIcon = 'M15 5l-7 7 7 7'

/** `isEmpty`: true if the shown conversation has no message yet. */
export function drawWayBack(
  box: HTMLElement,
  panel: HTMLElement & { readonly words: Words },
  others: readonly OwnConversation[],
  isEmpty: boolean,
): void {
  ensureStyles(panel.shadowRoot as ShadowRoot, 1, wayBackStyles)
  const target = others.find(({ unread }) => unread > 0) ?? (isEmpty ? others[0] : undefined)
  const count = others.reduce((sum, { unread }) => sum + unread, 0)
  const { number } = panel.words.formats
  const { previousConversation, unread } = partStrings(english, panel.words)
  const shown = `${number(Math.min(count, 99))}${count > 99 ? '+' : ''}`
  const children = keepChildren(box, [
    target && [
      `${target.id} ${count}`,
      () =>
        iconButton(
          panel,
          { type: 'show-conversation', id: target.id },
          icon(backIcon),
          ...(count === 0 ? [] : [make('span', { className: 'count' }, shown)]),
        ),
    ],
  ])
  for (const button of children.values())
    nameButton(button, count === 0 ? previousConversation : `${previousConversation}, ${unread(count)}`)
}
