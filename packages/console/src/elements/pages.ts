/** Pages beside the inbox: links to them, and the element of the one that is shown. */
import type { Agent, AgentState, AgentTeam, AgentWebhooks } from '@chat-widget/client/agent'
import { html, nothing } from 'lit'
import { hashOfPage, type Page } from '../routing/hash-route.ts'
import { words } from '../words/words.ts'

/** For those who manage. `shown`: the page that is shown. */
export function pageLinks(shown: Page | null) {
  const link = (page: Page, title: string) =>
    html`<a class="button quiet" href=${hashOfPage(page)} aria-current=${shown === page ? 'page' : nothing}>${title}</a>`
  return html`<div class="pages">
    ${link('team', words().team.title)}${link('security-log', words().securityLog.title)}${link('webhooks', words().webhooks.title)}
  </div>`
}

interface PageFacts {
  readonly state: AgentState
  readonly agent: Agent
  readonly team: AgentTeam | null
  readonly webhooks: AgentWebhooks | null
}

/** `define-team.ts` is to be loaded before. */
export function pageOf(page: Page, { state, agent, team, webhooks }: PageFacts) {
  switch (page) {
    case 'team':
      return html`<team-page .team=${team} .apps=${state.apps} .agent=${agent}></team-page>`
    case 'security-log':
      return html`<security-log .team=${team}></security-log>`
    case 'webhooks':
      return html`<webhooks-page .webhooks=${webhooks} .apps=${state.apps}></webhooks-page>`
    case 'account':
      return html`<account-page .team=${team} .agent=${agent}></account-page>`
    default:
      return page satisfies never
  }
}
