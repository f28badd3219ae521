/** State of the browser's notifications about requests, and a button to allow them. */
import { css, html, nothing } from 'lit'
import type { NoticePermission, Notices } from '../notices.ts'
import { base } from '../styles/base.styles.ts'
import { FocusKeeper } from './focus-keeper.ts'
import { icons } from './icons.ts'
import { StringsElement } from './strings-element.ts'

export class NoticeRow extends StringsElement {
  static override properties = { notices: { attribute: false }, permission: { state: true } }

  static override styles = [
    base,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem 1rem;
        padding-inline: 0.25rem;
      }

      p {
        display: flex;
        gap: 0.5rem;
        align-items: center;
      }
    `,
  ]

  declare notices: Notices | null
  declare protected permission: NoticePermission | null

  constructor() {
    super()
    this.notices = null
    this.permission = null
    new FocusKeeper(this, 'p')
  }

  override render() {
    const { notifications } = this.strings
    switch (this.permission ?? this.notices?.permission ?? 'unsupported') {
      case 'unsupported':
        return nothing
      case 'askable':
        return html`<div>
          <p class="soft small">${icons.bell}${notifications.allowHint}</p>
          <button type="button" class="button small" @click=${this.#ask}>${notifications.allow}</button>
        </div>`
      case 'allowed':
        return html`<p class="soft small" tabindex="-1">${icons.bell}${notifications.allowed}</p>`
      case 'blocked':
        return html`<p class="soft small" tabindex="-1">${icons.bell}${notifications.blocked}</p>`
    }
  }

  #ask = async (): Promise<void> => {
    this.permission = (await this.notices?.ask()) ?? null
  }
}
