/** Dialog for another content of a message of one's own. */
import { css, html } from 'lit'
import type { ChangeableMessage } from '../kinds/changeable.ts'
import { base } from '../styles/base.styles.ts'
import { dialogStyles } from '../styles/dialog.styles.ts'
import type { TemplateBody } from '../templates/draft-body.ts'
import { words } from '../words/words.ts'
import type { BodyEditor } from './body-editor.ts'
import { MessageReviseEvent } from './console-events.ts'
import { WordsElement } from './words-element.ts'

function bodyIn(message: ChangeableMessage): TemplateBody {
  switch (message.kind) {
    case 'text': {
      const { text, format, quickReplies } = message
      return { text, ...(format && { format }), ...(quickReplies && { quickReplies: [...quickReplies] }) }
    }
    case 'cards':
      return { cards: message.cards }
    case 'form':
      return { form: message.form }
    default:
      return message satisfies never
  }
}

/** @event message-revise - Replace the message's content. */
export class EditDialog extends WordsElement {
  static override styles = [
    base,
    dialogStyles,
    css`
      dialog {
        inline-size: min(36rem, calc(100vw - 2rem));
        max-block-size: calc(100dvh - 2rem);
      }
    `,
  ]
  #seq = 0

  async show(message: ChangeableMessage): Promise<void> {
    this.#seq = message.seq
    await this.updateComplete
    this.#editor?.open(bodyIn(message))
    this.#dialog?.showModal()
  }

  override render() {
    return html`<dialog aria-labelledby="title">
      <h2 id="title">${words().edit.edit}</h2>
      <form @submit=${this.#submit}>
        <body-editor></body-editor>
        <div class="actions">
          <button type="button" class="button" @click=${() => this.#dialog?.close()}>${words().cancel}</button>
          <button class="button primary">${words().edit.save}</button>
        </div>
      </form>
    </dialog>`
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  get #editor(): BodyEditor | null {
    return this.renderRoot.querySelector('body-editor')
  }

  #submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const body = this.#editor?.take() ?? null
    if (body === null) return
    this.dispatchEvent(new MessageReviseEvent(this.#seq, body))
    this.#dialog?.close()
  }
}
