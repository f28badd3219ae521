/** `<chat-widget-viewer>`: a picture over the whole page, with zoom. Loaded when a picture is first opened. */
import { attempt } from '@chat-widget/client/browser'
import { fileSize } from '@chat-widget/client/files'
import { plainName } from '@chat-widget/protocol'
import { english } from '../../locales/parts/viewer.ts'
import { iconTemplate } from '../elements/icon-template.ts'
import { TemplateElement } from '../elements/template-element.ts'
import { drawPicture } from '../files/draw-picture.ts'
import { saveFile } from '../files/save-file.ts'
import { html } from '../lit.ts'
import { partStrings, type Words } from '../load-strings.ts'
import { viewerStyles } from './chat-viewer.styles.ts'

export interface Viewed {
  readonly name: string
  readonly size: number
  readonly bytes: () => Promise<Blob>
}

/** Pixels of a canvas's longer side that every browser can draw. */
const MOST_PIXELS = 4_096
const LARGEST = 8
const STEP = 1.5

const ICONS = {
  close: 'M6 6l12 12M18 6L6 18',
  larger: 'M12 5v14M5 12h14',
  smaller: 'M5 12h14',
  save: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14',
}

class ChatViewer extends TemplateElement {
  static override css = viewerStyles
  static override defaults = { viewed: null, zoom: 1, state: 'loading' } satisfies Partial<ChatViewer>

  declare viewed: Viewed | null
  /** 1: fitted to the window. */
  declare zoom: number
  declare state: 'loading' | 'shown' | 'lost'
  /** Distance of two fingers, and the zoom when they came down. */
  #pinch: { readonly distance: number; readonly zoom: number } | null = null
  readonly #fingers = new Map<number, PointerEvent>()

  open(): void {
    void this.updateComplete.then(() => {
      this.#dialog.showModal()
      this.#stage.focus()
      void this.#load()
    })
  }

  protected override render() {
    const { viewed, zoom, words } = this
    const strings = partStrings(english, words)
    const name = plainName(viewed?.name ?? '')
    const button = (label: string, what: keyof typeof ICONS, use: () => void, isOff = false) =>
      html`<button
        type="button"
        class="icon-button"
        aria-label=${label}
        title=${label}
        aria-disabled=${String(isOff)}
        @click=${use}
      >
        ${iconTemplate(ICONS[what])}
      </button>`
    return html`<dialog
      aria-label=${name}
      lang=${words.locale}
      @close=${this.#closed}
      @keydown=${this.#keydown}
      @click=${this.#clicked}
    >
      <div class="bar">
        <strong dir="auto">${name}</strong>
        <span>${fileSize(viewed?.size ?? 0, words.locale)}</span>
        ${button(strings.viewerSmaller, 'smaller', () => this.#setZoom(zoom / STEP), zoom <= 1)}
        ${button(strings.viewerLarger, 'larger', () => this.#setZoom(zoom * STEP), zoom >= LARGEST)}
        ${button(strings.viewerSave, 'save', () => void this.#save(), this.state !== 'shown')}
        ${button(strings.viewerClose, 'close', () => this.#dialog.close())}
      </div>
      <div
        class="stage ${zoom > 1 ? 'zoomed' : ''}"
        tabindex="0"
        role="group"
        aria-label=${strings.viewerKeys}
        @wheel=${this.#wheel}
        @dblclick=${() => this.#setZoom(zoom > 1 ? 1 : 2.5)}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#up}
      >
        <canvas role="img" aria-label=${name} ?hidden=${this.state !== 'shown'}></canvas>
        <p role="status">
          ${this.state === 'loading' ? strings.viewerLoading : this.state === 'lost' ? strings.viewerLost : ''}
        </p>
      </div>
      <div class="sr" role="status">${zoom === 1 ? '' : strings.viewerZoom(Math.round(zoom * 100))}</div>
    </dialog>`
  }

  async #load(): Promise<void> {
    try {
      const bytes = await this.viewed?.bytes()
      if (bytes === undefined) return
      await drawPicture(this.#canvas, bytes, MOST_PIXELS)
      this.state = 'shown'
      await this.updateComplete
      this.#fit()
    } catch {
      this.state = 'lost'
    }
  }

  /** Sizes the canvas; the point in the middle of the stage stays there. */
  #fit(): void {
    const [canvas, stage] = [this.#canvas, this.#stage]
    const [x, y] = [
      (stage.scrollLeft + stage.clientWidth / 2) / stage.scrollWidth,
      (stage.scrollTop + stage.clientHeight / 2) / stage.scrollHeight,
    ]
    const scale = Math.min(1, stage.clientWidth / canvas.width, stage.clientHeight / canvas.height)
    canvas.style.width = `${canvas.width * scale * this.zoom}px`
    canvas.style.height = `${canvas.height * scale * this.zoom}px`
    stage.scrollTo(
      x * stage.scrollWidth - stage.clientWidth / 2,
      y * stage.scrollHeight - stage.clientHeight / 2,
    )
  }

  #setZoom(zoom: number): void {
    if (this.state !== 'shown') return
    this.zoom = Math.min(LARGEST, Math.max(1, zoom))
    void this.updateComplete.then(() => this.#fit())
  }

  #keydown = (event: KeyboardEvent): void => {
    // Not the panel's: Escape would close that.
    event.stopPropagation()
    const { key } = event
    if (key === '+' || key === '=') this.#setZoom(this.zoom * STEP)
    else if (key === '-') this.#setZoom(this.zoom / STEP)
    else if (key === '0') this.#setZoom(1)
  }

  #clicked = (event: MouseEvent): void => {
    // Beside the picture.
    if (this.zoom === 1 && event.target === this.#stage) this.#dialog.close()
  }

  #wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && this.zoom > 1) return
    event.preventDefault()
    this.#setZoom(this.zoom * Math.exp(-event.deltaY / 300))
  }

  #down = (event: PointerEvent): void => {
    this.#fingers.set(event.pointerId, event)
    const distance = this.#distance()
    this.#pinch = distance === null ? null : { distance, zoom: this.zoom }
    if (event.pointerType === 'mouse') this.#stage.setPointerCapture(event.pointerId)
  }

  #move = (event: PointerEvent): void => {
    const before = this.#fingers.get(event.pointerId)
    if (before === undefined) return
    this.#fingers.set(event.pointerId, event)
    const distance = this.#distance()
    if (this.#pinch !== null && distance !== null)
      this.#setZoom((this.#pinch.zoom * distance) / this.#pinch.distance)
    // A finger scrolls by itself.
    else if (event.pointerType === 'mouse')
      this.#stage.scrollBy(before.clientX - event.clientX, before.clientY - event.clientY)
  }

  #up = (event: PointerEvent): void => {
    this.#fingers.delete(event.pointerId)
    this.#pinch = null
  }

  #distance(): number | null {
    const [one, other] = [...this.#fingers.values()]
    if (one === undefined || other === undefined) return null
    return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)
  }

  async #save(): Promise<void> {
    const { viewed } = this
    if (viewed === null || this.state !== 'shown') return
    saveFile(await viewed.bytes(), viewed.name)
  }

  #closed = (): void => {
    this.remove()
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog') as HTMLDialogElement
  }
  get #stage(): HTMLElement {
    return this.renderRoot.querySelector('.stage') as HTMLElement
  }
  get #canvas(): HTMLCanvasElement {
    return this.renderRoot.querySelector('canvas') as HTMLCanvasElement
  }
}

TemplateElement.define('chat-widget-viewer', ChatViewer)

/** Opens a picture; the focus returns to where it was. */
export function openViewer(root: ShadowRoot, words: Words, viewed: Viewed): void {
  const opener = root.activeElement
  let deepest = opener
  while (deepest?.shadowRoot?.activeElement) deepest = deepest.shadowRoot.activeElement
  const element = document.createElement('chat-widget-viewer') as ChatViewer
  element.words = words
  element.viewed = viewed
  root.append(element)
  element.renderRoot.addEventListener(
    'close',
    () => attempt(() => (deepest as HTMLElement | null)?.focus()),
    true,
  )
  element.open()
}
