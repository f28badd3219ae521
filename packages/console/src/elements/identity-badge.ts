/** Badge that says if a visitor's identity is verified, and by what: the app's verifier, an approval, or nothing. */
import type { BuiltInMethod } from '@chat-widget/protocol'
import { css, html } from 'lit'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { WordsElement } from './words-element.ts'

export class IdentityBadge extends WordsElement {
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
    if (!this.verified)
      return html`<span class="badge anonymous">${icons.person}${words().badge.anonymous}</span>`
    // An approved address and a site's customer of the same name are two users ([AR15]).
    return this.method === null
      ? html`<span class="badge verified" title=${words().badge.verifiedHint}>${icons.shield}${words().badge.verified}</span>`
      : html`<span class="badge verified" title=${words().badge.byHint}
          >${icons.shield}${this.method === 'email' ? words().badge.byEmail : words().badge.byIdentifier}</span
        >`
  }
}
