/** Helps to write a message: emoji, the room that is left, and a file of a long text. Loaded with the first of them. */
import { type FileLimits, LIMITS } from '@chat-widget/protocol'
import { english } from '../../locales/parts/composer.ts'
import { addStyles } from '../add-styles.ts'
import { ChatEmoji } from '../emoji/chat-emoji.ts'
import { partStrings, type Words } from '../load-strings.ts'
import { ask } from '../panel-request.ts'
import { composerToolsStyles } from './composer-tools.styles.ts'

/** Characters left from which their number is shown, and those at which it is announced. */
const SCARCE = 500
const ANNOUNCED = [SCARCE, 100, 20, 0]

/** The composer, which loads this file. */
interface Composer extends HTMLElement {
  readonly words: Words
  readonly text: string
  readonly renderRoot: ShadowRoot
  readonly files: FileLimits | undefined
  readonly tray: (HTMLElement & { readonly chosen?: readonly { readonly file: File }[] }) | undefined
  picking: boolean
  pasted: string
}

/** True if the app takes a file of that text. */
const isTaken = ({ types, maxBytes }: FileLimits, text: string): boolean =>
  (!types || types.some((type) => type === '*/*' || type === 'text/*' || type === 'text/plain')) &&
  new Blob([text]).size <= maxBytes

/** Adds what is not there yet above and below the composer's field. */
class ComposerTools {
  readonly #composer: Composer
  /** Seen, and read out at some of its numbers alone. */
  readonly #line = document.createElement('div')
  readonly #status = document.createElement('div')
  /** Asks whether a long text is to be a file. */
  readonly #question = document.createElement('div')
  #askedAbout = ''
  /** A text that becomes a file, until it is one. */
  #moving: { readonly text: string; readonly file: File } | null = null
  #picker: ChatEmoji | null = null
  /** Characters left when the text changed before. */
  #left: number = LIMITS.textLength

  constructor(composer: Composer) {
    this.#composer = composer
    this.#line.setAttribute('aria-hidden', 'true')
    this.#status.className = 'sr'
    this.#status.setAttribute('role', 'status')
    this.#question.className = 'question'
    this.#question.setAttribute('role', 'group')
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
    if (this.#askForFile()) {
      this.#status.textContent = strings.longPaste
      return
    }
    if (shown === '' || ANNOUNCED.some((mark) => left <= mark && this.#left > mark))
      this.#status.textContent = shown
    this.#left = left
  }

  /** True while the visitor is asked what a long text is to be: it stays in the field until it is among the files. */
  #askForFile(): boolean {
    const { files, renderRoot } = this.#composer
    this.#takeOut()
    // As the field has line breaks.
    const pasted = this.#composer.pasted.replaceAll('\r', '')
    if (!this.#composer.text.includes(pasted)) this.#composer.pasted = ''
    if (this.#composer.pasted === '' || files === undefined || !isTaken(files, pasted)) {
      this.#question.remove()
      this.#askedAbout = ''
      return false
    }
    if (this.#askedAbout !== pasted) {
      this.#askedAbout = pasted
      this.#question.replaceChildren(...this.#questionAbout(pasted))
      renderRoot.querySelector('.box')?.before(this.#question)
    }
    return true
  }

  #questionAbout(text: string): HTMLElement[] {
    const composer = this.#composer
    const strings = partStrings(english, composer.words)
    const button = (label: string, onclick: () => void) =>
      Object.assign(document.createElement('button'), { type: 'button', textContent: label, onclick })
    const question = document.createElement('span')
    question.textContent = strings.longPaste
    this.#question.setAttribute('aria-label', strings.longPaste)
    return [
      question,
      button(strings.pastedAsFile, () => {
        const file = new File([text], `${strings.pastedName}.txt`, { type: 'text/plain' })
        this.#moving = { text, file }
        ask(composer, { type: 'attach', files: [file] })
      }),
      button(strings.pastedAsText, () => {
        composer.pasted = ''
        composer.focus()
      }),
    ]
  }

  /** Takes the text out of the field once it is among the files. */
  #takeOut(): void {
    const { tray, renderRoot } = this.#composer
    const moving = this.#moving
    if (moving === null || !tray?.chosen?.some(({ file }) => file === moving.file)) return
    this.#moving = null
    const field = renderRoot.querySelector('textarea') as HTMLTextAreaElement
    const at = field.value.indexOf(moving.text)
    if (at === -1) return
    field.setRangeText('', at, at + moving.text.length, 'end')
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
    this.#composer.focus()
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
