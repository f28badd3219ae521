/**
 * The reference: the newest 60 messages in one Lit element, as in Lit's documentation. Rows show the content of the
 * chat's rows: author, text, and the time below the last of a group.
 */
import { css, html, LitElement, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Line } from './conversation.ts'

interface Message extends Line {
  readonly id: number
  readonly at: Date
}

const ROWS = 60
const clock = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: '2-digit' })

export class BareWindow extends LitElement {
  static override properties = { messages: { attribute: false } }
  static override styles = css`
    :host { display: block; block-size: 560px; inline-size: 380px; font: 15px/1.45 system-ui, sans-serif; }
    .scroller { block-size: 100%; overflow-y: auto; overflow-anchor: none; }
    .content { display: flex; flex-direction: column; justify-content: flex-end; min-block-size: 100%; padding: 16px; box-sizing: border-box; }
    .row { display: flex; flex-direction: column; align-items: flex-start; margin-block-start: 3px; }
    .author, .meta { margin: 4px 14px; color: #666; font-size: 13px; }
    .bubble { max-inline-size: 84%; padding: 9px 14px; border-radius: 18px; background: #eee; white-space: pre-wrap; overflow-wrap: anywhere; }
  `

  declare messages: readonly Message[]

  constructor() {
    super()
    this.messages = []
  }

  protected override render() {
    const rows = this.messages.slice(-ROWS)
    return html`<div class="scroller"><div class="content">
      ${repeat(
        rows,
        ({ id }) => id,
        ({ author, text, at }, index) => html`<div class="row">
          ${author.name === rows[index - 1]?.author.name ? nothing : html`<div class="author">${author.name}</div>`}
          <div class="bubble">${text}</div>
          ${
            author.name === rows[index + 1]?.author.name
              ? nothing
              : html`<div class="meta"><time datetime=${at.toISOString()}>${clock.format(at)}</time></div>`
          }
        </div>`,
      )}
    </div></div>`
  }

  protected override updated(): void {
    const scroller = this.renderRoot.querySelector('.scroller')
    if (scroller !== null) scroller.scrollTop = scroller.scrollHeight
  }
}

customElements.define('bare-window', BareWindow)
