/** A visitor's avatar, with a dot while they are online. Decorative: the text beside it says the same. */
import type { ConversationSummary } from '@chat-widget/protocol'
import { css, html, LitElement, nothing } from 'lit'
import { visitorInitials } from '../format/visitor-label.ts'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'

export class VisitorAvatar extends LitElement {
  static override properties = { visitor: { attribute: false }, online: { type: Boolean } }

  static override styles = [
    base,
    css`
      :host {
        position: relative;
        display: grid;
        flex: none;
        place-items: center;
        inline-size: 2.25rem;
        block-size: 2.25rem;
        border-radius: 50%;
        background: var(--avatar);
        color: var(--ink);
        font-size: 0.75rem;
        font-weight: 600;
        letter-spacing: 0.02em;
      }

      :host([anonymous]) {
        background: var(--avatar-anonymous);
        color: var(--ink-soft);
      }

      .dot {
        position: absolute;
        inset-block-end: -1px;
        inset-inline-end: -1px;
        inline-size: 0.6875rem;
        block-size: 0.6875rem;
        border: 2px solid var(--dot-ring, var(--surface));
        border-radius: 50%;
        background: var(--online);
      }

      @media (forced-colors: active) {
        :host {
          border: 1px solid CanvasText;
        }
        .dot {
          forced-color-adjust: none;
        }
      }
    `,
  ]

  declare visitor: ConversationSummary['visitor']
  declare online: boolean

  constructor() {
    super()
    this.visitor = { verified: false }
    this.online = false
  }

  override render() {
    const initials = visitorInitials(this.visitor)
    this.toggleAttribute('anonymous', initials === null)
    return html`<span aria-hidden="true">${initials ?? icons.person}</span>${
      this.online ? html`<span class="dot"></span>` : nothing
    }`
  }
}
