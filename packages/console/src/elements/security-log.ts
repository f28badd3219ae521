/** The security log: who changed what, the newest first. */
import type { AgentTeam } from '@chat-widget/client/agent'
import type { AuditEntry } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { auditText, auditWho, teamErrorText } from '../format/team-words.ts'
import { fullTime } from '../format/time.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { pageStyles } from './page.styles.ts'
import { pageHeader } from './page-header.ts'
import { WordsElement } from './words-element.ts'

/** True if the entry names its actor already, e.g. of a sign-in. */
const isOwnDeed = ({ by, about }: AuditEntry): boolean => by.agent !== null && by.agent.id === about?.id

/** Entries that the page holds: earlier ones are read by the command. */
const MOST = 1_000

export class SecurityLog extends WordsElement {
  static override properties = {
    team: { attribute: false },
    entries: { state: true },
    cursor: { state: true },
    state: { state: true },
  }

  static override styles = [base, pageStyles]

  declare team: AgentTeam | null
  declare protected entries: readonly AuditEntry[]
  declare protected cursor: string | null
  declare protected state: 'loading' | 'loaded' | { readonly problem: string }

  constructor() {
    super()
    this.team = null
    this.entries = []
    this.cursor = null
    this.state = 'loading'
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('team')) void this.#load()
  }

  focusHeading(): void {
    this.renderRoot.querySelector('h2')?.focus()
  }

  override render() {
    const { securityLog } = words()
    const { state, entries } = this
    return html`${pageHeader(securityLog.title)}
      <div class="scroll">
        <div class="column">
          ${state === 'loaded' && entries.length === 0 ? html`<p class="soft">${securityLog.empty}</p>` : nothing}
          <ul role="list" aria-label=${securityLog.title}>
            ${entries.map((entry) => this.#item(entry))}
          </ul>
          <div role="alert">${typeof state === 'object' ? html`<p class="problem">${state.problem}</p>` : nothing}</div>
          ${state === 'loading' ? html`<p class="soft" role="status">${words().loading}</p>` : this.#more()}
        </div>
      </div>`
  }

  #item(entry: AuditEntry) {
    return html`<li>
      <div class="who">
        <p><bdi>${auditText(entry)}</bdi></p>
        ${
          isOwnDeed(entry)
            ? nothing
            : html`<p class="soft">
                <bdi>${auditWho(entry)}</bdi>${entry.app === null ? nothing : html` · <bdi>${entry.app}</bdi>`}
              </p>`
        }
      </div>
      <time class="soft" datetime=${entry.at}>${fullTime(entry.at)}</time>
    </li>`
  }

  #more() {
    const isFailed = typeof this.state === 'object'
    if (!isFailed && (this.cursor === null || this.entries.length >= MOST)) return nothing
    return html`<div>
      <button type="button" class="button" @click=${() => void this.#load()}>
        ${isFailed ? words().tryAgain : words().securityLog.more}
      </button>
    </div>`
  }

  async #load(): Promise<void> {
    if (this.team === null) return
    this.state = 'loading'
    try {
      const page = await this.team.audit(this.cursor)
      this.entries = [...this.entries, ...page.entries]
      this.cursor = page.cursor
      this.state = 'loaded'
    } catch (error) {
      this.state = { problem: teamErrorText(error, 'change') }
    }
  }
}
