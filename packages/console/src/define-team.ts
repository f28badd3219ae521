/** Registers the elements that are loaded when an agent opens the team, the security log or the own account. */
import { AccountPage } from './elements/account-page.ts'
import { AgentDialog } from './elements/agent-dialog.ts'
import { SecurityLog } from './elements/security-log.ts'
import { SessionList } from './elements/session-list.ts'
import { TeamPage } from './elements/team-page.ts'

declare global {
  interface HTMLElementTagNameMap {
    'account-page': AccountPage
    'agent-dialog': AgentDialog
    'security-log': SecurityLog
    'session-list': SessionList
    'team-page': TeamPage
  }
}

customElements.define('session-list', SessionList)
customElements.define('agent-dialog', AgentDialog)
customElements.define('team-page', TeamPage)
customElements.define('security-log', SecurityLog)
customElements.define('account-page', AccountPage)
