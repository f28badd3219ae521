/** The team: who has an account, with which role and in which apps. */
import type { Agent, AgentState, AgentTeam } from '@chat-widget/client/agent'
import { plainName, type TeamMember } from '@chat-widget/protocol'
import { css, html, nothing } from 'lit'
import { teamErrorText } from '../format/team-words.ts'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { pageStyles } from './page.styles.ts'
import { pageHeader } from './page-header.ts'
import { WordsElement } from './words-element.ts'

type Loaded = readonly TeamMember[] | 'loading' | 'failed'

export class TeamPage extends WordsElement {
  static override properties = {
    team: { attribute: false },
    apps: { attribute: false },
    agent: { attribute: false },
    loaded: { state: true },
    problem: { state: true },
  }

  static override styles = [
    base,
    pageStyles,
    css`
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 14rem) minmax(6rem, auto);
      }

      .button {
        justify-self: end;
      }

      @media (max-width: 47.5rem) {
        li {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .access {
          grid-row: 2;
        }
        li > .button {
          grid-row: 1 / span 2;
        }
      }
    `,
  ]

  declare team: AgentTeam | null
  declare apps: AgentState['apps']
  declare agent: Agent | null
  declare protected loaded: Loaded
  declare protected problem: string | null

  constructor() {
    super()
    this.team = null
    this.apps = []
    this.agent = null
    this.loaded = 'loading'
    this.problem = null
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('team')) void this.#load()
  }

  focusHeading(): void {
    this.renderRoot.querySelector('h2')?.focus()
  }

  override render() {
    return html`${pageHeader(
      words().team.title,
      html`<button type="button" class="button" @click=${() => this.#show(null)}>
        ${icons.plus}${words().team.add}
      </button>`,
    )}
      <div class="scroll"><div class="column">${this.#content()}</div></div>
      <agent-dialog
        .team=${this.team}
        .apps=${this.apps}
        .agent=${this.agent}
        .changed=${() => void this.#load()}
      ></agent-dialog>`
  }

  #content() {
    const { loaded } = this
    if (loaded === 'loading') return html`<p class="soft" role="status">${words().loading}</p>`
    if (loaded === 'failed')
      return html`<div role="alert"><p class="problem">${this.problem}</p></div>
        <div><button type="button" class="button" @click=${() => void this.#load()}>${words().tryAgain}</button></div>`
    return html`<ul role="list" aria-label=${words().team.title}>
      ${loaded.map((member) => this.#item(member))}
    </ul>`
  }

  #item(member: TeamMember) {
    const { team } = words()
    const name = plainName(member.name)
    return html`<li>
      <div class="who">
        <p class="name"><bdi>${name}</bdi>${member.id === this.agent?.id ? ` (${words().author.you})` : nothing}</p>
        <p class="soft">
          <bdi>${member.email}</bdi>${member.hasTemporaryPassword ? html` · ${team.invited}` : nothing}${member.isLinked ? html` · ${team.issuer}` : nothing}
        </p>
      </div>
      <p class="soft access">${team.roles[member.role]} · <bdi>${this.#appsOf(member)}</bdi></p>
      ${
        member.isManaged
          ? html`<button
              type="button"
              class="button"
              aria-label=${team.manageNamed(`${name}, ${member.email}`)}
              @click=${() => this.#show(member)}
            >
              ${team.manage}
            </button>`
          : nothing
      }
    </li>`
  }

  #appsOf({ apps }: TeamMember): string {
    if (apps === undefined) return words().list.allApps
    return apps.map((id) => plainName(this.apps.find((app) => app.id === id)?.name ?? id)).join(', ')
  }

  #show(member: TeamMember | null): void {
    void this.renderRoot.querySelector('agent-dialog')?.show(member)
  }

  async #load(): Promise<void> {
    if (this.team === null) return
    if (typeof this.loaded === 'string') this.loaded = 'loading'
    try {
      this.loaded = await this.team.list()
    } catch (error) {
      this.problem = teamErrorText(error, 'change')
      this.loaded = 'failed'
    }
  }
}
