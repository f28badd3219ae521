/** What helps to write a message: emoji, and how much room is left. Loaded with the first of either. */
import { LIMITS } from '@chat-widget/protocol'
import { english } from '../../locales/parts/composer.ts'
import { addStyles } from '../add-styles.ts'
import { ChatEmoji } from '../emoji/chat-emoji.ts'
import { partStrings, type Words } from '../load-strings.ts'
import { composerToolsStyles } from './composer-tools.styles.ts'

/** Characters left from which their number is shown, and those at which it is announced. */
const SCARCE = 500
const ANNOUNCED = [SCARCE, 100, 20, 0]

/** The composer, which loads this file. */
interface Composer extends HTMLElement {
  readonly words: Words
  readonly text: string
  readonly renderRoot: ShadowRoot
  picking: boolean
}

/** Adds what is not there yet above and below the composer's field. */
class ComposerTools {
  readonly #composer: Composer
  /** Seen, and read out at some of its numbers alone. */
  readonly #line = document.createElement('div')
  readonly #status = document.createElement('div')
  #picker: ChatEmoji | null = null
  /** Characters left when the text changed before. */
  #left: number = LIMITS.textLength

  constructor(composer: Composer) {
    this.#composer = composer
    this.#line.setAttribute('aria-hidden', 'true')
    this.#status.className = 'sr'
    this.#status.setAttribute('role', 'status')
    composer.renderRoot.append(this.#line, this.#status)
  }

  /** Call it after each change of the composer. */
  update(): void {
    const { words, text, renderRoot, picking } = this.#composer
    addStyles(renderRoot, composerToolsStyles)
    if (picking && this.#picker === null) this.#openPicker()
    else if (!picking) this.#closePicker()
    if (this.#picker) this.#picker.words = words
    const strings = partStrings(english, words)
    const left = LIMITS.textLength - text.length
    const shown = left > SCARCE ? '' : left > 0 ? strings.left(left) : strings.tooLong(LIMITS.textLength)
    this.#line.textContent = shown
    this.#line.className = shown === '' ? '' : left > 0 ? 'left' : 'left full'
    if (shown === '' || ANNOUNCED.some((mark) => left <= mark && this.#left > mark))
      this.#status.textContent = shown
    this.#left = left
  }

  /** Puts text where the visitor writes, as if it was typed. */
  #insert(text: string): void {
    const field = this.#composer.renderRoot.querySelector('textarea') as HTMLTextAreaElement
    const { selectionStart: start, selectionEnd: end, value } = field
    if (value.length - (end - start) + text.length > LIMITS.textLength) return
    field.setRangeText(text, start, end, 'end')
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  }

  #openPicker(): void {
    const close = () => {
      this.#composer.picking = false
    }
    const element = new ChatEmoji()
    element.words = this.#composer.words
    element.actions = {
      close,
      pick: (character) => {
        close()
        this.#insert(character)
      },
    }
    this.#picker = element
    this.#composer.renderRoot.querySelector('form')?.before(element)
    void element.updateComplete.then(() => element.focus())
  }

  #closePicker(): void {
    if (this.#picker === null) return
    this.#picker.remove()
    this.#picker = null
    this.#composer.focus()
  }
}

const known = new WeakMap<Composer, ComposerTools>()

/** Call it after each change of the composer. */
export function updateTools(composer: Composer): void {
  const tools = known.get(composer) ?? new ComposerTools(composer)
  known.set(composer, tools)
  tools.update()
}
