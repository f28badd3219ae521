/**
 * Base of the panel's elements: properties whose changes are shown together, in the next microtask, and the texts of the
 * visitor's language. Lit's own base class also knows attributes, controllers and the style sheets of one document, and
 * would add 2 KB to each chat.
 */
import type { PropertyValues } from 'lit'
import { ensureStyles } from '../../shell/ensure-styles.ts'
import { ENGLISH_WORDS, type Words } from '../load-strings.ts'
import type { OnDemand } from '../on-demand.ts'
import { ask } from '../panel-request.ts'
import { baseStyles } from './base.styles.ts'

/** Parts of the panel that a page may style, in whichever element. */
const PARTS =
  'header, title, close, new-conversation, menu-button, menu, conversations, conversation, messages, empty, message, bubble, quick-reply, card, card-button, file, composer, input, attach, emoji-button, emoji, send, login-card, login-button, banner, sign-in, sign-in-input, sign-in-button, sign-in-code'

export abstract class PanelElement extends HTMLElement {
  /** The element's own style sheet, after the one that all share. */
  static css = ''
  /** Its properties beside `words`, with their first values. Another value updates the element. */
  static defaults: Readonly<Record<string, unknown>> = {}

  /** Registers an element, unless another copy of the engine has. */
  static define(tag: string, element: typeof PanelElement & CustomElementConstructor): void {
    if (customElements.get(tag) !== undefined) return
    for (const name of ['words', ...Object.keys(element.defaults)])
      Object.defineProperty(element.prototype, name, {
        get(this: PanelElement) {
          return this.#values[name]
        },
        set(this: PanelElement, value: unknown) {
          this.#set(name, value)
        },
      })
    customElements.define(tag, element)
  }

  declare words: Words
  readonly renderRoot = this.attachShadow({ mode: 'open' })
  /** Resolves after the update that is due, if any. */
  updateComplete: Promise<void> = Promise.resolve()
  readonly #values: Record<string, unknown> = {
    words: ENGLISH_WORDS,
    ...(this.constructor as typeof PanelElement).defaults,
  }
  /** Changed properties, with the values of the last update. */
  #changed = new Map<PropertyKey, unknown>()
  /** The first update comes with the document. */
  #isDue = true

  connectedCallback(): void {
    this.setAttribute('exportparts', PARTS)
    ensureStyles(this.renderRoot, 0, baseStyles + (this.constructor as typeof PanelElement).css)
    // In another document, styles that came with an update are lost.
    this.#isDue = false
    this.requestUpdate()
  }

  disconnectedCallback(): void {}

  requestUpdate(): void {
    if (this.#isDue) return
    this.#isDue = true
    this.updateComplete = Promise.resolve().then(() => this.#update())
  }

  /**
   * Returns a part once it is loaded; until then loads it, and updates the element when it has come, or cannot be loaded,
   * which is reported.
   */
  protected need<Part>(part: OnDemand<Part>): Part | undefined {
    const update = () => this.requestUpdate()
    return part(update, () => {
      ask(this, { type: 'report-load-failed' })
      update()
    })
  }

  /** Brings the content of `renderRoot` up to date. */
  protected abstract draw(): void

  /** Called before an update, which shows what it sets. */
  protected willUpdate(_changed: PropertyValues<this>): void {}

  protected updated(_changed: PropertyValues<this>): void {}

  #set(name: string, value: unknown): void {
    const before = this.#values[name]
    if (value === before) return
    this.#values[name] = value
    if (!this.#changed.has(name)) this.#changed.set(name, before)
    this.requestUpdate()
  }

  #update(): void {
    const changed = this.#changed as PropertyValues<this>
    try {
      this.willUpdate(changed)
    } finally {
      this.#changed = new Map()
      this.#isDue = false
    }
    this.draw()
    this.updated(changed)
  }
}
