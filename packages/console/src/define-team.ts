/** Registers the elements of the pages beside the inbox, loaded when an agent opens one of them. */
import { AccountPage } from './elements/account-page.ts'
import { AgentDialog } from './elements/agent-dialog.ts'
import { SecurityLog } from './elements/security-log.ts'
import { SessionList } from './elements/session-list.ts'
import { TeamPage } from './elements/team-page.ts'
import { WebhooksPage } from './elements/webhooks-page.ts'

declare global {
  interface HTMLElementTagNameMap {
    'account-page': AccountPage
    'agent-dialog': AgentDialog
    'security-log': SecurityLog
    'session-list': SessionList
    'team-page': TeamPage
    'webhooks-page': WebhooksPage
  }
}

customElements.define('session-list', SessionList)
customElements.define('agent-dialog', AgentDialog)
customElements.define('team-page', TeamPage)
customElements.define('security-log', SecurityLog)
customElements.define('webhooks-page', WebhooksPage)
customElements.define('account-page', AccountPage)
