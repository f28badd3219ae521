/** `<chat-widget-login-card>`: asks the visitor to sign in, and says what came of it ([ID15]). */
import type { LoginRequest } from '@chat-widget/client'
import type { LoginMessage } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { ask } from '../panel-request.ts'
import { baseStyles } from './base.styles.ts'
import { loginCardStyles } from './chat-login-card.styles.ts'
import { defineElement } from './define-element.ts'
import { icon } from './icons.ts'
import { WordsElement } from './words-element.ts'

const doneIcon = icon('M5 12.5l4.5 4.5L19 7.5')

/**
 * @csspart login-card - The card.
 * @csspart login-button - Its main button.
 */
export class ChatLoginCard extends WordsElement {
  static override styles = [baseStyles, loginCardStyles]
  static override properties = {
    ...WordsElement.properties,
    message: { attribute: false },
    request: { attribute: false },
    done: { type: Boolean },
  }

  declare message: LoginMessage | null
  /** The newest request of this card; `null` while it was never tapped. */
  declare request: LoginRequest | null
  /** The conversation went on signed in, on whichever device. */
  declare done: boolean

  constructor() {
    super()
    this.message = null
    this.request = null
    this.done = false
  }

  protected override render() {
    if (this.message === null) return nothing
    return html`<div class="card" part="login-card">
      <div class="text" dir="auto">${this.message.text}</div>
      ${this.#action(this.message)}
    </div>`
  }

  #action(message: LoginMessage) {
    const { strings } = this.words
    const state = this.request?.state ?? null
    if (this.done || state?.status === 'signed-in')
      return this.#status(html`${doneIcon}${strings.loginDone}`, 'done')
    const again = this.#button(message, strings.loginAgain)
    switch (state?.status) {
      case undefined:
        return this.#button(message, message.login.button)
      case 'requested':
        return html`${this.#status(html`<span class="spinner"></span>${strings.loginWaiting}`)}
          <button type="button" class="button quiet" @click=${this.#cancel}>${strings.loginCancel}</button>`
      case 'canceled':
        return html`${this.#status(strings.loginCanceled)}${this.#button(message, message.login.button)}`
      case 'failed':
        return html`${this.#status(strings.loginFailed(state?.status === 'failed' ? state.reason : ''), 'bad')}
          ${again}`
      case 'timed-out':
        return html`${this.#status(strings.loginTimedOut)}${again}`
      default:
        return state satisfies never
    }
  }

  #status(content: unknown, className = '') {
    return html`<div class="status ${className}" role="status">${content}</div>`
  }

  #button(message: LoginMessage, label: string) {
    const tap = () => ask(this, { type: 'login', messageId: message.id, reason: message.login.reason })
    return html`<button type="button" class="button" part="login-button" @click=${tap}>${label}</button>`
  }

  #cancel = () => {
    if (this.request !== null) ask(this, { type: 'cancel-login', requestId: this.request.requestId })
  }
}

defineElement('chat-widget-login-card', ChatLoginCard)
