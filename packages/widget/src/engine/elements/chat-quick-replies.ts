/** `<chat-widget-quick-replies>`: answers that a message offers, each sent with one tap. */
import { type Message, plainName } from '@chat-widget/protocol'
import { english } from '../../locales/parts/quick-replies.ts'
import { html, keyed, nothing } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import { ask } from '../panel-request.ts'
import { quickRepliesStyles } from './chat-quick-replies.styles.ts'
import { TemplateElement } from './template-element.ts'

/**
 * @csspart quick-reply - A button.
 */
export class ChatQuickReplies extends TemplateElement {
  static override css = quickRepliesStyles
  static override defaults = { message: null } satisfies Partial<ChatQuickReplies>

  declare message: Message<'text'> | null

  protected override render(): unknown {
    const { message } = this
    if (message === null) return nothing
    // Another message's buttons are other ones: focus and animation do not go over to them.
    return keyed(
      message.id,
      html`<div class="choices" role="group" aria-label=${partStrings(english, this.words).quickReplies}>
        ${message.quickReplies?.map(
          ({ label, value }) =>
            html`<button type="button" part="quick-reply" dir="auto" @click=${() => this.#take(message.seq, value, label)}>
              ${plainName(label)}
            </button>`,
        )}
      </div>`,
    )
  }

  /** The buttons go away at once, as the choice is then the newest message. */
  #take(to: number, value: string, text: string): void {
    const root = this.getRootNode() as ShadowRoot
    // Before the focused button is removed. Not the text field: on a phone that would open the keyboard.
    root.querySelector<HTMLElement>('[role=log]')?.focus({ preventScroll: true })
    ask(this, { type: 'send', message: { text, reply: { to, value } } })
  }
}

TemplateElement.define('chat-widget-quick-replies', ChatQuickReplies)
