/** One line across the top while what is shown may not be what is so. */
import type { ConnectionState } from '@chat-widget/client/parts'
import { css, html, nothing } from 'lit'
import type { Strings } from '../strings/strings.ts'
import { base } from '../styles/base.styles.ts'
import { icons } from './icons.ts'
import { StringsElement } from './strings-element.ts'

export class StatusBanner extends StringsElement {
  static override properties = { connection: { attribute: false } }

  static override styles = [
    base,
    css`
      p {
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 0.5rem;
        padding: 0.5rem 1rem;
        background: var(--warn-surface);
        color: var(--warn);
        font-weight: 500;
      }
    `,
  ]

  declare connection: ConnectionState

  constructor() {
    super()
    this.connection = { status: 'connecting' }
  }

  override render() {
    const text = bannerText(this.connection, this.strings)
    return html`<div role="status">
      ${text === null ? nothing : html`<p>${icons.warning}<span>${text}</span></p>`}
    </div>`
  }
}

function bannerText(connection: ConnectionState, { banner }: Strings): string | null {
  switch (connection.status) {
    case 'connected':
    case 'connecting':
      return null
    case 'offline':
      return banner.offline
    case 'reconnecting':
      return banner.reconnecting
    case 'closed':
      if (connection.reason === undefined) return null
      return connection.reason === 'protocol-version' ? banner.outdated : banner.stopped
  }
}
