/** `<chat-widget-attachments>`: the files that go with the next message, above the text field. */
import { fileLetters, fileSize, isPicture, isTypeTaken } from '@chat-widget/client/files'
import { type FileLimits, plainName } from '@chat-widget/protocol'
import type { PropertyValues } from 'lit'
import { english } from '../../locales/parts/attachments.ts'
import type { Tray } from '../elements/chat-composer.ts'
import { iconTemplate } from '../elements/icon-template.ts'
import { closeIcon } from '../elements/icons.ts'
import { TemplateElement } from '../elements/template-element.ts'
import { drawPicture } from '../files/draw-picture.ts'
import { html, nothing } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import { ask } from '../panel-request.ts'
import { attachmentsStyles } from './chat-attachments.styles.ts'
import { shrink } from './shrink.ts'

const documentIcon = 'M13 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V9zM13 3v6h6'

/** Files that go with one message at most. */
const FILES_AT_MOST = 10

interface Chosen {
  readonly id: number
  readonly file: File
  /** A smaller picture in its place; `undefined`: not known yet. */
  smaller?: File | null
  readonly shrinking: Promise<unknown>
}

const namesOf = (chosen: readonly Chosen[]) => chosen.map(({ file }) => plainName(file.name)).join(', ')

export class ChatAttachments extends TemplateElement implements Tray {
  static override css = attachmentsStyles
  static override defaults = {
    limits: null,
    chosen: [],
    smaller: false,
    said: '',
  } satisfies Partial<ChatAttachments>

  declare limits: FileLimits | null
  declare chosen: readonly Chosen[]
  /** The visitor's choice. */
  declare smaller: boolean
  /** Text for screen readers. */
  declare said: string
  /** Called when no file is left. */
  emptied: () => void = () => {}
  /** Called after each change. */
  changed: () => void = () => {}
  #ids = 0
  readonly #drawn = new WeakSet<HTMLCanvasElement>()

  add(files: readonly File[]): void {
    const room = FILES_AT_MOST - this.chosen.length
    const added = files.slice(0, room).map((file) => this.#choose(file))
    this.chosen = [...this.chosen, ...added]
    const strings = partStrings(english, this.words)
    this.said =
      files.length > room ? strings.attachTooMany(FILES_AT_MOST) : strings.attachAdded(namesOf(added))
  }

  get ready(): boolean {
    return this.chosen.some(this.#isGood)
  }

  /** Those that cannot be sent stay, with their reason. */
  send(text: string): void {
    const files = this.chosen.filter(this.#isGood)
    this.chosen = this.chosen.filter((one) => !this.#isGood(one))
    if (this.chosen.length === 0) this.emptied()
    else this.said = partStrings(english, this.words).attachNotSent(namesOf(this.chosen))
    const go = () => {
      if (files.length === 0 && text !== '') ask(this.#asker, { type: 'send', message: text })
      files.forEach((one, index) => {
        // The words stand below the last one.
        const isLast = index === files.length - 1
        ask(this.#asker, {
          type: 'send',
          message: { file: this.#effective(one), ...(isLast && text !== '' && { text }) },
        })
      })
    }
    const isWaiting = this.smaller && files.some((one) => one.smaller === undefined)
    if (isWaiting) void Promise.all(files.map(({ shrinking }) => shrinking)).then(go)
    else go()
  }

  /** Removed from the document by then, this element's requests would not be heard. */
  #asker: HTMLElement = this

  override connectedCallback(): void {
    super.connectedCallback()
    this.#asker = (this.getRootNode() as ShadowRoot).host as HTMLElement
  }

  protected override updated(_changed: PropertyValues<this>): void {
    this.changed()
    for (const one of this.chosen) {
      const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`canvas[data-id="${one.id}"]`)
      if (canvas === null || this.#drawn.has(canvas)) continue
      this.#drawn.add(canvas)
      drawPicture(canvas, one.file, 144).catch(() => {})
    }
  }

  protected override render() {
    const strings = partStrings(english, this.words)
    return html`<ul aria-label=${strings.attachChosen}>
        ${this.#badFirst().map((one) => this.#row(one))}
      </ul>
      ${this.#choice()}
      <div class="sr" role="status">${this.said}</div>`
  }

  #row(one: Chosen) {
    const strings = partStrings(english, this.words)
    const name = plainName(one.file.name)
    const problem = this.#problemOf(one)
    return html`<li class=${problem === null ? '' : 'bad'}>
      ${
        isPicture(one.file.type)
          ? html`<canvas data-id=${one.id} aria-hidden="true"></canvas>`
          : html`<span class="type" aria-hidden="true">${fileLetters(name) || iconTemplate(documentIcon)}</span>`
      }
      <span class="words">
        <span class="name" dir="auto" title=${name}>${name}</span>
        <span class="size">${problem ?? fileSize(this.#effective(one).size, this.words.locale)}</span>
      </span>
      <button
        type="button"
        class="remove"
        aria-label=${strings.attachRemove(name)}
        title=${strings.attachRemove(name)}
        @click=${() => this.#remove(one)}
      >
        ${iconTemplate(closeIcon)}
      </button>
    </li>`
  }

  /** Files that cannot be sent are seen without scrolling. */
  #badFirst(): readonly Chosen[] {
    return [...this.chosen.filter((one) => !this.#isGood(one)), ...this.chosen.filter(this.#isGood)]
  }

  /** Offered where it saves something. */
  #choice() {
    const pictures = this.chosen.filter((one) => one.smaller)
    if (pictures.length === 0) return nothing
    const sum = (files: readonly File[]) =>
      fileSize(
        files.reduce((bytes, { size }) => bytes + size, 0),
        this.words.locale,
      )
    const strings = partStrings(english, this.words)
    const from = sum(pictures.map(({ file }) => file))
    const to = sum(pictures.map((one) => one.smaller ?? one.file))
    return html`<label
      ><input
        type="checkbox"
        .checked=${this.smaller}
        @change=${(event: Event) => {
          this.smaller = (event.target as HTMLInputElement).checked
        }}
      /><span>${strings.attachSmaller(from, to)}</span></label
    >`
  }

  #choose(file: File): Chosen {
    this.#ids += 1
    const one: Chosen = {
      id: this.#ids,
      file,
      shrinking: shrink(file).then((smaller) => {
        one.smaller = smaller
        this.chosen = [...this.chosen]
      }),
    }
    return one
  }

  #remove(one: Chosen): void {
    const strings = partStrings(english, this.words)
    this.said = strings.attachRemoved(plainName(one.file.name))
    const index = this.chosen.indexOf(one)
    this.chosen = this.chosen.filter((other) => other !== one)
    if (this.chosen.length === 0) this.emptied()
    void this.updateComplete.then(() => {
      const buttons = this.renderRoot.querySelectorAll<HTMLElement>('.remove')
      buttons[Math.min(index, buttons.length - 1)]?.focus()
    })
  }

  /** A picture that is too large is sent smaller, whatever the choice. */
  #effective({ file, smaller }: Chosen): File {
    const isTooLarge = file.size > (this.limits?.maxBytes ?? Number.POSITIVE_INFINITY)
    return smaller && (this.smaller || isTooLarge) ? smaller : file
  }

  /** Said before anything is sent; the rest the server finds out. */
  #isGood = (one: Chosen): boolean => this.#problemOf(one) === null

  #problemOf(one: Chosen): string | null {
    const strings = partStrings(english, this.words)
    const most = this.limits?.maxBytes
    const { size, type } = this.#effective(one)
    if (most !== undefined && size > most) return strings.attachTooLarge(fileSize(most, this.words.locale))
    if (!isTypeTaken(type, this.limits?.types)) return strings.attachRefused
    return size === 0 ? strings.attachEmpty : null
  }
}

TemplateElement.define('chat-widget-attachments', ChatAttachments)
