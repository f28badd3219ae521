/** One line across the top while the console is not live. */
import type { ConnectionState } from '@chat-widget/client'
import { css, html, LitElement, nothing } from 'lit'
import { errorText } from '../format/error-text.ts'
import { base } from '../styles/base.styles.ts'
import { icons } from './icons.ts'

export class ConnectionBanner extends LitElement {
  static override properties = { connection: { attribute: false } }

  static override styles = [
    base,
    css`
      :host {
        display: block;
      }

      p {
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 0.5rem;
        padding: 0.375rem 0.75rem;
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
    const text = bannerText(this.connection)
    return html`<div role="status">${text === null ? nothing : html`<p>${icons.warning}${text}</p>`}</div>`
  }
}

function bannerText(connection: ConnectionState): string | null {
  switch (connection.status) {
    case 'connected':
    case 'connecting':
      return null
    case 'offline':
      return 'You are offline. Replies are sent when you are back.'
    case 'reconnecting':
      return 'Connection lost. Reconnecting…'
    case 'closed':
      return connection.reason === undefined ? null : errorText(connection.reason)
    default:
      connection satisfies never
      return null
  }
}
