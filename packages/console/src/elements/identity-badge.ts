/** Says whether a visitor is who they seem to be: verified by the app's verifier, or anonymous. */
import { css, html, LitElement } from 'lit'
import { base } from '../styles/base.styles.ts'
import { icons } from './icons.ts'

export class IdentityBadge extends LitElement {
  static override properties = { verified: { type: Boolean } }

  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        flex: none;
      }

      .badge {
        display: inline-flex;
        align-items: center;
        gap: 0.1875rem;
        padding: 0.0625rem 0.4375rem 0.0625rem 0.3125rem;
        border: 1px solid transparent;
        border-radius: 99px;
        font-size: 0.75rem;
        font-weight: 500;
        line-height: 1.125rem;
      }

      .verified {
        background: var(--good-surface);
        color: var(--good);
      }

      .anonymous {
        border-color: var(--line);
        color: var(--ink-soft);
      }

      svg {
        inline-size: 0.875rem;
        block-size: 0.875rem;
      }
    `,
  ]

  declare verified: boolean

  constructor() {
    super()
    this.verified = false
  }

  override render() {
    return this.verified
      ? html`<span class="badge verified">${icons.verified}Verified</span>`
      : html`<span class="badge anonymous">${icons.person}Anonymous</span>`
  }
}
