/** Support for reading older messages: keeps them in place, and shows a button that scrolls to the end. */
import { html, nothing } from 'lit/html.js'
import { english } from '../../locales/parts/looking-back.ts'
import { addStyles } from '../add-styles.ts'
import { partStrings, type Words } from '../load-strings.ts'
import { icon } from './icons.ts'
import { lookingBackStyles } from './looking-back.styles.ts'

export { createPlace } from '@chat-widget/client/history'

const downIcon = icon('M12 5v14M6 13l6 6 6-6')

export const loadingOlder = (words: Words) =>
  html`<div class="loading">${partStrings(english, words).loadingOlder}</div>`

interface ListOutOfView extends HTMLElement {
  readonly words: Words
  /** True if a message arrived since the end went out of view. */
  readonly unseen: boolean
  scrollToLatest(): void
}

export function wayToLatest(list: ListOutOfView) {
  addStyles(list.shadowRoot as ShadowRoot, lookingBackStyles)
  const strings = partStrings(english, list.words)
  return html`<button
    type="button"
    class=${list.unseen ? 'pill' : 'pill plain'}
    aria-label=${list.unseen ? nothing : strings.toLatest}
    @click=${() => list.scrollToLatest()}
  >
    ${downIcon}${list.unseen ? html`<span>${strings.newMessages}</span>` : nothing}
  </button>`
}
