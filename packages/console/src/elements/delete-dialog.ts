/** Dialog that asks before a message is deleted. */
import { html } from 'lit'
import { base } from '../styles/base.styles.ts'
import { dialogStyles } from '../styles/dialog.styles.ts'
import { words } from '../words/words.ts'
import { MessageRemoveEvent } from './console-events.ts'
import { WordsElement } from './words-element.ts'

/** @event message-remove - Delete the message. */
export class DeleteDialog extends WordsElement {
  static override styles = [base, dialogStyles]
  #seq = 0

  show(seq: number): void {
    this.#seq = seq
    this.#dialog?.showModal()
  }

  override render() {
    return html`<dialog role="alertdialog" aria-labelledby="title" aria-describedby="about">
      <h2 id="title">${words().edit.question}</h2>
      <p id="about">${words().edit.about}</p>
      <form @submit=${this.#submit}>
        <div class="actions">
          <button type="button" class="button" @click=${() => this.#dialog?.close()}>${words().cancel}</button>
          <button class="button danger">${words().edit.confirm}</button>
        </div>
      </form>
    </dialog>`
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  #submit = (event: SubmitEvent): void => {
    event.preventDefault()
    this.dispatchEvent(new MessageRemoveEvent(this.#seq))
    this.#dialog?.close()
  }
}
