/** Answers that a message is to offer: each a label, added by Enter. */
import { type Choice, LIMITS, plainName } from '@chat-widget/protocol'
import { css, html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { WordsElement } from './words-element.ts'

/** The answers, after each change. */
export class RepliesChangeEvent extends CustomEvent<readonly Choice[]> {
  constructor(replies: readonly Choice[]) {
    super('replies-change', { bubbles: true, composed: true, detail: replies })
  }
}

declare global {
  interface HTMLElementEventMap {
    'replies-change': RepliesChangeEvent
  }
}

/** @event replies-change - The answers changed. */
export class QuickReplyEditor extends WordsElement {
  static override properties = { replies: { attribute: false } }

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 0.375rem;
        align-items: center;
      }

      ul {
        display: contents;
      }

      li {
        display: inline-flex;
        align-items: center;
        max-inline-size: 100%;
        padding-inline-start: 0.6875rem;
        border: 1px solid var(--line-strong);
        border-radius: 99px;
        font-weight: 500;
        overflow-wrap: anywhere;
      }

      li .button {
        inline-size: 1.75rem;
        min-block-size: 1.75rem;
        border-radius: 99px;
      }

      li svg {
        inline-size: 0.75rem;
        block-size: 0.75rem;
      }

      .field {
        flex: 1 1 9rem;
        inline-size: auto;
        min-inline-size: 0;
        max-inline-size: 16rem;
        min-block-size: 1.875rem;
        border-radius: 99px;
      }
    `,
  ]

  declare replies: readonly Choice[]

  constructor() {
    super()
    this.replies = []
  }

  override focus(): void {
    this.renderRoot.querySelector('input')?.focus()
  }

  /** Adds what is written in the field. */
  add(): void {
    const input = this.renderRoot.querySelector('input')
    const label = input?.value.trim() ?? ''
    if (input === null || label === '') return
    input.value = ''
    if (this.replies.length >= LIMITS.quickReplies || this.replies.some((reply) => reply.label === label))
      return
    this.#set([...this.replies, { label, value: label }])
  }

  override render() {
    return html`<ul role="list" aria-label=${words().kinds.quickReplies}>
        ${repeat(
          this.replies,
          ({ label }) => label,
          ({ label }) => html`<li>
            <bdi>${plainName(label)}</bdi>
            <button
              type="button"
              class="button quiet icon-only"
              aria-label=${words().replies.remove(plainName(label))}
              @click=${() => this.#remove(label)}
            >
              ${icons.close}
            </button>
          </li>`,
        )}
      </ul>
      ${
        this.replies.length >= LIMITS.quickReplies
          ? nothing
          : html`<input
              class="field"
              aria-label=${words().replies.add}
              placeholder=${words().replies.add}
              maxlength=${LIMITS.buttonLength}
              enterkeyhint="done"
              autocomplete="off"
              dir="auto"
              @keydown=${this.#keydown}
              @blur=${() => this.add()}
            />`
      }`
  }

  #keydown = (event: KeyboardEvent): void => {
    const isEmpty = event.target instanceof HTMLInputElement && event.target.value === ''
    if (event.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      event.stopPropagation()
      this.add()
    }
    const last = this.replies.at(-1)
    if (event.key === 'Backspace' && isEmpty && last !== undefined) this.#remove(last.label)
  }

  #remove(label: string): void {
    this.#set(this.replies.filter((reply) => reply.label !== label))
    this.focus()
  }

  #set(replies: readonly Choice[]): void {
    this.replies = replies
    this.dispatchEvent(new RepliesChangeEvent(replies))
  }
}
