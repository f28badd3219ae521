/** Claims of a verified visitor: each marked as proven or as not verified. */
import { plainName, type VisitorClaim } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { visitorClaimsStyles } from './visitor-claims.styles.ts'
import { WordsElement } from './words-element.ts'

/** For screen readers: what the sentence has beyond the mark. */
function reason(): string {
  const { unverified, unverifiedWhy } = words().claims
  return unverifiedWhy.startsWith(unverified) ? unverifiedWhy.slice(unverified.length) : `: ${unverifiedWhy}`
}

export class VisitorClaims extends WordsElement {
  static override properties = { claims: { attribute: false } }

  static override styles = [base, visitorClaimsStyles]

  declare claims: readonly VisitorClaim[]

  constructor() {
    super()
    this.claims = []
  }

  override render() {
    if (this.claims.length === 0) {
      return nothing
    }
    // Scrollable, so it must be reachable by keyboard.
    return html`<div class="scroll" role="group" aria-label=${words().claims.label} tabindex="0">
      <dl>${this.claims.map((claim) => this.#claim(claim))}</dl>
    </div>`
  }

  /** The mark is outside of the value, which is truncated before it: no text can push it away or imitate it. */
  #claim({ verified, ...claim }: VisitorClaim) {
    const label = plainName(claim.label)
    const value = plainName(claim.value)
    return html`<div
      class=${verified ? 'claim' : 'claim unverified'}
      title=${`${label}: ${value}\n${verified ? words().claims.verified : words().claims.unverifiedWhy}`}
    >
      <dt><bdi>${label}</bdi></dt>
      <dd>
        <bdi class="value">${value}</bdi>
        ${
          verified
            ? html`<span class="proof">${icons.shield}<span class="visually-hidden">${words().claims.verified}</span></span>`
            : html`<span class="mark"
                >${icons.warning}<span>${words().claims.unverified}</span
                ><span class="visually-hidden">${reason()}</span></span
              >`
        }
      </dd>
    </div>`
  }
}
