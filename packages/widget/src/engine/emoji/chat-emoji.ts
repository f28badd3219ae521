/** `<chat-widget-emoji>`: a picker of emoji above the composer, searched in the visitor's language. */
import { matchMedium } from '@chat-widget/client/browser'
import type { PropertyValues } from 'lit'
import { english } from '../../locales/parts/emoji.ts'
import { placeOf } from '../attention/visitor-choices.ts'
import { iconTemplate } from '../elements/icon-template.ts'
import { closeIcon } from '../elements/icons.ts'
import { TemplateElement } from '../elements/template-element.ts'
import { html, nothing } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import { ask } from '../panel-request.ts'
import { emojiStyles } from './chat-emoji.styles.ts'
import { chooseEmoji, readEmojiChoices } from './emoji-choices.ts'
import { type Emoji, searchEmoji, tonedEmoji } from './emoji-table.ts'
import { type EmojiTable, loadEmoji } from './load-emoji.ts'

/** Results shown; further ones would be found by another word. */
const MOST_FOUND = 80

/** Shows the skin tones. */
const HAND: Emoji = { character: '👋', name: '', words: [], hasTones: true }

export interface EmojiActions {
  /** The visitor chose an emoji. */
  pick(character: string): void
  /** The visitor closed the picker. */
  close(): void
}

/**
 * @csspart emoji - An emoji to choose.
 */
export class ChatEmoji extends TemplateElement {
  static override css = emojiStyles
  static override defaults = { table: null, query: '', recent: [], tone: 0 } satisfies Partial<ChatEmoji>

  declare table: EmojiTable | null
  declare query: string
  /** As it was when the picker was opened. */
  declare recent: readonly string[]
  declare tone: number
  actions: EmojiActions | null = null

  /** Focuses the search; on a touch screen the first emoji, as a keyboard on it would hide them. */
  override focus(): void {
    const isTouched = matchMedium('(pointer: coarse)').matches
    const target = isTouched ? this.#buttons[0] : null
    ;(target ?? this.renderRoot.querySelector('input'))?.focus()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.query = ''
    Object.assign(this, readEmojiChoices(placeOf(this)))
    this.addEventListener('keydown', this.#keydown)
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('words') && this.table !== null) return
    const { locale } = this.words
    loadEmoji(locale).then(
      (table) => {
        if (this.words.locale === locale) this.table = table
      },
      () => ask(this, { type: 'report-load-failed' }),
    )
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('query')) this.renderRoot.querySelector('.list')?.scrollTo(0, 0)
  }

  protected override render() {
    const strings = this.#strings
    const { table, query } = this
    const found = table === null || query.trim() === '' ? null : searchEmoji(table.groups, query)
    return html`<div class="top">
        <input
          type="search"
          aria-label=${strings.searchEmoji}
          placeholder=${strings.searchEmoji}
          autocomplete="off"
          enterkeyhint="done"
          .value=${query}
          @input=${this.#input}
        />
        <select aria-label=${strings.skinTone} title=${strings.skinTone} @change=${this.#chooseTone}>
          ${[0, 1, 2, 3, 4, 5].map((tone) => html`<option value=${tone} ?selected=${tone === this.tone}>${tonedEmoji(HAND, tone)}</option>`)}
        </select>
        <button
          type="button"
          class="icon-button"
          aria-label=${strings.closeEmoji}
          title=${strings.closeEmoji}
          @click=${() => this.actions?.close()}
        >
          ${iconTemplate(closeIcon)}
        </button>
      </div>
      <div class="list" lang=${table?.language ?? nothing}>
        ${found === null ? this.#groups() : this.#found(found)}
      </div>
      <div class="sr" role="status">${found === null ? nothing : strings.emojiFound(found.length)}</div>`
  }

  #groups() {
    const { groups = [] } = this.table ?? {}
    const known = new Map(groups.flatMap((group) => group.emoji.map((one) => [one.character, one])))
    const recent = this.recent.flatMap((character) => known.get(character) ?? [])
    const first = recent.length === 0 ? [] : [{ name: this.#strings.recentEmoji, emoji: recent }]
    return [...first, ...groups].map(
      ({ name, emoji }, index) =>
        html`<h3 id=${`group-${index}`} dir="auto">${name}</h3>
          <div class="grid" role="group" aria-labelledby=${`group-${index}`}>
            ${emoji.map((one, place) => this.#button(one, index + place === 0))}
          </div>`,
    )
  }

  #found(found: readonly Emoji[]) {
    if (found.length === 0) return html`<div class="none">${this.#strings.noEmoji}</div>`
    return html`<div class="grid" role="group" aria-label=${this.#strings.searchEmoji}>
      ${found.slice(0, MOST_FOUND).map((one, place) => this.#button(one, place === 0))}
    </div>`
  }

  /** One of them is a tab stop; the arrow keys lead to the others. */
  #button(emoji: Emoji, isFirst: boolean) {
    const { name } = emoji
    return html`<button
      type="button"
      part="emoji"
      tabindex=${isFirst ? 0 : -1}
      aria-label=${name}
      title=${name}
      @click=${() => this.#take(emoji)}
    >
      ${tonedEmoji(emoji, this.tone)}
    </button>`
  }

  #take(emoji: Emoji): void {
    chooseEmoji(placeOf(this), { taken: emoji.character })
    this.actions?.pick(tonedEmoji(emoji, this.tone))
  }

  #chooseTone = (event: Event): void => {
    this.tone = (event.target as HTMLSelectElement).selectedIndex
    chooseEmoji(placeOf(this), { tone: this.tone })
  }

  get #buttons(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.grid button')]
  }

  get #strings() {
    return partStrings(english, this.words)
  }

  #input = (event: Event): void => {
    this.query = (event.target as HTMLInputElement).value
  }

  #keydown = (event: KeyboardEvent): void => {
    if (event.isComposing) return
    const current = this.renderRoot.activeElement
    const isInGrid = current instanceof HTMLElement && current.matches('.grid button')
    const isSearching = current?.localName === 'input'
    const next = isInGrid ? this.#neighbour(current, event.key) : undefined
    if (event.key === 'Escape') this.actions?.close()
    else if (next !== undefined) next?.focus()
    else if (isSearching && event.key === 'ArrowDown') this.#buttons[0]?.focus()
    else if (isSearching && event.key === 'Enter' && this.query !== '') this.#buttons[0]?.click()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** The button that a key leads to; `null`: none there; `undefined`: another key. */
  #neighbour(current: HTMLElement, key: string): HTMLElement | null | undefined {
    const buttons = this.#buttons
    const at = buttons.indexOf(current)
    const forward = getComputedStyle(this).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const back = forward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight'
    switch (key) {
      case forward:
        return buttons[at + 1] ?? null
      case back:
        return buttons[at - 1] ?? null
      case 'Home':
        return buttons[0]
      case 'End':
        return buttons.at(-1)
      case 'ArrowDown':
        return nearest(buttons.slice(at + 1), current)
      case 'ArrowUp':
        return nearest(buttons.slice(0, at).reverse(), current) ?? this.renderRoot.querySelector('input')
      default:
        return undefined
    }
  }
}

/** In the next row of `buttons`, the one that is nearest to `current`. */
function nearest(buttons: readonly HTMLElement[], current: HTMLElement): HTMLElement | null {
  const { left, top } = current.getBoundingClientRect()
  let best: HTMLElement | null = null
  let row: number | undefined
  let distance = Number.POSITIVE_INFINITY
  for (const button of buttons) {
    const box = button.getBoundingClientRect()
    if (Math.abs(box.top - top) < 1) continue
    row ??= box.top
    if (Math.abs(box.top - row) >= 1) break
    if (Math.abs(box.left - left) >= distance) continue
    distance = Math.abs(box.left - left)
    best = button
  }
  return best
}

TemplateElement.define('chat-widget-emoji', ChatEmoji)

declare global {
  interface HTMLElementTagNameMap {
    'chat-widget-emoji': ChatEmoji
  }
}
