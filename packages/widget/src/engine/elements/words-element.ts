/** The base of every element of the panel: it has the words of the visitor's language. */
import { LitElement } from 'lit'
import { ENGLISH_WORDS, type Words } from '../load-strings.ts'

export abstract class WordsElement extends LitElement {
  static override properties = { words: { attribute: false } }

  declare words: Words

  constructor() {
    super()
    this.words = ENGLISH_WORDS
  }
}
