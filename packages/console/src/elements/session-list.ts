/** List of an agent's sessions, with buttons that end one of them or all others. */
import type { AgentTeam } from '@chat-widget/client/agent'
import type { AgentId, AgentSessionInfo } from '@chat-widget/protocol'
import { css, html, nothing } from 'lit'
import { teamErrorText } from '../format/team-words.ts'
import { fullTime } from '../format/time.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { WordsElement } from './words-element.ts'

type Loaded = readonly AgentSessionInfo[] | 'loading' | 'failed'

export class SessionList extends WordsElement {
  static override properties = {
    team: { attribute: false },
    agentId: { attribute: false },
    loaded: { state: true },
    problem: { state: true },
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
      }

      ul {
        display: grid;
        gap: 0.75rem;
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem;
      }

      li > div {
        flex: 1;
        min-inline-size: 10rem;
      }

      .soft {
        color: var(--ink-soft);
        font-size: 0.8125rem;
      }

      .problem {
        color: var(--bad);
      }

      .all {
        margin-block-start: 0.75rem;
      }
    `,
  ]

  declare team: AgentTeam | null
  declare agentId: AgentId | null
  declare protected loaded: Loaded
  declare protected problem: string | null

  constructor() {
    super()
    this.team = null
    this.agentId = null
    this.loaded = 'loading'
    this.problem = null
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('team') || changed.has('agentId')) void this.reload()
  }

  override render() {
    const { loaded } = this
    const { team } = words()
    const problem = html`<div role="alert">
      ${this.problem === null ? nothing : html`<p class="problem">${this.problem}</p>`}
    </div>`
    if (loaded === 'loading') return html`<p class="soft" role="status">${words().loading}</p>`
    if (loaded === 'failed')
      return html`${problem}<button type="button" class="button" @click=${() => void this.reload()}>
          ${words().tryAgain}
        </button>`
    if (loaded.length === 0) return html`${problem}<p class="soft">${team.noSessions}</p>`
    const others = loaded.filter(({ isOwn }) => !isOwn)
    return html`${problem}
      <ul role="list">
        ${loaded.map((session) => this.#item(session))}
      </ul>
      ${
        others.length > 1
          ? html`<button type="button" class="button all" @click=${() => void this.#end(null)}>
              ${others.length < loaded.length ? team.endOthers : team.endAll}
            </button>`
          : nothing
      }`
  }

  #item({ id, device, method, createdAt, seenAt, isOwn }: AgentSessionInfo) {
    const { team } = words()
    const name = device === '' ? team.unknownDevice : device
    return html`<li>
      <div>
        <p><bdi>${name}</bdi>${isOwn ? html` · <strong>${team.thisSession}</strong>` : nothing}</p>
        <p class="soft">
          ${team.since(fullTime(createdAt))} · ${team.lastUsed(fullTime(seenAt))}${method === 'issuer' ? html` · ${team.issuer}` : nothing}
        </p>
      </div>
      ${
        isOwn
          ? nothing
          : html`<button
              type="button"
              class="button"
              aria-label=${`${words().signOut}: ${name}, ${fullTime(createdAt)}`}
              @click=${() => void this.#end(id)}
            >
              ${words().signOut}
            </button>`
      }
    </li>`
  }

  /** Shows the sessions as they are by now. */
  async reload(): Promise<void> {
    const { team, agentId } = this
    if (team === null || agentId === null) return
    if (typeof this.loaded === 'string') this.loaded = 'loading'
    try {
      const sessions = await team.sessions(agentId)
      if (agentId === this.agentId) this.loaded = sessions
    } catch (error) {
      this.problem = teamErrorText(error, 'change')
      this.loaded = 'failed'
    }
  }

  async #end(session: string | null): Promise<void> {
    const { team, agentId } = this
    if (team === null || agentId === null) return
    this.problem = null
    try {
      await team.signOut(agentId, session)
    } catch (error) {
      this.problem = teamErrorText(error, 'change')
    }
    await this.reload()
  }
}
