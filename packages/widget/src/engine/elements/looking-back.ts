/** Support for reading older messages: keeps them in place, and shows a button that scrolls to the end. */
import { english } from '../../locales/parts/looking-back.ts'
import { addStyles } from '../add-styles.ts'
import { partStrings, type Words } from '../load-strings.ts'
import { type KeyedChild, make } from './dom.ts'
import { icon } from './icons.ts'
import { lookingBackStyles } from './looking-back.styles.ts'

export { createPlace } from '@chat-widget/client/history'

const downIcon = 'M12 5v14M6 13l6 6 6-6'

export function loadingOlder(words: Words): KeyedChild {
  const text = partStrings(english, words).loadingOlder
  return [text, () => make('div', { className: 'note-text' }, text)]
}

interface ListOutOfView extends HTMLElement {
  readonly words: Words
  /** True if a message arrived since the end went out of view. */
  readonly unseen: boolean
  scrollToLatest(): void
}

export function wayToLatest(list: ListOutOfView): KeyedChild {
  addStyles(list.shadowRoot as ShadowRoot, lookingBackStyles)
  const strings = partStrings(english, list.words)
  const button = { type: 'button', onclick: () => list.scrollToLatest() } as const
  return list.unseen
    ? [
        strings.newMessages,
        () =>
          make(
            'button',
            { ...button, className: 'pill' },
            icon(downIcon),
            make('span', {}, strings.newMessages),
          ),
      ]
    : [
        strings.toLatest,
        () =>
          make(
            'button',
            { ...button, className: 'pill plain', 'aria-label': strings.toLatest },
            icon(downIcon),
          ),
      ]
}
