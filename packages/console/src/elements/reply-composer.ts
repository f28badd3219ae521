/** The agent's composer: Enter sends, Shift+Enter begins a new line; buttons for Markdown, templates, cards and actions. */
import type { AgentMessageDraft, AgentTemplates } from '@chat-widget/client/agent'
import { type AppId, type FileLimits, LIMITS } from '@chat-widget/protocol'
import { html, nothing, type TemplateResult } from 'lit'
import { type MarkdownFormat, markdownChange } from '../format/markdown-editing.ts'
import { icons } from '../icons.ts'
import { fileProblem } from '../kinds/file-words.ts'
import { drawPending } from '../kinds/index.ts'
import { base } from '../styles/base.styles.ts'
import type { PlaceholderValues } from '../templates/placeholders.ts'
import { words } from '../words/words.ts'
import type { ActionDialog } from './action-dialog.ts'
import type { ChosenFiles, FilesChangeEvent } from './chosen-files.ts'
import {
  DraftChangeEvent,
  type Enclosed,
  EnclosedChangeEvent,
  MessageSendEvent,
  type TemplateUseEvent,
} from './console-events.ts'
import type { LoginCardDialog } from './login-card-dialog.ts'
import { messageKindsStyles } from './message-kinds.styles.ts'
import type { QuickReplyEditor, RepliesChangeEvent } from './quick-reply-editor.ts'
import { replyComposerStyles } from './reply-composer.styles.ts'
import { WordsElement } from './words-element.ts'

/** Safari ends a composition before the keydown that ended it; only this code shows it. */
const IME_KEY_CODE = 229

export const NOTHING_ENCLOSED: Enclosed = { replies: [], files: [] }

/** Keys that format, with Ctrl or ⌘. */
const FORMAT_KEYS: Readonly<Record<string, MarkdownFormat>> = { b: 'bold', i: 'italic', e: 'code', k: 'link' }
const FORMATS = ['bold', 'italic', 'code', 'list', 'link'] as const satisfies readonly MarkdownFormat[]

/**
 * @event message-send - Send a text, a file or a login card.
 * @event action-run - Run an action.
 * @event draft-change - The text changed.
 * @event enclosed-change - What goes with it changed.
 */
export class ReplyComposer extends WordsElement {
  static override properties = {
    draft: { attribute: false },
    closed: { type: Boolean },
    canSendCard: { type: Boolean },
    actions: { attribute: false },
    templates: { attribute: false },
    app: { attribute: false },
    values: { attribute: false },
    files: { attribute: false },
    enclosed: { attribute: false },
    offersReplies: { state: true },
    isPreviewing: { state: true },
    hasProblem: { state: true },
  }

  static override styles = [base, messageKindsStyles, replyComposerStyles]

  declare draft: string
  /** True for a closed conversation. A reply still reaches the visitor, whose answer reopens it. */
  declare closed: boolean
  /** False for a verified visitor, who needs no login card. */
  declare canSendCard: boolean
  /** Names of the actions that can be run for the visitor. */
  declare actions: readonly string[]
  declare templates: AgentTemplates | null
  /** The conversation's app. */
  declare app: AppId
  /** Values of the placeholders in templates. */
  declare values: PlaceholderValues
  /** Limits of the app's files; `null`: it takes none. */
  declare files: FileLimits | null
  declare enclosed: Enclosed
  declare protected offersReplies: boolean
  declare protected isPreviewing: boolean
  /** True if the templates could not be opened. */
  declare protected hasProblem: boolean

  constructor() {
    super()
    this.draft = ''
    this.closed = false
    this.canSendCard = true
    this.actions = []
    this.templates = null
    this.app = '' as AppId
    this.values = new Map()
    this.files = null
    this.enclosed = NOTHING_ENCLOSED
    this.offersReplies = false
    this.isPreviewing = false
    this.hasProblem = false
  }

  override focus(): void {
    this.#textarea?.focus()
  }

  /** Puts files beside the text. */
  addFiles(files: readonly File[]): void {
    if (files.length === 0) return
    this.renderRoot.querySelector<ChosenFiles>('chosen-files')?.add(files)
    this.focus()
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('enclosed') && this.enclosed.replies.length > 0) this.offersReplies = true
  }

  override render() {
    return html`
      ${this.closed ? html`<p class="hint">${words().composer.closed}</p>` : nothing}
      <p class="hint" role="alert" ?hidden=${!this.hasProblem}>${this.hasProblem ? words().errors.again : nothing}</p>
      <form class="box" @submit=${this.#submit}>
        ${this.isPreviewing ? this.#preview() : nothing}
        ${
          this.files === null
            ? nothing
            : html`<chosen-files
                .files=${this.enclosed.files}
                .limits=${this.files}
                @files-change=${({ detail: files }: FilesChangeEvent) => this.#enclose({ files })}
              ></chosen-files>`
        }
        <textarea
          aria-label=${words().composer.label}
          placeholder=${words().composer.placeholder}
          rows="1"
          maxlength=${LIMITS.textLength}
          enterkeyhint="send"
          dir=${this.draft === '' ? nothing : 'auto'}
          .value=${this.draft}
          @input=${this.#input}
          @keydown=${this.#keydown}
        ></textarea>
        ${
          this.offersReplies
            ? html`<quick-reply-editor
                .replies=${this.enclosed.replies}
                @replies-change=${({ detail: replies }: RepliesChangeEvent) => this.#enclose({ replies })}
              ></quick-reply-editor>`
            : nothing
        }
        ${this.#bar()}
      </form>
      <login-card-dialog></login-card-dialog>
      <action-dialog .actions=${this.actions}></action-dialog>
      <template-dialog
        .templates=${this.templates}
        .app=${this.app}
        .values=${this.values}
        @template-use=${this.#useTemplate}
      ></template-dialog>
    `
  }

  #preview() {
    const { draft: text } = this
    const { replies } = this.enclosed
    return html`<div class="preview" role="group" aria-label=${words().format.preview}>
      ${text.trim() === '' ? nothing : drawPending({ text, ...(replies.length > 0 && { quickReplies: [...replies] }) })}
    </div>`
  }

  #bar() {
    const { format, composer } = words()
    return html`<div class="bar">
      <span class="formats" role="group" aria-label=${format.group}>
        ${FORMATS.map((name) => tool(icons[name], format[name], () => this.#format(name)))}
      </span>
      ${this.files === null ? nothing : this.#attachButton(this.files)}
      <button
        type="button"
        class="button quiet icon-only"
        aria-label=${words().kinds.quickReplies}
        title=${words().kinds.quickReplies}
        aria-expanded=${this.offersReplies ? 'true' : 'false'}
        @click=${this.#toggleReplies}
      >
        ${icons.replies}
      </button>
      ${this.templates === null ? nothing : tool(icons.template, words().templates.title, this.#openTemplates)}
      ${this.canSendCard ? tool(icons.login, composer.card, this.#openDialog) : nothing}
      ${this.actions.length > 0 ? tool(icons.action, composer.actions, this.#openActions) : nothing}
      <button
        type="button"
        class="button quiet icon-only"
        aria-label=${format.preview}
        title=${format.preview}
        aria-pressed=${this.isPreviewing ? 'true' : 'false'}
        @click=${() => {
          this.isPreviewing = !this.isPreviewing
        }}
      >
        ${icons.eye}
      </button>
      <button class="button primary" aria-disabled=${this.draft.trim() === '' && this.enclosed.files.length === 0 ? 'true' : 'false'}>
        ${icons.send}${composer.send}
      </button>
    </div>`
  }

  /** The browser's own control. */
  #attachButton({ types }: FileLimits) {
    const { attach } = words().files
    return html`<label class="button quiet icon-only" title=${attach}
      >${icons.attach}<input
        class="visually-hidden"
        type="file"
        multiple
        accept=${types.join()}
        aria-label=${attach}
        @change=${this.#choose}
    /></label>`
  }

  #choose = ({ target }: Event): void => {
    if (!(target instanceof HTMLInputElement)) return
    this.addFiles([...(target.files ?? [])])
    // The same file may be chosen again.
    target.value = ''
  }

  protected override updated(): void {
    const textarea = this.#textarea
    if (textarea !== null && !CSS.supports('field-sizing', 'content')) {
      textarea.style.blockSize = 'auto'
      textarea.style.blockSize = `${textarea.scrollHeight}px`
    }
  }

  get #textarea(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector('textarea')
  }

  #openDialog = (): void => {
    this.renderRoot.querySelector<LoginCardDialog>('login-card-dialog')?.show()
  }

  #openActions = (): void => {
    this.renderRoot.querySelector<ActionDialog>('action-dialog')?.show()
  }

  #openTemplates = async (): Promise<void> => {
    this.hasProblem = false
    try {
      await import('../define-templates.ts')
      await this.renderRoot.querySelector('template-dialog')?.show()
    } catch {
      this.hasProblem = true
    }
  }

  #useTemplate = ({ detail }: TemplateUseEvent): void => {
    const before = this.draft.trimEnd()
    this.#write(before === '' ? detail.text : `${before}\n${detail.text}`)
    if (detail.quickReplies !== undefined) this.#enclose({ replies: detail.quickReplies })
    void this.updateComplete.then(() => this.focus())
  }

  #toggleReplies = async (): Promise<void> => {
    this.offersReplies = !this.offersReplies
    if (!this.offersReplies) {
      this.#enclose({ replies: [] })
      return
    }
    await this.updateComplete
    this.renderRoot.querySelector<QuickReplyEditor>('quick-reply-editor')?.focus()
  }

  /** By the browser's own editing, so that it can be undone. */
  #format(format: MarkdownFormat): void {
    const textarea = this.#textarea
    if (textarea === null) return
    const { value: text, selectionStart: start, selectionEnd: end } = textarea
    const change = markdownChange(format, { text, start, end })
    textarea.focus()
    textarea.setSelectionRange(change.from, change.to)
    if (!document.execCommand('insertText', false, change.insert)) {
      textarea.setRangeText(change.insert)
      this.#write(textarea.value)
    }
    textarea.setSelectionRange(change.start, change.end)
  }

  #input = (event: InputEvent): void => {
    if (event.target instanceof HTMLTextAreaElement) this.#write(event.target.value)
  }

  #write(text: string): void {
    this.draft = text
    this.dispatchEvent(new DraftChangeEvent(text))
  }

  #keydown = (event: KeyboardEvent): void => {
    const composing = event.isComposing || event.keyCode === IME_KEY_CODE
    const format = FORMAT_KEYS[event.key.toLowerCase()]
    if (format !== undefined && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault()
      this.#format(format)
    }
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey && !composing) {
      event.preventDefault()
      this.#send()
    }
  }

  #submit = (event: SubmitEvent): void => {
    event.preventDefault()
    this.#send()
    this.focus()
  }

  #send(): void {
    this.renderRoot.querySelector<QuickReplyEditor>('quick-reply-editor')?.add()
    const { draft: text, files: limits } = this
    const { replies } = this.enclosed
    const isGood = (file: File) => limits !== null && fileProblem(file, limits) === null
    const files = this.enclosed.files.filter(isGood)
    if (text.trim() === '' && files.length === 0) return
    this.offersReplies = false
    // Those that cannot be sent stay, with their reason.
    this.#enclose({ replies: [], files: this.enclosed.files.filter((file) => !isGood(file)) })
    for (const message of messagesOf(text, replies, files)) this.dispatchEvent(new MessageSendEvent(message))
    this.#write('')
  }

  #enclose(changed: Partial<Enclosed>): void {
    this.enclosed = { ...this.enclosed, ...changed }
    this.dispatchEvent(new EnclosedChangeEvent(this.enclosed))
  }
}

/** The text stands below the last file, unless it offers answers. */
function messagesOf(
  text: string,
  replies: Enclosed['replies'],
  files: Enclosed['files'],
): readonly AgentMessageDraft[] {
  const isCaption = files.length > 0 && text.trim() !== '' && replies.length === 0
  return [
    ...files.map((file, index) => ({ file, ...(isCaption && index === files.length - 1 && { text }) })),
    ...(isCaption || text.trim() === ''
      ? []
      : [{ text, ...(replies.length > 0 && { quickReplies: [...replies] }) }]),
  ]
}

const tool = (icon: TemplateResult, label: string, act: () => void) =>
  html`<button type="button" class="button quiet icon-only" aria-label=${label} title=${label} @click=${act}>${icon}</button>`
