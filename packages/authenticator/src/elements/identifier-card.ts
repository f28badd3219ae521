/** The identifier in large digits, to read out, type and copy. */
import { css, html } from 'lit'
import { groupIdentifier } from '../format/digits.ts'
import { base } from '../styles/base.styles.ts'
import { StringsElement } from './strings-element.ts'

export class IdentifierCard extends StringsElement {
  static override properties = { identifier: { attribute: false } }

  static override styles = [
    base,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem 1rem;
        margin-block: 0.125rem 0.5rem;
      }

      .digits {
        display: inline-flex;
        flex-wrap: wrap;
        gap: 0 0.35em;
        font-size: clamp(1.75rem, 8vw, 2.25rem);
        font-weight: 600;
        font-variant-numeric: tabular-nums;
        line-height: 1.25;
        letter-spacing: 0.01em;
      }

      h2 {
        color: var(--ink-soft);
        font-size: 0.9375rem;
      }
    `,
  ]

  declare identifier: string

  constructor() {
    super()
    this.identifier = ''
  }

  override render() {
    const { strings, identifier } = this
    return html`<section class="card" aria-labelledby="heading">
      <h2 id="heading">${strings.identifier.label}</h2>
      <div class="row">
        <p class="digits" dir="ltr">${groupIdentifier(identifier).map((group) => html`<span>${group}</span>`)}</p>
        <copy-button .strings=${strings} .text=${identifier} .label=${strings.identifier.copy}></copy-button>
      </div>
      <p class="soft small">${strings.identifier.hint}</p>
    </section>`
  }
}
