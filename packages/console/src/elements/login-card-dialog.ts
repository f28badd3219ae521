/** Dialog for the texts of a login card. */
import { LIMITS } from '@chat-widget/protocol'
import { css, html, LitElement } from 'lit'
import { base } from '../styles/base.styles.ts'
import { dialogStyles } from '../styles/dialog.styles.ts'
import { MessageSendEvent } from './console-events.ts'

const DEFAULT_TEXT = 'Please sign in so that we can help you with your account.'
const DEFAULT_BUTTON = 'Sign in'

/** @event message-send - Send the card. */
export class LoginCardDialog extends LitElement {
  static override styles = [
    base,
    dialogStyles,
    css`
      textarea {
        min-block-size: 4.5rem;
        resize: vertical;
      }
    `,
  ]

  show(): void {
    this.renderRoot.querySelector('form')?.reset()
    this.#dialog?.showModal()
  }

  override render() {
    return html`<dialog aria-labelledby="title" aria-describedby="about">
      <h2 id="title">Login card</h2>
      <p id="about">
        The visitor gets a message with a button to sign in: by the site’s own sign-in, or by email or identifier where
        the app offers that. How far it has come is shown above the conversation.
      </p>
      <form @submit=${this.#submit}>
        <label>Text<textarea class="field" name="text" required maxlength="1000" dir="auto" .defaultValue=${DEFAULT_TEXT}></textarea></label>
        <label
          >Button label<input class="field" name="button" required maxlength=${LIMITS.buttonLength} .defaultValue=${DEFAULT_BUTTON} />
        </label>
        <div class="actions">
          <button type="button" class="button" @click=${() => this.#dialog?.close()}>Cancel</button>
          <button class="button primary">Send card</button>
        </div>
      </form>
    </dialog>`
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  #submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (event.target instanceof HTMLFormElement) {
      const data = new FormData(event.target)
      const text = String(data.get('text') ?? '').trim() || DEFAULT_TEXT
      const button = String(data.get('button') ?? '').trim() || DEFAULT_BUTTON
      this.dispatchEvent(new MessageSendEvent({ login: { text, button } }))
      this.#dialog?.close()
    }
  }
}
