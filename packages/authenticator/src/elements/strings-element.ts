/** The base of elements that say something: the words are handed down from the root. */
import { LitElement } from 'lit'
import { strings as english } from '../strings/locales/en.ts'
import type { Strings } from '../strings/strings.ts'

export abstract class StringsElement extends LitElement {
  static override properties: Record<string, object> = { strings: { attribute: false } }

  /** Default: English. */
  declare strings: Strings

  constructor() {
    super()
    this.strings = english
  }
}
