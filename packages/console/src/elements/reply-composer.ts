/** The agent's composer: Enter sends, Shift+Enter begins a new line; buttons for Markdown, templates, cards and actions. */
import type { AgentTemplates } from '@chat-widget/client/agent'
import { type AppId, type Choice, LIMITS } from '@chat-widget/protocol'
import { html, nothing, type TemplateResult } from 'lit'
import { type MarkdownFormat, markdownChange } from '../format/markdown-editing.ts'
import { icons } from '../icons.ts'
import { drawPending } from '../kinds/index.ts'
import { base } from '../styles/base.styles.ts'
import type { PlaceholderValues } from '../templates/placeholders.ts'
import { words } from '../words/words.ts'
import type { ActionDialog } from './action-dialog.ts'
import { DraftChangeEvent, MessageSendEvent, type TemplateUseEvent } from './console-events.ts'
import type { LoginCardDialog } from './login-card-dialog.ts'
import { messageKindsStyles } from './message-kinds.styles.ts'
import type { QuickReplyEditor, RepliesChangeEvent } from './quick-reply-editor.ts'
import { replyComposerStyles } from './reply-composer.styles.ts'
import { WordsElement } from './words-element.ts'

/** Safari ends a composition before the keydown that ended it; only this code shows it. */
const IME_KEY_CODE = 229

/** Keys that format, with Ctrl or ⌘. */
const FORMAT_KEYS: Readonly<Record<string, MarkdownFormat>> = { b: 'bold', i: 'italic', e: 'code', k: 'link' }
const FORMATS = ['bold', 'italic', 'code', 'list', 'link'] as const satisfies readonly MarkdownFormat[]

/**
 * @event message-send - Send a text or a login card.
 * @event action-run - Run an action.
 * @event draft-change - The text changed.
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
    replies: { state: true },
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
  /** Answers that the message is to offer. */
  declare protected replies: readonly Choice[]
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
    this.replies = []
    this.offersReplies = false
    this.isPreviewing = false
    this.hasProblem = false
  }

  override focus(): void {
    this.#textarea?.focus()
  }

  override render() {
    return html`
      ${this.closed ? html`<p class="hint">${words().composer.closed}</p>` : nothing}
      <p class="hint" role="alert" ?hidden=${!this.hasProblem}>${this.hasProblem ? words().errors.again : nothing}</p>
      <form class="box" @submit=${this.#submit}>
        ${this.isPreviewing ? this.#preview() : nothing}
        <textarea
          aria-label=${words().composer.label}
          placeholder=${words().composer.placeholder}
          rows="1"
          maxlength=${LIMITS.textLength}
          enterkeyhint="send"
          dir="auto"
          .value=${this.draft}
          @input=${this.#input}
          @keydown=${this.#keydown}
        ></textarea>
        ${
          this.offersReplies
            ? html`<quick-reply-editor
                .replies=${this.replies}
                @replies-change=${({ detail }: RepliesChangeEvent) => {
                  this.replies = detail
                }}
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
    const { draft: text, replies } = this
    return html`<div class="preview" role="group" aria-label=${words().format.preview}>
      ${text.trim() === '' ? nothing : drawPending({ text, ...(replies.length > 0 && { quickReplies: [...replies] }) }, '')}
    </div>`
  }

  #bar() {
    const { format, composer } = words()
    return html`<div class="bar">
      <span class="formats" role="group" aria-label=${format.group}>
        ${FORMATS.map((name) => tool(icons[name], format[name], () => this.#format(name)))}
      </span>
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
      <button class="button primary" aria-disabled=${this.draft.trim() === '' ? 'true' : 'false'}>
        ${icons.send}${composer.send}
      </button>
    </div>`
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
    this.replies = detail.quickReplies ?? this.replies
    this.offersReplies ||= this.replies.length > 0
    void this.updateComplete.then(() => this.focus())
  }

  #toggleReplies = async (): Promise<void> => {
    this.offersReplies = !this.offersReplies
    if (!this.offersReplies) {
      this.replies = []
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
    const { draft: text, replies } = this
    if (text.trim() === '') {
      return
    }
    this.replies = []
    this.offersReplies = false
    this.draft = ''
    this.dispatchEvent(
      new MessageSendEvent({ text, ...(replies.length > 0 && { quickReplies: [...replies] }) }),
    )
    this.dispatchEvent(new DraftChangeEvent(''))
  }
}

const tool = (icon: TemplateResult, label: string, act: () => void) =>
  html`<button type="button" class="button quiet icon-only" aria-label=${label} title=${label} @click=${act}>${icon}</button>`
