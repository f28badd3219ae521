/** The left side: filter, and the conversations newest first. */
import type { Agent, AgentApp, ConversationFilter, ConversationList } from '@chat-widget/client/agent'
import type { AppId, ConversationId } from '@chat-widget/protocol'
import { html, LitElement, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { base } from '../styles/base.styles.ts'
import { ConversationSelectEvent, FilterChangeEvent, LoadMoreEvent } from './console-events.ts'
import { conversationListStyles } from './conversation-list.styles.ts'
import { conversationRow } from './conversation-row.ts'
import { icons } from './icons.ts'

/** How often relative times are brought up to date. */
const CLOCK_MS = 30_000

const EMPTY: ConversationList = {
  filter: { status: 'open', app: null },
  status: 'loading',
  conversations: [],
  hasMore: false,
}

/**
 * @event conversation-select - A row was chosen.
 * @event filter-change - Other conversations are wanted.
 * @event load-more - The next page is wanted.
 */
export class ConversationListElement extends LitElement {
  static override properties = {
    list: { attribute: false },
    apps: { attribute: false },
    agent: { attribute: false },
    selected: { attribute: false },
    now: { state: true },
  }

  static override styles = [base, conversationListStyles]

  declare list: ConversationList
  declare apps: readonly AgentApp[]
  declare agent: Agent | null
  declare selected: ConversationId | null
  declare protected now: Date
  #clock: ReturnType<typeof setInterval> | undefined
  #focusedId: string | null = null

  constructor() {
    super()
    this.list = EMPTY
    this.apps = []
    this.agent = null
    this.selected = null
    this.now = new Date()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#clock = setInterval(() => {
      this.now = new Date()
    }, CLOCK_MS)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#clock)
  }

  /** Puts the focus on a row, or on the filter where there is none. */
  focusRow(id: ConversationId | null): void {
    const row = (id === null ? null : this.#row(id)) ?? this.#rows()[0]
    ;(row ?? this.renderRoot.querySelector<HTMLElement>('input:checked'))?.focus()
  }

  protected override willUpdate(): void {
    const active = this.shadowRoot?.activeElement
    this.#focusedId = active instanceof HTMLElement ? (active.dataset.id ?? null) : null
    this.now = new Date()
  }

  protected override updated(): void {
    // Moving a row to the top takes it out of the document for a moment, and its focus with it.
    if (this.#focusedId !== null && this.shadowRoot?.activeElement === null) {
      this.#row(this.#focusedId)?.focus({ preventScroll: true })
    }
  }

  override render() {
    const { filter } = this.list
    return html`
      <div class="filter">
        <fieldset @change=${this.#changeStatus}>
          <legend class="visually-hidden">Show</legend>
          ${(['open', 'closed'] as const).map(
            (status) =>
              html`<label
                ><input type="radio" name="status" value=${status} .checked=${filter.status === status} /><span
                  >${status === 'open' ? 'Open' : 'Closed'}</span
                ></label
              >`,
          )}
        </fieldset>
        ${this.apps.length > 1 ? this.#appSelect(filter) : nothing}
      </div>
      <div class="scroller">${this.#content()}</div>
    `
  }

  #appSelect(filter: ConversationFilter) {
    return html`<select class="field" aria-label="App" @change=${this.#changeApp}>
      <option value="" .selected=${filter.app === null}>All apps</option>
      ${this.apps.map(
        (app) => html`<option value=${app.id} .selected=${filter.app === app.id}>${app.name}</option>`,
      )}
    </select>`
  }

  #content() {
    const { conversations, status, hasMore, filter } = this.list
    if (conversations.length === 0) {
      return this.#empty(status, filter)
    }
    const tabbable =
      conversations.find((summary) => summary.id === this.selected)?.id ?? conversations[0]?.id ?? null
    return html`<ul role="list" aria-label="Conversations" @click=${this.#select} @keydown=${this.#move}>
        ${repeat(
          conversations,
          (summary) => summary.id,
          (summary) =>
            html`<li role="listitem">
              ${conversationRow({
                summary,
                agent: this.agent,
                appName: this.#appName(summary.app),
                selected: summary.id === this.selected,
                tabbable: summary.id === tabbable,
                now: this.now,
              })}
            </li>`,
        )}
      </ul>
      ${
        hasMore
          ? html`<button
              type="button"
              class="button quiet more"
              aria-disabled=${status === 'loading' ? 'true' : 'false'}
              @click=${() => this.dispatchEvent(new LoadMoreEvent())}
            >
              ${status === 'loading' ? 'Loading…' : 'Load more conversations'}
            </button>`
          : nothing
      }`
  }

  #empty(status: ConversationList['status'], filter: ConversationFilter) {
    if (status === 'loading') {
      return html`<p class="visually-hidden" role="status">Loading conversations…</p>
        <div class="skeleton" aria-hidden="true"><i></i><i></i><i></i></div>`
    }
    if (status === 'failed') {
      return html`<div class="empty" role="status">
        ${icons.warning}
        <p>The conversations could not be loaded.</p>
        <button type="button" class="button" @click=${() => this.dispatchEvent(new FilterChangeEvent(filter))}>
          Try again
        </button>
      </div>`
    }
    return html`<div class="empty" role="status">
      ${icons.inbox}
      <p class="title">${filter.status === 'open' ? 'No open conversations yet' : 'No closed conversations'}</p>
      <p>
        ${
          filter.status === 'open'
            ? 'When a visitor writes, the conversation appears here at once.'
            : 'Conversations that you close are kept here.'
        }
      </p>
    </div>`
  }

  #appName(id: AppId): string | null {
    return this.apps.length > 1 ? (this.apps.find((app) => app.id === id)?.name ?? id) : null
  }

  #rows(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('button[data-id]')]
  }

  #row(id: string): HTMLElement | undefined {
    return this.#rows().find((row) => row.dataset.id === id)
  }

  #select = (event: Event): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-id]') : null
    if (row?.dataset.id !== undefined) {
      this.dispatchEvent(new ConversationSelectEvent(row.dataset.id as ConversationId))
    }
  }

  #move = (event: KeyboardEvent): void => {
    const rows = this.#rows()
    const index = rows.findIndex((row) => row.matches(':focus'))
    const target = rows[targetIndex(event.key, index, rows.length)]
    if (index !== -1 && target !== undefined) {
      event.preventDefault()
      target.focus()
    }
  }

  #changeStatus = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) {
      const status = event.target.value === 'closed' ? 'closed' : 'open'
      this.dispatchEvent(new FilterChangeEvent({ ...this.list.filter, status }))
    }
  }

  #changeApp = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) {
      const app = event.target.value === '' ? null : (event.target.value as AppId)
      this.dispatchEvent(new FilterChangeEvent({ ...this.list.filter, app }))
    }
  }
}

/** Where a key leads in a list of `length` rows; -1 where it leads nowhere. */
function targetIndex(key: string, index: number, length: number): number {
  switch (key) {
    case 'ArrowDown':
      return Math.min(index + 1, length - 1)
    case 'ArrowUp':
      return Math.max(index - 1, 0)
    case 'Home':
      return 0
    case 'End':
      return length - 1
    default:
      return -1
  }
}
