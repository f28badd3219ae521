/** `<chat-widget-file>`: a file in a message: a picture to look at, or a name to download; while it is sent, how far. */
import type { TimelineItem } from '@chat-widget/client'
import { watchOnScreen } from '@chat-widget/client/browser'
import { fileLetters, fileSize, isPicture, readFile } from '@chat-widget/client/files'
import { ChatError, type ErrorCode, plainName, type SentFile } from '@chat-widget/protocol'
import type { PropertyValues } from 'lit'
import { english } from '../../locales/parts/file.ts'
import { useClient } from '../conversations/use-client.ts'
import { iconTemplate } from '../elements/icon-template.ts'
import { closeIcon } from '../elements/icons.ts'
import { TemplateElement } from '../elements/template-element.ts'
import { drawPicture, type Pixels } from '../files/draw-picture.ts'
import { saveFile } from '../files/save-file.ts'
import { html, litPart, nothing } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import { ask } from '../panel-request.ts'
import { fileStyles } from './chat-file.styles.ts'
import { pictures, takeSent } from './pictures.ts'

const viewer = litPart(() => import('../viewer/chat-viewer.ts'))
const documentIcon = 'M13 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V9zM13 3v6h6'

/** Box that a picture is fitted into, in CSS pixels. */
const WIDEST = 260
const HIGHEST = 320

interface Shown {
  readonly name: string
  readonly size: number
  readonly mediaType: string
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly caption: string
}

/**
 * @csspart file - A file: a button that downloads it, or opens a picture.
 */
export class ChatFile extends TemplateElement {
  static override css = fileStyles
  static override defaults = {
    item: null,
    state: 'waiting',
    problem: null,
    pixels: null,
  } satisfies Partial<ChatFile>

  declare item: TimelineItem | null
  /** Of the bytes that the server has. */
  declare state: 'waiting' | 'loading' | 'shown' | 'lost'
  /** Of a picture that is being sent; the server says those of one that was. */
  declare pixels: Pixels | null
  /** Why the last download failed. */
  declare problem: ErrorCode | null
  #unwatch: (() => void) | undefined
  #drawnBytes: Blob | undefined
  #stop = new AbortController()

  override connectedCallback(): void {
    super.connectedCallback()
    this.#stop = new AbortController()
    this.#unwatch = watchOnScreen(this, (isOnScreen) => {
      if (isOnScreen && this.state === 'waiting') void this.#load()
    })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#unwatch?.()
    this.#stop.abort()
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('item')) this.#drawOwn()
  }

  protected override render() {
    const { item } = this
    if (item === null) return nothing
    const shown = { ...shownOf(item), ...this.pixels }
    return html`${this.#isPicture(shown) ? this.#picture(shown) : this.#file(shown)}
    ${item.kind === 'pending' ? this.#progress(item, shown) : nothing} ${this.#problem()}
    ${shown.caption === '' ? nothing : html`<div class="caption" dir="auto">${shown.caption}</div>`}`
  }

  #isPicture({ mediaType, width }: Shown): boolean {
    const { item } = this
    if (this.state === 'lost' || !isPicture(mediaType)) return false
    return item?.kind === 'pending' ? item.upload !== undefined : width !== undefined
  }

  /** As large as it will be, before it is there. */
  #picture({ name, width = WIDEST, height = WIDEST }: Shown) {
    const scale = Math.min(1, WIDEST / width, HIGHEST / height)
    const box = `inline-size: ${Math.max(96, Math.round(width * scale))}px; aspect-ratio: ${width} / ${height}; max-block-size: ${HIGHEST}px`
    const { fileOpen } = partStrings(english, this.words)
    return html`<button
      type="button"
      class="picture"
      part="file"
      aria-label=${fileOpen(plainName(name))}
      @click=${this.#open}
      .style=${box}
    >
      <canvas></canvas>
    </button>`
  }

  #file(shown: Shown) {
    const { locale } = this.words
    const name = plainName(shown.name)
    const letters = fileLetters(name)
    const inside = html`<span class="type" aria-hidden="true" data-letters=${letters}
        >${letters === '' ? iconTemplate(documentIcon) : nothing}</span
      >
      <span class="words">
        <span class="name" dir="auto">${name}</span>
        <span class="size">${fileSize(shown.size, locale)}</span>
      </span>`
    if (this.item?.kind === 'pending') return html`<div class="file pending">${inside}</div>`
    const { fileDownload } = partStrings(english, this.words)
    return html`<button
      type="button"
      class="file"
      part="file"
      aria-label=${`${fileDownload(name)} ${fileSize(shown.size, locale)}`}
      @click=${this.#download}
    >
      ${inside}
    </button>`
  }

  #progress(item: TimelineItem & { kind: 'pending' }, { name, size }: Shown) {
    const strings = partStrings(english, this.words)
    const { state, upload, clientId } = item
    if (state.status === 'failed') return nothing
    const percent = size === 0 ? 0 : Math.floor((100 * (upload?.sent ?? 0)) / size)
    return html`<div
        class="bar"
        role="progressbar"
        aria-label=${strings.fileSending(plainName(name))}
        aria-valuenow=${percent}
        aria-valuemin="0"
        aria-valuemax="100"
      >
        <i .style=${`inline-size: ${percent}%`}></i>
      </div>
      <button
        type="button"
        class="cancel"
        aria-label=${strings.fileCancel(plainName(name))}
        title=${strings.fileCancel(plainName(name))}
        @click=${() => ask(this, { type: 'discard', clientId })}
      >
        ${iconTemplate(closeIcon)}
      </button>
      ${upload?.isKept === false ? html`<div class="note">${strings.fileNotKept}</div>` : nothing}`
  }

  #problem() {
    const { item, problem } = this
    const failed = item?.kind === 'pending' && item.state.status === 'failed' ? item.state.code : null
    if (failed !== null) return html`<div class="problem" role="alert">${this.#reason(failed)}</div>`
    if (problem === null) return nothing
    return html`<div class="problem" role="alert">${partStrings(english, this.words).fileLost}</div>`
  }

  #reason(code: ErrorCode): string {
    const strings = partStrings(english, this.words)
    switch (code) {
      case 'too-large':
        return strings.fileTooLarge
      case 'file-refused':
        return strings.fileRefused
      case 'file-unreadable':
        return strings.fileUnreadable
      case 'rate-limited':
        return strings.fileTooMany
      case 'not-found':
        return strings.fileNotTaken
      default:
        return strings.fileNotSent
    }
  }

  /** Draws the bytes that this page holds. */
  #drawOwn(): void {
    const { item } = this
    const own = item?.kind === 'pending' ? item.upload?.bytes : undefined
    if (own === undefined || item?.kind !== 'pending') return
    this.#draw(pictures.sending(item.clientId, own)).catch(() => {
      // No picture, whatever its name says.
      this.state = 'lost'
    })
  }

  async #load(): Promise<void> {
    const { item } = this
    if (item?.kind !== 'stored' || item.message.kind !== 'file') return
    if (!this.#isPicture(shownOf(item))) return
    this.state = 'loading'
    try {
      const own = takeSent(item.message.clientId)
      await this.#draw(own ?? (await this.#read(item.message.file)))
      this.state = 'shown'
    } catch {
      // As a file it can be asked for again.
      if (this.isConnected) this.state = 'lost'
    }
  }

  async #draw(bytes: Blob): Promise<void> {
    await this.updateComplete
    const canvas = this.renderRoot.querySelector('canvas')
    if (canvas === null || this.#drawnBytes === bytes) return
    this.#drawnBytes = bytes
    this.pixels = await drawPicture(canvas, bytes, WIDEST * Math.min(3, devicePixelRatio || 1))
    canvas.className = 'drawn'
  }

  /** Reads the bytes, from what was read before if it is there. */
  #read(file: SentFile): Promise<Blob> {
    const { signal } = this.#stop
    return useClient(this, (client) =>
      pictures.read(client.parts.identity.visit, file, () => readFile(client, file.id, { signal })),
    )
  }

  #open = async (): Promise<void> => {
    const { item } = this
    if (item === null) return
    const { name, size } = shownOf(item)
    const open = (): void => {
      const part = viewer(open, () => ask(this, { type: 'report-load-failed' }))
      const bytes = () =>
        item.kind === 'stored' && item.message.kind === 'file'
          ? this.#read(item.message.file)
          : Promise.resolve(this.#drawnBytes ?? new Blob())
      part?.openViewer(this.getRootNode() as ShadowRoot, this.words, { name, size, bytes })
    }
    open()
  }

  #download = async (): Promise<void> => {
    const { item } = this
    if (item?.kind !== 'stored' || item.message.kind !== 'file') return
    const { file } = item.message
    this.problem = null
    try {
      saveFile(await this.#read(file), file.name)
    } catch (error) {
      this.problem = error instanceof ChatError ? error.code : 'server-unreachable'
    }
  }
}

function shownOf(item: TimelineItem): Shown {
  if (item.kind === 'stored' && item.message.kind === 'file')
    return { ...item.message.file, caption: item.message.caption ?? '' }
  const body = item.kind === 'pending' ? item.body : ''
  if (typeof body !== 'string' && 'file' in body) {
    const { name = '', size, type } = body.file
    return { name, size, mediaType: type, caption: body.text ?? '' }
  }
  return { name: '', size: 0, mediaType: '', caption: '' }
}

TemplateElement.define('chat-widget-file', ChatFile)
