/** A line across the top while the console is not connected. */
import type { ConnectionState } from '@chat-widget/client'
import { bannerLine, bannerStyles } from '@chat-widget/page-parts'
import { css } from 'lit'
import { errorText } from '../format/error-text.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { WordsElement } from './words-element.ts'

export class ConnectionBanner extends WordsElement {
  static override properties = { connection: { attribute: false } }

  static override styles = [
    base,
    bannerStyles,
    css`
      :host {
        display: block;
      }

      p {
        padding: 0.375rem 0.75rem;
      }
    `,
  ]

  declare connection: ConnectionState

  constructor() {
    super()
    this.connection = { status: 'connecting' }
  }

  override render() {
    return bannerLine(bannerText(this.connection))
  }
}

function bannerText(connection: ConnectionState): string | null {
  switch (connection.status) {
    case 'connected':
    case 'connecting':
      return null
    case 'offline':
      return words().banner.offline
    case 'reconnecting':
      return words().banner.reconnecting
    case 'closed':
      return connection.reason === undefined ? null : errorText(connection.reason)
    default:
      connection satisfies never
      return null
  }
}
