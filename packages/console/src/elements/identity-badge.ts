/** Badge that says if a visitor's identity is verified, and by what: the app's verifier, an approval, or nothing. */
import type { BuiltInMethod } from '@chat-widget/protocol'
import { css, html, LitElement } from 'lit'
import { methodWords } from '../format/login-words.ts'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'

export class IdentityBadge extends LitElement {
  static override properties = { verified: { type: Boolean }, method: { attribute: false } }

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
  /** The channel of the visitor's approval; `null`: the app's own verifier identified them. */
  declare method: BuiltInMethod | null

  constructor() {
    super()
    this.verified = false
    this.method = null
  }

  override render() {
    if (!this.verified) return html`<span class="badge anonymous">${icons.person}Anonymous</span>`
    // An approved address and a site's customer of the same name are two users ([AR15]).
    return this.method === null
      ? html`<span class="badge verified" title="The site proved who it is.">${icons.shield}Verified</span>`
      : html`<span class="badge verified" title="An approval proved it, and not the site."
          >${icons.shield}Verified by ${methodWords(this.method)}</span
        >`
  }
}
