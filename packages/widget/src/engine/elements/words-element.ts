/** Base of the panel's elements: has the texts of the visitor's language. */
import { LitElement, type PropertyDeclarations } from 'lit'
import { ensureStyles } from '../../shell/ensure-styles.ts'
import { ENGLISH_WORDS, type Words } from '../load-strings.ts'
import type { OnDemand } from '../on-demand.ts'
import { ask } from '../panel-request.ts'
import { baseStyles } from './base.styles.ts'

export abstract class WordsElement extends LitElement {
  static override properties: PropertyDeclarations = { words: { attribute: false } }
  /** The element's own style sheet, after the one that all share. */
  static css = ''

  declare words: Words

  constructor() {
    super()
    this.words = ENGLISH_WORDS
  }

  /** Without Lit's style sheets, which belong to the document that loaded the script. */
  protected override createRenderRoot(): ShadowRoot {
    return this.attachShadow({ mode: 'open' })
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const { css } = this.constructor as typeof WordsElement
    ensureStyles(this.shadowRoot as ShadowRoot, 0, baseStyles + css)
  }

  /**
   * Returns a part once it is loaded; until then loads it, and updates the element when it has come. `lost`: called if it
   * cannot be loaded, which is reported.
   */
  protected need<Part>(part: OnDemand<Part>, lost: () => void = () => {}): Part | undefined {
    const update = () => this.requestUpdate()
    return part(update, () => {
      lost()
      ask(this, { type: 'report-load-failed' })
      update()
    })
  }
}
