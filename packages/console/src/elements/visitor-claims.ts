/** Claims of a verified visitor: each marked as proven or as not verified. */
import { plainName, type VisitorClaim } from '@chat-widget/protocol'
import { html, LitElement, nothing } from 'lit'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { visitorClaimsStyles } from './visitor-claims.styles.ts'

const UNVERIFIED = 'Not verified: the visitor’s browser says so, and nobody has checked it.'
const VERIFIED = 'Verified'

export class VisitorClaims extends LitElement {
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
    return html`<div class="scroll" role="group" aria-label="About the visitor" tabindex="0">
      <dl>${this.claims.map((claim) => this.#claim(claim))}</dl>
    </div>`
  }

  /** The mark is outside of the value, which is truncated before it: no text can push it away or imitate it. */
  #claim({ label, verified, ...claim }: VisitorClaim) {
    const value = plainName(claim.value)
    return html`<div
      class=${verified ? 'claim' : 'claim unverified'}
      title=${`${label}: ${value}\n${verified ? VERIFIED : UNVERIFIED}`}
    >
      <dt><bdi>${label}</bdi></dt>
      <dd>
        <bdi class="value">${value}</bdi>
        ${
          verified
            ? html`<span class="proof">${icons.shield}<span class="visually-hidden">${VERIFIED}</span></span>`
            : html`<span class="mark"
                >${icons.warning}<span>Not verified</span
                ><span class="visually-hidden">: the visitor’s browser says so, and nobody has checked it</span></span
              >`
        }
      </dd>
    </div>`
  }
}
