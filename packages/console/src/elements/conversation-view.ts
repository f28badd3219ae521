/** The right column: the visitor, the messages, and the composer. */
import type { Agent, AgentTemplates, IdentityTrace, OpenConversation } from '@chat-widget/client/agent'
import { carriedFiles } from '@chat-widget/client/files'
import type { ConversationId, ConversationSummary, FileLimits } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { mayAnswer } from '../format/agent-rights.ts'
import { errorText } from '../format/error-text.ts'
import { visitorLabel } from '../format/visitor-label.ts'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { placeholderValues } from '../templates/placeholders.ts'
import { words } from '../words/words.ts'
import {
  ConversationCloseEvent,
  ConversationHandEvent,
  ConversationLeaveEvent,
  type Enclosed,
  type EnclosedChangeEvent,
  type MessageDeleteEvent,
  type MessageEditEvent,
} from './console-events.ts'
import { conversationViewStyles } from './conversation-view.styles.ts'
import type { IdentityHistory } from './identity-history.ts'
import { NOTHING_ENCLOSED, type ReplyComposer } from './reply-composer.ts'
import { WordsElement } from './words-element.ts'

/** Browsers tell of files above an element at least every 350 ms. */
const DROP_ENDS_MS = 700
/** Conversations with something enclosed that was not sent. */
const ENCLOSED_AT_MOST = 50

/**
 * @event conversation-leave - Go back to the list.
 * @event conversation-close - Close the conversation.
 * @event conversation-hand - Change the handler.
 */
export class ConversationView extends WordsElement {
  static override properties = {
    conversation: { attribute: false },
    agent: { attribute: false },
    appName: { attribute: false },
    hasBot: { attribute: false },
    actions: { attribute: false },
    draft: { attribute: false },
    loadingOlder: { type: Boolean },
    identityTrace: { attribute: false },
    templates: { attribute: false },
    files: { attribute: false },
    isDropping: { state: true },
    hasProblem: { state: true },
  }

  static override styles = [base, conversationViewStyles]

  declare conversation: OpenConversation | null
  declare agent: Agent | null
  declare appName: string | null
  /** True if the app has a bot. */
  declare hasBot: boolean
  /** Names of the actions that can be run for the visitor. */
  declare actions: readonly string[]
  declare draft: string
  declare loadingOlder: boolean
  declare identityTrace: IdentityTrace | null
  declare templates: AgentTemplates | null
  /** Limits of the app's files; `null`: it takes none. */
  declare files: FileLimits | null
  /** True while files are dragged across it. */
  declare protected isDropping: boolean
  /** True if a part could not be loaded. */
  declare protected hasProblem: boolean
  /** Files and quick replies that were not sent, by conversation; the newest last. */
  readonly #enclosed = new Map<ConversationId, Enclosed>()
  #dropEnds: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    for (const name of ['paste', 'dragover', 'drop']) this.addEventListener(name, this.#bring)
    this.conversation = null
    this.agent = null
    this.appName = null
    this.hasBot = false
    this.actions = []
    this.draft = ''
    this.loadingOlder = false
    this.identityTrace = null
    this.templates = null
    this.files = null
    this.isDropping = false
    this.hasProblem = false
  }

  focusComposer(): void {
    this.renderRoot.querySelector<HTMLElement>('reply-composer')?.focus()
  }

  focusHeading(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus()
  }

  override render() {
    const { conversation } = this
    switch (conversation?.status) {
      case undefined:
        return html`<div class="empty">
          ${icons.inbox}
          <p class="title">${words().view.none}</p>
          <p>${words().view.noneHint}</p>
        </div>`
      case 'loading':
        return html`<header>${this.#back()}</header>
          <div class="empty" role="status"><p>${words().view.loading}</p></div>`
      case 'failed':
        return html`<header>${this.#back()}</header>
          <div class="empty" role="alert">${icons.warning}<p>${errorText(conversation.code)}</p></div>`
      case 'open':
        return html`${this.#header(conversation.summary)} ${this.#claims(conversation.summary)}
          ${keyed(
            conversation.id,
            html`<login-progress .login=${conversation.summary.login}></login-progress>
              <message-log
                data-conversation=${conversation.id}
                .items=${conversation.items}
                .agent=${this.agent}
                .app=${conversation.summary.app}
                .visitorName=${visitorLabel(conversation.summary).name}
                .hasOlder=${conversation.hasOlder}
                .loadingOlder=${this.loadingOlder}
                .typing=${conversation.typing}
                @message-edit=${this.#edit}
                @message-delete=${this.#delete}
              ></message-log>
              <p class="problem" role="alert" ?hidden=${!this.hasProblem}>
                ${this.hasProblem ? words().errors.again : nothing}
              </p>
              ${this.#composer(conversation.summary)}
              <edit-dialog></edit-dialog>
              <delete-dialog></delete-dialog>
              <identity-history .trace=${this.identityTrace}></identity-history>`,
          )}
          ${this.isDropping ? html`<div class="drop"><span>${words().files.drop}</span></div>` : nothing}`
      default:
        conversation satisfies never
        return nothing
    }
  }

  /** Files that are pasted or dropped anywhere on the conversation. */
  #bring = (event: Event): void => {
    const files = carriedFiles(event)
    const inDialog = event.composedPath().some((target) => target instanceof HTMLDialogElement)
    if (files === null || inDialog) return
    // Otherwise the browser would leave the console to show one.
    event.preventDefault()
    const composer = this.files && this.renderRoot.querySelector<ReplyComposer>('reply-composer')
    clearTimeout(this.#dropEnds)
    this.isDropping = composer != null && event.type === 'dragover'
    if (this.isDropping)
      this.#dropEnds = setTimeout(() => {
        this.isDropping = false
      }, DROP_ENDS_MS)
    if (event.type !== 'dragover') composer?.addFiles(files)
  }

  #enclose(id: ConversationId, enclosed: Enclosed): void {
    this.#enclosed.delete(id)
    if (enclosed.replies.length + enclosed.files.length > 0) this.#enclosed.set(id, enclosed)
    const [oldest] = this.#enclosed.keys()
    if (oldest !== undefined && this.#enclosed.size > ENCLOSED_AT_MOST) this.#enclosed.delete(oldest)
  }

  /** False for a reader. */
  get #mayAnswer(): boolean {
    return mayAnswer(this.agent)
  }

  #edit = async ({ detail }: MessageEditEvent): Promise<void> => {
    this.hasProblem = false
    try {
      await import('../define-templates.ts')
      await this.renderRoot.querySelector('edit-dialog')?.show(detail)
    } catch {
      this.hasProblem = true
    }
  }

  #delete = ({ detail }: MessageDeleteEvent): void => {
    this.renderRoot.querySelector('delete-dialog')?.show(detail.seq)
  }

  #composer(summary: ConversationSummary) {
    const { id, status, visitor, app } = summary
    if (summary.erased) return html`<p class="read-only">${words().view.erased}</p>`
    return this.#mayAnswer
      ? html`<reply-composer
          .draft=${this.draft}
          .closed=${status === 'closed'}
          .canSendCard=${!visitor.verified}
          .actions=${this.actions}
          .templates=${this.templates}
          .app=${app}
          .values=${placeholderValues(summary, this.agent)}
          .files=${this.files}
          .enclosed=${this.#enclosed.get(id) ?? NOTHING_ENCLOSED}
          @enclosed-change=${({ detail }: EnclosedChangeEvent) => this.#enclose(id, detail)}
        ></reply-composer>`
      : html`<p class="read-only">${errorText('forbidden')}</p>`
  }

  /** Buttons that change the handler. Agents also take a conversation over from the bot by writing. */
  #hand({ status, handler }: ConversationSummary) {
    if (status !== 'open' || !this.hasBot || !this.#mayAnswer) return nothing
    const [to, name] =
      handler === 'bot'
        ? (['agents', words().view.takeOver] as const)
        : (['bot', words().view.handBack] as const)
    return html`<button
      type="button"
      class="button quiet icon-only"
      aria-label=${name}
      title=${name}
      @click=${() => this.dispatchEvent(new ConversationHandEvent(to))}
    >
      ${to === 'bot' ? icons.bot : icons.person}
    </button>`
  }

  #header(summary: ConversationSummary) {
    const label = visitorLabel(summary)
    return html`<header>
      ${this.#back()}
      <visitor-avatar .visitor=${summary.visitor} .online=${summary.online}></visitor-avatar>
      <div class="who">
        <div class="line">
          <h2 tabindex="-1" dir="auto">${label.name}</h2>
          ${label.shortId === null ? nothing : html`<span class="short-id">${label.shortId}</span>`}
          ${
            summary.erased
              ? nothing
              : html`<identity-badge
                  .verified=${summary.visitor.verified}
                  .method=${summary.visitor.verified ? (summary.visitor.method ?? null) : null}
                ></identity-badge>`
          }
        </div>
        <p class="about">
          ${summary.status === 'closed' ? html`<span>${words().view.closed}</span>` : nothing}
          <span>${summary.online ? words().view.online : words().view.offline}</span>
          <span>${summary.handler === 'bot' ? words().view.botAnswers : words().view.agentsAnswer}</span>
          ${this.appName === null ? nothing : html`<span>${this.appName}</span>`}
        </p>
      </div>
      <button
        type="button"
        class="button quiet icon-only"
        aria-label=${words().history.title}
        title=${words().history.title}
        @click=${() => this.renderRoot.querySelector<IdentityHistory>('identity-history')?.show()}
      >
        ${icons.history}
      </button>
      <transcript-menu .conversation=${summary}></transcript-menu>
      ${this.#hand(summary)}
      ${
        summary.status === 'open' && this.#mayAnswer
          ? html`<button
              type="button"
              class="button close"
              aria-label=${words().view.close}
              @click=${() => this.dispatchEvent(new ConversationCloseEvent())}
            >
              ${icons.check}<span class="close-text">${words().view.closeShort}</span>
            </button>`
          : nothing
      }
    </header>`
  }

  #claims({ visitor }: ConversationSummary) {
    return visitor.verified && visitor.claims.length > 0
      ? html`<visitor-claims .claims=${visitor.claims}></visitor-claims>`
      : nothing
  }

  #back() {
    return html`<button
      type="button"
      class="button quiet icon-only back"
      aria-label=${words().view.back}
      @click=${() => this.dispatchEvent(new ConversationLeaveEvent())}
    >
      ${icons.back}
    </button>`
  }
}
