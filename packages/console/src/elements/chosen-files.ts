/** Files that go with the next reply: each with its name, its size, and a button that takes it out. */
import { isPicture } from '@chat-widget/client/files'
import { type FileLimits, plainName } from '@chat-widget/protocol'
import { css, html, nothing } from 'lit'
import { icons } from '../icons.ts'
import { fileFacts, fileProblem } from '../kinds/file-words.ts'
import { previewAddress } from '../kinds/picture-preview.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { WordsElement } from './words-element.ts'

/** The files, after each change. */
export class FilesChangeEvent extends CustomEvent<readonly File[]> {
  constructor(files: readonly File[]) {
    super('files-change', { bubbles: true, composed: true, detail: files })
  }
}

declare global {
  interface HTMLElementEventMap {
    'files-change': FilesChangeEvent
  }
}

/** Files that are sent at a time. */
const MOST = 10

/** @event files-change - The files changed. */
export class ChosenFiles extends WordsElement {
  static override properties = {
    files: { attribute: false },
    limits: { attribute: false },
    said: { state: true },
  }

  static override styles = [
    base,
    css`
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 0.375rem;
        max-block-size: min(9rem, 25vh);
        padding: 0.625rem 0.875rem 0;
        overflow-y: auto;
      }

      @media (max-width: 47.5rem) {
        ul {
          flex-wrap: nowrap;
          padding-block-end: 0.25rem;
          overflow-x: auto;
          overscroll-behavior-x: contain;
        }

        li {
          flex: none;
        }
      }

      li {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        min-inline-size: 0;
        max-inline-size: min(100%, 15rem);
        padding: 0.25rem 0.25rem 0.25rem 0.375rem;
        padding-inline: 0.375rem 0.25rem;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
      }

      li.bad {
        border-color: var(--bad);
      }

      img,
      .sign {
        display: grid;
        flex: none;
        place-items: center;
        inline-size: 2.25rem;
        block-size: 2.25rem;
        border-radius: 6px;
        background: var(--surface-hover);
        color: var(--ink-soft);
        object-fit: cover;
      }

      .text {
        display: grid;
        min-inline-size: 0;
        font-size: 0.8125rem;
        line-height: 1.3;
      }

      .name {
        overflow: hidden;
        font-weight: 500;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .facts {
        color: var(--ink-soft);
        font-size: 0.75rem;
      }

      .bad .facts {
        color: var(--bad);
      }

      li .button {
        inline-size: 1.75rem;
        min-block-size: 1.75rem;
      }

      li .button svg {
        inline-size: 0.75rem;
        block-size: 0.75rem;
      }
    `,
  ]

  declare files: readonly File[]
  declare limits: FileLimits
  /** Text for screen readers. */
  declare protected said: string

  constructor() {
    super()
    this.files = []
    this.limits = { maxBytes: 0, types: [] }
    this.said = ''
  }

  /** Adds files, as long as there is room. */
  add(files: readonly File[]): void {
    const { added, tooMany } = words().files
    const taken = files.slice(0, MOST - this.files.length)
    const names = taken.map(({ name }) => plainName(name)).join(', ')
    this.said = taken.length < files.length ? tooMany(MOST) : added(names)
    this.#set([...this.files, ...taken])
  }

  override render() {
    return html`${this.files.length === 0 ? nothing : this.#list()}
      <p class="visually-hidden" role="status">${this.said}</p>`
  }

  #list() {
    return html`<ul role="list" aria-label=${words().files.chosen}>
      ${[...this.#withProblem(true), ...this.#withProblem(false)].map((file) => this.#file(file))}
    </ul>`
  }

  /** Files that cannot be sent come first, to be seen without scrolling. */
  #withProblem(hasProblem: boolean): readonly File[] {
    return this.files.filter((file) => (fileProblem(file, this.limits) !== null) === hasProblem)
  }

  #file(file: File) {
    const name = plainName(file.name)
    const problem = fileProblem(file, this.limits)
    return html`<li class=${problem === null ? '' : 'bad'}>
      ${
        isPicture(file.type)
          ? html`<img src=${previewAddress(file)} alt="" />`
          : html`<span class="sign">${icons.file}</span>`
      }
      <span class="text">
        <bdi class="name" title=${name}>${name}</bdi>
        <span class="facts">${problem ?? fileFacts(file.name, file.size)}</span>
      </span>
      <button
        type="button"
        class="button quiet icon-only"
        aria-label=${words().files.remove(name)}
        title=${words().files.remove(name)}
        @click=${() => this.#remove(file)}
      >
        ${icons.close}
      </button>
    </li>`
  }

  #remove(file: File): void {
    const buttons = () => [...this.renderRoot.querySelectorAll<HTMLElement>('li button')]
    const index = buttons().findIndex((button) => button.matches(':focus'))
    this.said = words().files.removed(plainName(file.name))
    this.#set(this.files.filter((one) => one !== file))
    void this.updateComplete.then(() => {
      const left = buttons()
      left[Math.min(Math.max(index, 0), left.length - 1)]?.focus()
    })
  }

  #set(files: readonly File[]): void {
    this.files = files
    this.dispatchEvent(new FilesChangeEvent(files))
  }
}
