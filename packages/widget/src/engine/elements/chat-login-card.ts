/** `<chat-widget-login-card>`: asks the visitor to sign in, and shows the outcome ([ID15]). */
import type { LoginRequest } from '@chat-widget/client'
import { LoginRequests } from '@chat-widget/client/login-requests'
import { type Message, plainName } from '@chat-widget/protocol'
import { english } from '../../locales/parts/sign-in.ts'
import { html, nothing } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import { ask } from '../panel-request.ts'
import { buttonStyles } from './button.styles.ts'
import { loginCardStyles } from './chat-login-card.styles.ts'
import { iconTemplate } from './icon-template.ts'
import { TemplateElement } from './template-element.ts'

const doneIcon = 'M5 12.5l4.5 4.5L19 7.5'

interface CardButton {
  readonly label: string
  readonly quiet?: boolean
  readonly tap: (event: MouseEvent) => void
}

interface CardView {
  readonly status?: unknown
  readonly tone?: 'done' | 'bad'
  /** Absent if there is nothing left to tap. */
  readonly button?: CardButton
}

/**
 * @csspart login-card - The card.
 * @csspart login-button - Its main button.
 */
export class ChatLoginCard extends TemplateElement {
  static override css = buttonStyles + loginCardStyles
  static override defaults = { message: null, request: null, done: false } satisfies Partial<ChatLoginCard>

  declare message: Message<'login'> | null
  /** The newest request of this card; `null` while it was never tapped. */
  declare request: LoginRequest | null
  /** True if the conversation went on signed in, on any device. */
  declare done: boolean
  #hadFocus = false
  /** State in which it was drawn first; screen readers read a new live region that has content. */
  #first: string | undefined
  #isLive = false

  protected override willUpdate(): void {
    this.#hadFocus = this.#focused
  }

  /** Keeps the focus in the conversation when the focused button is removed. */
  protected override updated(): void {
    if (this.#hadFocus && !this.#focused) this.renderRoot.querySelector<HTMLElement>('.card')?.focus()
  }

  protected override render() {
    const { message } = this
    if (message === null) return nothing
    const { status, tone = '', button } = this.#view(message)
    const state = `${this.done} ${this.request?.state.status}`
    this.#first ??= state
    this.#isLive ||= status === undefined || state !== this.#first
    // One status and one button in every state: a screen reader announces the change, and the button keeps the focus.
    // Signing in is announced as an event of the conversation.
    const role = this.#isLive && tone !== 'done' ? 'status' : nothing
    return html`<div class="card" part="login-card" tabindex="-1">
      <div class="text" dir="auto">${message.text}</div>
      <div class="status ${tone}" role=${role}>${status}</div>
      ${button === undefined ? nothing : this.#button(button)}
    </div>`
  }

  #button({ label, quiet = false, tap }: CardButton) {
    return html`<button
      type="button"
      class=${quiet ? 'button quiet' : 'button'}
      part=${quiet ? nothing : 'login-button'}
      @click=${tap}
    >
      ${label}
    </button>`
  }

  #view(message: Message<'login'>): CardView {
    const strings = partStrings(english, this.words)
    const { request } = this
    const done = { status: html`${iconTemplate(doneIcon)}${strings.loginDone}`, tone: 'done' } as const
    if (this.done) return done
    const tap = () =>
      ask(this, {
        type: 'login',
        messageId: message.id,
        reason: message.login.reason,
        code: LoginRequests,
      })
    const signIn = { label: plainName(message.login.button), tap }
    if (request === null) return { button: signIn }
    const again = { label: strings.loginAgain, tap }
    const { state, requestId } = request
    switch (state.status) {
      case 'signed-in':
        return done
      case 'requested':
        return {
          status: html`<span class="spinner"></span>${strings.loginWaiting}`,
          button: {
            label: strings.loginCancel,
            quiet: true,
            // The second click of a double click was meant for the button that was here before.
            tap: (event) => event.detail < 2 && ask(this, { type: 'cancel-login', requestId }),
          },
        }
      case 'canceled':
        return { status: strings.loginCanceled, button: signIn }
      case 'failed':
        return {
          status: state.reason === '' ? strings.loginFailed : strings.loginFailedBecause(state.reason),
          tone: 'bad',
          button: again,
        }
      case 'timed-out':
        return { status: strings.loginTimedOut, button: again }
      default:
        return state satisfies never
    }
  }

  get #focused(): boolean {
    return this.shadowRoot?.activeElement != null
  }
}

TemplateElement.define('chat-widget-login-card', ChatLoginCard)
