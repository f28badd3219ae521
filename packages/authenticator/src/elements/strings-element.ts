/** Base of elements with text, which the root element passes down. */
import { LitElement } from 'lit'
import { ENGLISH, type Strings } from '../strings/strings.ts'

export abstract class StringsElement extends LitElement {
  static override properties: Record<string, object> = { strings: { attribute: false } }

  /** Default: English. */
  declare strings: Strings

  constructor() {
    super()
    this.strings = ENGLISH
  }
}
