/** Asks for confirmation before a step that cannot be undone. */
import { html } from 'lit'
import type { Confirmation } from '../strings/strings.ts'
import { base } from '../styles/base.styles.ts'
import { dialogStyles } from '../styles/dialog.styles.ts'
import { StringsElement } from './strings-element.ts'

export class ConfirmDialog extends StringsElement {
  static override properties = { question: { state: true } }
  static override styles = [base, dialogStyles]

  declare protected question: Confirmation
  #isConfirmed = false
  #decide: (isConfirmed: boolean) => void = () => {}

  constructor() {
    super()
    this.question = { title: '', text: '', confirm: '' }
  }

  /** Resolves with true if the person confirmed. The focus returns to where it was. */
  async ask(question: Confirmation): Promise<boolean> {
    this.question = question
    await this.updateComplete
    const dialog = this.renderRoot.querySelector('dialog')
    if (dialog === null || dialog.open) return false
    // Answers the question before, even if the browser has not reported yet that it was closed.
    this.#decide(this.#isConfirmed)
    this.#isConfirmed = false
    dialog.showModal()
    return new Promise((resolve) => {
      this.#decide = resolve
    })
  }

  override render() {
    const { title, text, confirm } = this.question
    return html`<dialog aria-labelledby="title" aria-describedby="text" @close=${this.#closed}>
      <h2 id="title">${title}</h2>
      <p id="text">${text}</p>
      <form method="dialog" class="actions">
        <button class="button" autofocus>${this.strings.cancel}</button>
        <button class="button danger" @click=${this.#confirm}>${confirm}</button>
      </form>
    </dialog>`
  }

  #confirm = (): void => {
    this.#isConfirmed = true
  }

  /** Closed by a button, by Escape, or otherwise. The event comes a frame later, when the dialog may be open again. */
  #closed = ({ target }: Event): void => {
    if (target instanceof HTMLDialogElement && !target.open) this.#decide(this.#isConfirmed)
  }
}
