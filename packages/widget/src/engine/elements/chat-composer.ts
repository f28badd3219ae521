/** `<chat-widget-composer>`: the visitor's text field. Enter sends, Shift+Enter begins a line. */
import { type FileLimits, LIMITS } from '@chat-widget/protocol'
import type { PropertyValues } from 'lit'
import { litPart } from '../lit.ts'
import { ask } from '../panel-request.ts'
import { composerStyles } from './chat-composer.styles.ts'
import { directionOfText, make, put } from './dom.ts'
import { nameButton } from './icon-button.ts'
import { attachIcon, emojiIcon, icon, sendIcon } from './icons.ts'
import { PanelElement } from './panel-element.ts'

/** Safari ends a composition before the Enter that ends it; only key code 229 shows it. */
const isComposing = (event: KeyboardEvent) => event.isComposing || event.keyCode === 229

/** Loaded for emoji, or for a long text. */
const composerTools = litPart(() => import('../composer/composer-tools.ts'))

/** Characters from which on the room that is left may have to be told. */
const LONG = LIMITS.textLength / 2

/** Characters from which on a text that is pasted may rather be a file. */
const LONG_PASTE = 2_000

/** Files that go with the next message. */
export interface Tray extends HTMLElement {
  /** True if any of its files can be sent. */
  readonly ready: boolean
  /** Sends it, and the text. */
  send(text: string): void
}

/**
 * @csspart composer - The form.
 * @csspart input - The text field.
 * @csspart attach - The button that chooses files.
 * @csspart emoji-button - The button that shows emoji.
 * @csspart send - The send button.
 */
export class ChatComposer extends PanelElement {
  static override css = composerStyles
  static override defaults = {
    ...{ draft: '', text: '', picking: false, pasted: '' },
    files: undefined,
  } satisfies Partial<ChatComposer>

  /**
   * Text of an earlier page, used unless the visitor has written something already; cleared when its writer signs out.
   */
  declare draft: string
  declare text: string
  /** True while emoji are to be seen. */
  declare picking: boolean
  /** The long text that was pasted last, until the field no longer has it. */
  declare pasted: string
  /** Limits of the app's files, unless it takes none. */
  declare files: FileLimits | undefined
  /** A part puts it above the box, and updates this element. */
  tray: Tray | undefined
  #isTyping = false
  readonly #field = make('textarea', {
    part: 'input',
    rows: 1,
    maxLength: LIMITS.textLength,
    enterKeyHint: 'send',
    autocomplete: 'off',
    oninput: () => this.#input(),
    onkeydown: (event) => this.#keydown(event),
    onpaste: (event) => this.#paste(event),
    onblur: () => this.#stopTyping(),
  })
  /** The browser's own control: its dialog opens at once, and phones offer their camera in it. */
  readonly #files = make('input', {
    type: 'file',
    multiple: true,
    className: 'sr',
    onclick: () => ask(this, { type: 'attach' }),
    onchange: () => {
      ask(this, { type: 'attach', files: [...(this.#files.files ?? [])] })
      // The same file may be chosen again.
      this.#files.value = ''
    },
  })
  readonly #attach = make(
    'label',
    { className: 'icon-button', part: 'attach' },
    icon(attachIcon),
    this.#files,
  )
  readonly #emoji = make(
    'button',
    {
      type: 'button',
      className: 'icon-button',
      part: 'emoji-button',
      onclick: () => {
        this.picking = !this.picking
      },
    },
    icon(emojiIcon),
  )
  readonly #button = make('button', { type: 'submit', className: 'send', part: 'send' }, icon(sendIcon))
  readonly #form = make(
    'form',
    { part: 'composer', onsubmit: (event: Event) => this.#submit(event) },
    make('div', { className: 'box' }, this.#field, this.#attach, this.#emoji, this.#button),
  )

  override focus(options?: FocusOptions): void {
    this.#field.focus(options)
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
    const tools =
      this.picking || this.pasted || this.text.length > LONG ? this.need(composerTools) : composerTools.part
    tools?.updateTools(this)
  }

  protected override draw(): void {
    const { text, files } = this
    const { strings } = this.words
    if (this.#form.parentNode === null) this.renderRoot.append(this.#form)
    put(this.#field, {
      dir: directionOfText(text),
      placeholder: strings.composerPlaceholder,
      'aria-label': strings.composerLabel,
      value: text,
    })
    put(this.#attach, { hidden: !files, title: strings.attach })
    put(this.#files, { 'aria-label': strings.attach, accept: `${files?.types}` })
    put(nameButton(this.#emoji, strings.emoji), { 'aria-expanded': String(this.picking) })
    put(this.#button, {
      'aria-label': strings.send,
      'aria-disabled': String(!this.tray?.ready && text.trim() === ''),
    })
  }

  #fit(): void {
    const field = this.#field
    field.style.blockSize = ''
    // The style sheet's maximum keeps a long text from filling the panel.
    if (field.scrollHeight > field.clientHeight) field.style.blockSize = `${field.scrollHeight}px`
  }

  #input(): void {
    this.text = this.#field.value
    ask(this, { type: 'draft', text: this.text })
    this.#tellTyping(this.text.trim() !== '')
  }

  #paste(event: ClipboardEvent): void {
    const text = `${event.clipboardData?.getData('text')}`
    if (text.length < LONG_PASTE) return
    const field = this.#field
    // The browser puts it in after this event, and would cut what a message does not hold.
    if (field.value.length + text.length > LIMITS.textLength) {
      event.preventDefault()
      field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end')
      this.#input()
    }
    setTimeout(() => {
      this.pasted = text
    })
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return
    event.preventDefault()
    this.#send()
  }

  #submit(event: Event): void {
    event.preventDefault()
    this.#send()
    this.focus()
  }

  #send(): void {
    const text = this.text.trim()
    if ((text === '' && !this.tray) || text.length > LIMITS.textLength) return
    this.#stopTyping()
    this.text = ''
    ask(this, { type: 'draft', text: '' })
    if (this.tray) this.tray.send(text)
    else ask(this, { type: 'send', message: text })
  }

  #stopTyping(): void {
    this.#tellTyping(false)
  }

  /** Called at each key: the client tells the server now and then, and again when there was no key for a while. */
  #tellTyping(typing: boolean): void {
    if (typing || this.#isTyping) ask(this, { type: 'typing', typing })
    this.#isTyping = typing
  }
}

PanelElement.define('chat-widget-composer', ChatComposer)
