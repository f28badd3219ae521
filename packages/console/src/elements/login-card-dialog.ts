/** Dialog for the texts of a login card. */
import { LIMITS } from '@chat-widget/protocol'
import { css, html } from 'lit'
import { base } from '../styles/base.styles.ts'
import { dialogStyles } from '../styles/dialog.styles.ts'
import { words } from '../words/words.ts'
import { MessageSendEvent } from './console-events.ts'
import { WordsElement } from './words-element.ts'

/** @event message-send - Send the card. */
export class LoginCardDialog extends WordsElement {
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
      <h2 id="title">${words().card.title}</h2>
      <p id="about">${words().card.about}</p>
      <form @submit=${this.#submit}>
        <label>${words().card.text}<textarea class="field" name="text" required maxlength="1000" dir="auto" .defaultValue=${words().card.defaultText}></textarea></label>
        <label
          >${words().card.button}<input class="field" name="button" required maxlength=${LIMITS.buttonLength} .defaultValue=${words().card.defaultButton} />
        </label>
        <div class="actions">
          <button type="button" class="button" @click=${() => this.#dialog?.close()}>${words().cancel}</button>
          <button class="button primary">${words().card.send}</button>
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
      const text = String(data.get('text') ?? '').trim() || words().card.defaultText
      const button = String(data.get('button') ?? '').trim() || words().card.defaultButton
      this.dispatchEvent(new MessageSendEvent({ login: { text, button } }))
      this.#dialog?.close()
    }
  }
}
