/** The base of every element of the panel: it has the words of the visitor's language. */
import { LitElement } from 'lit'
import { ensureStyles } from '../../shell/ensure-styles.ts'
import { ENGLISH_WORDS, type Words } from '../load-strings.ts'

export abstract class WordsElement extends LitElement {
  static override properties = { words: { attribute: false } }

  declare words: Words

  constructor() {
    super()
    this.words = ENGLISH_WORDS
  }

  /** Without styles: Lit's sheets are of the document that loaded the script. */
  protected override createRenderRoot(): ShadowRoot {
    return this.attachShadow({ mode: 'open' })
  }

  override connectedCallback(): void {
    super.connectedCallback()
    ensureStyles(
      this.shadowRoot as ShadowRoot,
      0,
      (this.constructor as typeof LitElement).elementStyles.join(''),
    )
  }
}
