/** A line across the top while the shown state may be outdated. */
import type { ConnectionState } from '@chat-widget/client/parts'
import { bannerLine, bannerStyles } from '@chat-widget/page-parts'
import { css } from 'lit'
import type { Strings } from '../strings/strings.ts'
import { base } from '../styles/base.styles.ts'
import { StringsElement } from './strings-element.ts'

export class StatusBanner extends StringsElement {
  static override properties = { connection: { attribute: false } }

  static override styles = [
    base,
    bannerStyles,
    css`
      p {
        padding: 0.5rem 1rem;
      }
    `,
  ]

  declare connection: ConnectionState

  constructor() {
    super()
    this.connection = { status: 'connecting' }
  }

  override render() {
    return bannerLine(bannerText(this.connection, this.strings))
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
