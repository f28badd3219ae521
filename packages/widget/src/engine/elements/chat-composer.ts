/** `<chat-widget-composer>`: the visitor's text field. Enter sends, Shift+Enter begins a line. */
import { LIMITS } from '@chat-widget/protocol'
import type { PropertyValues } from 'lit'
import { html, nothing } from 'lit/html.js'
import { onDemand } from '../on-demand.ts'
import { ask } from '../panel-request.ts'
import { composerStyles } from './chat-composer.styles.ts'
import { emojiIcon, sendIcon } from './icons.ts'
import { PanelElement } from './panel-element.ts'

/** Safari ends a composition before the Enter that ends it; only key code 229 shows it. */
const isComposing = (event: KeyboardEvent) => event.isComposing || event.keyCode === 229

/** Loaded for emoji, or for a long text. */
const composerTools = onDemand(() => import('../composer/composer-tools.ts'))

/** Characters from which on the room that is left may have to be told. */
const LONG = LIMITS.textLength / 2

/**
 * @csspart composer - The form.
 * @csspart input - The text field.
 * @csspart emoji-button - The button that shows emoji.
 * @csspart send - The send button.
 */
export class ChatComposer extends PanelElement {
  static override css = composerStyles
  static override defaults = { draft: '', text: '', picking: false } satisfies Partial<ChatComposer>

  /**
   * Text of an earlier page, used unless the visitor has written something already; cleared when its writer signs out.
   */
  declare draft: string
  declare text: string
  /** True while emoji are to be seen. */
  declare picking: boolean
  #isTyping = false

  override focus(options?: FocusOptions): void {
    this.#field?.focus(options)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stopTyping()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('draft')) return
    // Another tab may replace the draft, but not text that the visitor has written here since.
    const isWriting =
      this.text !== changed.get('draft') && document.hasFocus() && this.matches(':focus-within')
    if (this.text === '' || this.draft === '' || !isWriting) this.text = this.draft
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('text')) this.#fit()
    const tools = this.picking || this.text.length > LONG ? this.need(composerTools) : composerTools.part
    tools?.updateTools(this)
  }

  protected override render() {
    const { strings } = this.words
    return html`<form part="composer" @submit=${this.#submit}>
      <div class="box">
        <textarea
          part="input"
          rows="1"
          maxlength=${LIMITS.textLength}
          enterkeyhint="send"
          autocomplete="off"
          dir=${this.text === '' ? nothing : 'auto'}
          aria-label=${strings.composerLabel}
          placeholder=${strings.composerPlaceholder}
          .value=${this.text}
          @input=${this.#input}
          @keydown=${this.#keydown}
          @blur=${this.#stopTyping}
        ></textarea>
        <button
          type="button"
          class="icon-button"
          part="emoji-button"
          aria-label=${strings.emoji}
          title=${strings.emoji}
          aria-expanded=${String(this.picking)}
          @click=${this.#pick}
        >
          ${emojiIcon}
        </button>
        <button
          type="submit"
          class="send"
          part="send"
          aria-label=${strings.send}
          aria-disabled=${String(this.text.trim() === '')}
        >
          ${sendIcon}
        </button>
      </div>
    </form>`
  }

  #pick = (): void => {
    this.picking = !this.picking
  }

  get #field(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector('textarea')
  }

  #fit(): void {
    const field = this.#field
    if (field === null) return
    field.style.blockSize = ''
    // The style sheet's maximum keeps a long text from filling the panel.
    if (field.scrollHeight > field.clientHeight) field.style.blockSize = `${field.scrollHeight}px`
  }

  #input = (): void => {
    this.text = this.#field?.value ?? ''
    ask(this, { type: 'draft', text: this.text })
    this.#tellTyping(this.text.trim() !== '')
  }

  #keydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return
    event.preventDefault()
    this.#send()
  }

  #submit = (event: Event): void => {
    event.preventDefault()
    this.#send()
    this.focus()
  }

  #send(): void {
    const text = this.text.trim()
    if (text === '') return
    this.#stopTyping()
    this.text = ''
    ask(this, { type: 'draft', text: '' })
    ask(this, { type: 'send', message: text })
  }

  #stopTyping = (): void => this.#tellTyping(false)

  /** Called at each key: the client tells the server now and then, and again when there was no key for a while. */
  #tellTyping(typing: boolean): void {
    if (typing || this.#isTyping) ask(this, { type: 'typing', typing })
    this.#isTyping = typing
  }
}

PanelElement.define('chat-widget-composer', ChatComposer)
