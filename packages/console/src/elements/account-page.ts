/** One's own account: password and sessions. */
import type { Agent, AgentTeam } from '@chat-widget/client/agent'
import { LIMITS, plainName } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { teamErrorText } from '../format/team-words.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { pageStyles } from './page.styles.ts'
import { pageHeader } from './page-header.ts'
import { WordsElement } from './words-element.ts'

export class AccountPage extends WordsElement {
  static override properties = {
    team: { attribute: false },
    agent: { attribute: false },
    state: { state: true },
  }

  static override styles = [base, pageStyles]

  declare team: AgentTeam | null
  declare agent: Agent | null
  declare protected state: 'idle' | 'busy' | 'changed' | { readonly problem: string }

  constructor() {
    super()
    this.team = null
    this.agent = null
    this.state = 'idle'
  }

  focusHeading(): void {
    this.renderRoot.querySelector('h2')?.focus()
  }

  override render() {
    const { account, team } = words()
    const { agent } = this
    return html`${pageHeader(account.title)}
      <div class="scroll">
        <div class="column">
          ${agent?.hasTemporaryPassword === true && this.state !== 'changed' ? html`<p class="notice">${account.temporary}</p>` : nothing}
          ${
            agent === null
              ? nothing
              : html`<div>
                  <p class="name"><bdi>${plainName(agent.name)}</bdi></p>
                  <p class="soft"><bdi>${agent.email}</bdi> · ${team.roles[agent.role]}</p>
                </div>`
          }
          <section aria-labelledby="password">
            <h3 id="password">${account.change}</h3>
            ${this.#form()}
          </section>
          <section aria-labelledby="sessions">
            <h3 id="sessions">${team.sessions}</h3>
            <session-list .team=${this.team} .agentId=${agent?.id ?? null}></session-list>
          </section>
        </div>
      </div>`
  }

  #form() {
    const { account } = words()
    const { state } = this
    return html`<form @submit=${this.#submit} aria-busy=${state === 'busy' ? 'true' : 'false'}>
      <input type="hidden" autocomplete="username" .value=${this.agent?.email ?? ''} />
      <label
        >${account.present}<input
          class="field"
          name="present"
          type="password"
          required
          maxlength="1024"
          autocomplete="current-password"
      /></label>
      <label
        >${account.next}<input
          class="field"
          name="next"
          type="password"
          required
          minlength=${LIMITS.passwordLength}
          maxlength="1024"
          autocomplete="new-password"
          aria-describedby="hint"
      /></label>
      <p class="soft" id="hint">${account.hint(LIMITS.passwordLength)}</p>
      <div role="alert">${typeof state === 'object' ? html`<p class="problem">${state.problem}</p>` : nothing}</div>
      <p role="status">${state === 'changed' ? account.changed : nothing}</p>
      <div>
        <button class="button primary" aria-disabled=${state === 'busy' ? 'true' : 'false'}>${account.change}</button>
      </div>
    </form>`
  }

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const form = event.target
    if (this.state === 'busy' || !(form instanceof HTMLFormElement)) return
    const data = new FormData(form)
    this.state = 'busy'
    try {
      await this.team?.changePassword(String(data.get('present')), String(data.get('next')))
      form.reset()
      this.state = 'changed'
      await this.renderRoot.querySelector('session-list')?.reload()
    } catch (error) {
      this.state = { problem: teamErrorText(error, 'password') }
    }
  }
}
