/** Links to a conversation's transcript, behind a button in its header: a page to read and print, and downloads. */
import { timeZone } from '@chat-widget/client/browser'
import type { ConversationSummary } from '@chat-widget/protocol'
import { css, html, nothing } from 'lit'
import { icons } from '../icons.ts'
import { appAddress } from '../routing/app-address.ts'
import { base } from '../styles/base.styles.ts'
import { locale, words } from '../words/words.ts'
import { WordsElement } from './words-element.ts'

/** Between the button and what it opens. Pixels. */
const GAP = 4

export class TranscriptMenu extends WordsElement {
  static override properties = { conversation: { attribute: false } }

  static override styles = [
    base,
    css`
      :host {
        display: block;
      }

      [popover] {
        position: fixed;
        inset: auto;
        min-inline-size: 13rem;
        max-inline-size: calc(100vw - 1rem);
        margin: 0;
        padding: 0.375rem;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--surface-raised);
        box-shadow: var(--shadow-raised);
        color: var(--ink);
      }

      .title {
        padding: 0.25rem 0.5rem 0.375rem;
        color: var(--ink-soft);
        font-size: 0.75rem;
        font-weight: 600;
      }

      a {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        min-block-size: 2.25rem;
        padding: 0.25rem 0.5rem;
        border-radius: 6px;
        color: inherit;
        text-decoration: none;
      }

      a:hover {
        background: var(--surface-hover);
      }

      a svg {
        flex: none;
        color: var(--ink-soft);
      }
    `,
  ]

  declare conversation: Pick<ConversationSummary, 'id' | 'app'> | null

  constructor() {
    super()
    this.conversation = null
  }

  override render() {
    if (this.conversation === null) return nothing
    const { title, asPage, asText, asData } = words().transcript
    return html`<button
        type="button"
        class="button quiet icon-only"
        aria-label=${title}
        title=${title}
        popovertarget="links"
      >
        ${icons.transcript}
      </button>
      <div id="links" popover role="group" aria-labelledby="title" @beforetoggle=${this.#place} @click=${this.#close}>
        <p class="title" id="title">${title}</p>
        <a href=${this.#address('html')} target="_blank" rel="noopener">${icons.outward}${asPage}</a>
        <a href=${this.#address('text')} download>${icons.download}${asText}</a>
        <a href=${this.#address('json')} download>${icons.download}${asData}</a>
      </div>`
  }

  #address(format: 'html' | 'text' | 'json'): string {
    if (this.conversation === null) return ''
    const { app, id } = this.conversation
    const query = new URLSearchParams({ format, locale: locale(), time_zone: timeZone() })
    return appAddress(app, `conversations/${id}/transcript?${query}`)
  }

  /** Below the button, at its end. */
  #place = ({ newState }: ToggleEvent): void => {
    const button = this.renderRoot.querySelector('button')
    const links = this.#links
    if (newState !== 'open' || button === null || links === null) return
    const { left, right, bottom } = button.getBoundingClientRect()
    const end =
      getComputedStyle(this).direction === 'rtl' ? left : document.documentElement.clientWidth - right
    links.style.insetBlockStart = `${bottom + GAP}px`
    links.style.insetInlineEnd = `${Math.max(end, GAP)}px`
  }

  #close = ({ target }: Event): void => {
    if (target instanceof Element && target.closest('a') !== null) this.#links?.hidePopover()
  }

  get #links(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('#links')
  }
}
