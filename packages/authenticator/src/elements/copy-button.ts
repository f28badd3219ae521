/** Copies a text, and confirms it. */
import { copyText } from '@chat-widget/client/browser'
import { html } from 'lit'
import { base } from '../styles/base.styles.ts'
import { icons } from './icons.ts'
import { StringsElement } from './strings-element.ts'

/** Time for which the confirmation is shown. Milliseconds. */
const SAID_MS = 2_500

export class CopyButton extends StringsElement {
  static override properties = {
    text: { attribute: false },
    label: { attribute: false },
    copied: { state: true },
  }
  static override styles = [base]

  /** The text to copy. */
  declare text: string
  /** Default: "Copy". */
  declare label: string | null
  declare protected copied: boolean
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.text = ''
    this.label = null
    this.copied = false
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
  }

  override render() {
    const { strings } = this
    return html`<button type="button" class="button small" @click=${this.#copy}>
        ${this.copied ? icons.check : icons.copy}${this.copied ? strings.copied : (this.label ?? strings.copy)}
      </button>
      <span class="visually-hidden" role="status">${this.copied ? strings.copied : ''}</span>`
  }

  #copy = async (): Promise<void> => {
    // If the browser refuses, the text beside the button can still be selected and copied.
    if (await copyText(this.text)) this.#say(true)
  }

  #say(copied: boolean): void {
    clearTimeout(this.#timer)
    this.copied = copied
    if (copied) this.#timer = setTimeout(() => this.#say(false), SAID_MS)
  }
}
