/** Base of elements with text: rendered anew in another language. */
import { LitElement } from 'lit'
import { onLanguageChange } from '../words/words.ts'

export abstract class WordsElement extends LitElement {
  #unsubscribe = () => {}

  override connectedCallback(): void {
    super.connectedCallback()
    this.#unsubscribe = onLanguageChange(() => this.requestUpdate())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#unsubscribe()
  }
}
