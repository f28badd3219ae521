/** The agent's composer: Enter sends, Shift+Enter begins a new line; buttons for login card and actions. */
import { LIMITS } from '@chat-widget/protocol'
import { css, html, nothing } from 'lit'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import type { ActionDialog } from './action-dialog.ts'
import { DraftChangeEvent, MessageSendEvent } from './console-events.ts'
import type { LoginCardDialog } from './login-card-dialog.ts'
import { WordsElement } from './words-element.ts'

/** Safari ends a composition before the keydown that ended it; only this code shows it. */
const IME_KEY_CODE = 229

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
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        padding: 0 max(1.25rem, calc(50% - 24rem)) max(1rem, env(safe-area-inset-bottom));
      }

      .box {
        border: 1px solid var(--line-strong);
        border-radius: 12px;
        background: var(--surface-raised);
      }

      .box:focus-within {
        border-color: var(--focus);
        box-shadow: 0 0 0 1px var(--focus);
      }

      textarea {
        display: block;
        inline-size: 100%;
        min-block-size: 2.75rem;
        max-block-size: min(12rem, 30vh);
        padding: 0.6875rem 0.875rem 0.25rem;
        border: 0;
        background: transparent;
        line-height: 1.5;
        resize: none;
        field-sizing: content;
      }

      /* The box around it shows the focus. */
      textarea:focus-visible {
        outline: 0;
      }

      textarea::placeholder {
        color: var(--ink-soft);
        opacity: 1;
      }

      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem;
        padding: 0.25rem 0.4375rem 0.4375rem;
      }

      .bar .primary {
        margin-inline-start: auto;
      }

      .hint {
        margin-block-end: 0.375rem;
        color: var(--ink-soft);
        font-size: 0.75rem;
      }

      @media (max-width: 47.5rem) {
        .bar {
          gap: 0.25rem;
        }
        .bar .quiet {
          padding-inline: 0.4375rem;
        }
      }

      @media (pointer: coarse) {
        textarea {
          font-size: 1rem;
        }
      }

      @media (forced-colors: active) {
        .box:focus-within {
          outline: 2px solid Highlight;
        }
      }
    `,
  ]

  declare draft: string
  /** True for a closed conversation. A reply still reaches the visitor, whose answer reopens it. */
  declare closed: boolean
  /** False for a verified visitor, who needs no login card. */
  declare canSendCard: boolean
  /** Names of the actions that can be run for the visitor. */
  declare actions: readonly string[]

  constructor() {
    super()
    this.draft = ''
    this.closed = false
    this.canSendCard = true
    this.actions = []
  }

  override focus(): void {
    this.renderRoot.querySelector('textarea')?.focus()
  }

  override render() {
    return html`
      ${this.closed ? html`<p class="hint">${words().composer.closed}</p>` : nothing}
      <form class="box" @submit=${this.#submit}>
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
        <div class="bar">
          ${
            this.canSendCard
              ? html`<button type="button" class="button quiet" @click=${this.#openDialog}>
                  ${icons.login}${words().composer.card}
                </button>`
              : nothing
          }
          ${
            this.actions.length > 0
              ? html`<button type="button" class="button quiet" @click=${this.#openActions}>
                  ${icons.action}${words().composer.actions}
                </button>`
              : nothing
          }
          <button class="button primary" aria-disabled=${this.draft.trim() === '' ? 'true' : 'false'}>
            ${icons.send}${words().composer.send}
          </button>
        </div>
      </form>
      <login-card-dialog></login-card-dialog>
      <action-dialog .actions=${this.actions}></action-dialog>
    `
  }

  protected override updated(): void {
    const textarea = this.renderRoot.querySelector('textarea')
    if (textarea !== null && !CSS.supports('field-sizing', 'content')) {
      textarea.style.blockSize = 'auto'
      textarea.style.blockSize = `${textarea.scrollHeight}px`
    }
  }

  #openDialog = (): void => {
    this.renderRoot.querySelector<LoginCardDialog>('login-card-dialog')?.show()
  }

  #openActions = (): void => {
    this.renderRoot.querySelector<ActionDialog>('action-dialog')?.show()
  }

  #input = (event: InputEvent): void => {
    if (event.target instanceof HTMLTextAreaElement) {
      this.draft = event.target.value
      this.dispatchEvent(new DraftChangeEvent(this.draft))
    }
  }

  #keydown = (event: KeyboardEvent): void => {
    const composing = event.isComposing || event.keyCode === IME_KEY_CODE
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
    if (this.draft.trim() === '') {
      return
    }
    const text = this.draft
    this.draft = ''
    this.dispatchEvent(new MessageSendEvent({ text }))
    this.dispatchEvent(new DraftChangeEvent(''))
  }
}
