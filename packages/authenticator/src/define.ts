/** Registers the authenticator's elements. Import this module once; nothing else registers them. */
import { AppList } from './elements/app-list.ts'
import { AuthenticatorApp } from './elements/authenticator-app.ts'
import { CodesCard } from './elements/codes-card.ts'
import { ConfirmDialog } from './elements/confirm-dialog.ts'
import { ConnectPanel } from './elements/connect-panel.ts'
import { CopyButton } from './elements/copy-button.ts'
import { DeviceInvitationDialog } from './elements/device-invitation.ts'
import { DeviceList } from './elements/device-list.ts'
import { IdentifierCard } from './elements/identifier-card.ts'
import { NoticeRow } from './elements/notice-row.ts'
import { RecoveryCodes } from './elements/recovery-codes.ts'
import { RequestCard } from './elements/request-card.ts'
import { RequestList } from './elements/request-list.ts'
import { StatusBanner } from './elements/status-banner.ts'
import { WelcomeScreen } from './elements/welcome-screen.ts'

declare global {
  interface HTMLElementTagNameMap {
    'app-list': AppList
    'authenticator-app': AuthenticatorApp
    'codes-card': CodesCard
    'confirm-dialog': ConfirmDialog
    'connect-panel': ConnectPanel
    'copy-button': CopyButton
    'device-invitation': DeviceInvitationDialog
    'device-list': DeviceList
    'identifier-card': IdentifierCard
    'notice-row': NoticeRow
    'recovery-codes': RecoveryCodes
    'request-card': RequestCard
    'request-list': RequestList
    'status-banner': StatusBanner
    'welcome-screen': WelcomeScreen
  }
}

customElements.define('copy-button', CopyButton)
customElements.define('confirm-dialog', ConfirmDialog)
customElements.define('status-banner', StatusBanner)
customElements.define('notice-row', NoticeRow)
customElements.define('identifier-card', IdentifierCard)
customElements.define('request-card', RequestCard)
customElements.define('request-list', RequestList)
customElements.define('connect-panel', ConnectPanel)
customElements.define('app-list', AppList)
customElements.define('device-invitation', DeviceInvitationDialog)
customElements.define('device-list', DeviceList)
customElements.define('codes-card', CodesCard)
customElements.define('recovery-codes', RecoveryCodes)
customElements.define('welcome-screen', WelcomeScreen)
customElements.define('authenticator-app', AuthenticatorApp)
