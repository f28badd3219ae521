/** Asks before something is done that cannot be taken back. */
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

  /** Resolves with whether the person confirmed it. The focus goes back to where it was. */
  async ask(question: Confirmation): Promise<boolean> {
    this.question = question
    await this.updateComplete
    const dialog = this.renderRoot.querySelector('dialog')
    if (dialog === null || dialog.open) return false
    // What was asked before is answered, also where the browser has yet to say that it was closed.
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

  /** By either button, by Escape, or by whatever else closes it. Told a frame later: it may be open again by then. */
  #closed = ({ target }: Event): void => {
    if (target instanceof HTMLDialogElement && !target.open) this.#decide(this.#isConfirmed)
  }
}
