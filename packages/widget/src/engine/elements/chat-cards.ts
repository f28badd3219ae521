/** `<chat-widget-cards>`: a card, or several in a row to scroll through. */
import { otherHost } from '@chat-widget/client/rich-text'
import {
  type Card,
  IMAGE_SCHEMES,
  isSafeUrl,
  LINK_SCHEMES,
  type Message,
  plainName,
} from '@chat-widget/protocol'
import type { PropertyValues } from 'lit'
import { english } from '../../locales/parts/cards.ts'
import { html, nothing } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import { ask } from '../panel-request.ts'
import { cardsStyles } from './chat-cards.styles.ts'
import { iconTemplate } from './icon-template.ts'
import { TemplateElement } from './template-element.ts'

const chevron = 'M9.5 5.5L16 12l-6.5 6.5'
const check = 'M5 12.5l4.5 4.5L19 7.5'
const outward = 'M6.5 17.5l11-11M8.5 6.5h9v9'

type Button = Card['buttons'][number]

/**
 * @csspart card - A card.
 * @csspart card-button - One of its buttons.
 */
export class ChatCards extends TemplateElement {
  static override css = cardsStyles
  static override defaults = { message: null, taken: null, edges: 'start' } satisfies Partial<ChatCards>

  declare message: Message<'cards'> | null
  /** Value of the button that the visitor took, on any device. */
  declare taken: string | null
  /** Ends of the row that are in view, of which no arrow leads further. */
  declare edges: string
  #hadFocus = false

  protected override willUpdate(): void {
    this.#hadFocus = this.shadowRoot?.activeElement != null
  }

  protected override updated(_changed: PropertyValues<this>): void {
    this.#look()
    // A button that was taken is one no more.
    if (this.#hadFocus && this.shadowRoot?.activeElement == null) this.#row?.focus({ preventScroll: true })
  }

  protected override render() {
    const { message } = this
    if (message === null) return nothing
    const strings = partStrings(english, this.words)
    const { cards } = message
    if (cards.length === 1)
      return html`<div class="row one" tabindex="-1">${cards.map((card) => this.#card(card))}</div>`
    return html`<div class="carousel">
      <div class="row" role="list" aria-label=${strings.cards} tabindex="0" @scroll=${this.#look}>
        ${cards.map((card) => html`<div class="item" role="listitem">${this.#card(card)}</div>`)}
      </div>
      ${this.#arrow('back', strings.cardsBack)}${this.#arrow('on', strings.cardsOn)}
    </div>`
  }

  #card({ title, text, image, buttons }: Card) {
    return html`<div class="card" part="card">
      ${image === undefined ? nothing : this.#image(image)}
      <div class="text">
        <strong dir="auto">${plainName(title)}</strong>
        ${text === undefined ? nothing : html`<p dir="auto">${text}</p>`}
      </div>
      ${buttons.length === 0 ? nothing : html`<div class="buttons">${buttons.map((button) => this.#button(button))}</div>`}
    </div>`
  }

  #image({ url, alt }: NonNullable<Card['image']>) {
    const name = plainName(alt)
    // The text stands below the picture: seen while it loads, and if it cannot be. Pictures may be translucent.
    const loaded = ({ target }: Event) =>
      target instanceof Element && target.previousElementSibling?.toggleAttribute('hidden', true)
    return html`<div class="image">
      <span aria-hidden="true">${name}</span>
      ${
        isSafeUrl(url, IMAGE_SCHEMES)
          ? html`<img
              src=${url}
              alt=${name}
              loading="lazy"
              decoding="async"
              referrerpolicy="no-referrer"
              @load=${loaded}
              @error=${(event: Event) => (event.target as HTMLElement).classList.add('lost')}
            />`
          : nothing
      }
    </div>`
  }

  #button(button: Button) {
    const label = plainName(button.label)
    if ('url' in button) return this.#link(label, button.url)
    if (this.taken === null)
      return html`<button
        type="button"
        class="action"
        part="card-button"
        dir="auto"
        @click=${() => this.#take(button.value)}
      >
        ${label}
      </button>`
    if (this.taken !== button.value) return html`<span class="action gone" dir="auto">${label}</span>`
    const { cardTaken } = partStrings(english, this.words)
    return html`<span class="action taken" dir="auto"
      >${iconTemplate(check)}${label}<span class="sr">, ${cardTaken}</span></span
    >`
  }

  #link(label: string, url: string) {
    if (!isSafeUrl(url, LINK_SCHEMES)) return html`<span class="action gone" dir="auto">${label}</span>`
    const host = otherHost(label, url)
    return html`<a
      class="action"
      part="card-button"
      dir="auto"
      href=${url}
      target="_blank"
      rel="noopener noreferrer"
      >${label}${host === null ? nothing : ` (${host})`}${/^http/i.test(url) ? iconTemplate(outward) : nothing}</a
    >`
  }

  #arrow(where: 'back' | 'on', label: string) {
    // Keys scroll the row itself; the arrows are for a mouse.
    return html`<button
      type="button"
      class="arrow ${where}"
      tabindex="-1"
      aria-hidden="true"
      title=${label}
      ?hidden=${this.edges.includes(where === 'back' ? 'start' : 'end')}
      @click=${() => this.#turn(where === 'back' ? -1 : 1)}
    >
      ${iconTemplate(chevron)}
    </button>`
  }

  #take(value: string): void {
    const { message } = this
    if (message !== null) ask(this, { type: 'send', message: { reply: { to: message.seq, value } } })
  }

  #turn(step: number): void {
    const row = this.#row
    const width = row?.querySelector('.item')?.clientWidth ?? 0
    const direction = row !== null && getComputedStyle(row).direction === 'rtl' ? -1 : 1
    row?.scrollBy({ left: step * direction * (width + 10), behavior: 'smooth' })
  }

  #look = (): void => {
    const row = this.#row
    if (row === null) return
    // Negative from right to left.
    const place = Math.abs(row.scrollLeft)
    const isStart = place < 4
    const isEnd = place > row.scrollWidth - row.clientWidth - 4
    this.edges = [isStart && 'start', isEnd && 'end'].filter(Boolean).join(' ')
  }

  get #row(): HTMLElement | null {
    return this.renderRoot.querySelector('.row')
  }
}

TemplateElement.define('chat-widget-cards', ChatCards)
