/** The left column: filter, and the conversations newest first. */
import type { Agent, AgentApp, ConversationFilter, ConversationList } from '@chat-widget/client/agent'
import type { AppId, ConversationId } from '@chat-widget/protocol'
import { defaultRangeExtractor, type Range, VirtualizerController } from '@tanstack/lit-virtual'
import { html, nothing } from 'lit'
import { createRef, ref } from 'lit/directives/ref.js'
import { repeat } from 'lit/directives/repeat.js'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { segmentStyles } from '../styles/segments.styles.ts'
import { words } from '../words/words.ts'
import { ConversationSelectEvent, FilterChangeEvent, LoadMoreEvent } from './console-events.ts'
import { conversationListStyles } from './conversation-list.styles.ts'
import { conversationRow } from './conversation-row.ts'
import { WordsElement } from './words-element.ts'

/** Estimated height of a row of two lines, used until it is measured. */
const ROW_PX = 60
/** Rows rendered beyond the visible ones, so that scrolling shows no gap. */
const OVERSCAN = 6

/** Interval at which relative times are updated. */
const CLOCK_MS = 30_000

const EMPTY: ConversationList = {
  filter: { status: 'open', app: null },
  status: 'loading',
  conversations: [],
  hasMore: false,
}

/**
 * @event conversation-select - A row was chosen.
 * @event filter-change - Show other conversations.
 * @event load-more - Load the next page.
 */
export class ConversationListElement extends WordsElement {
  static override properties = {
    list: { attribute: false },
    apps: { attribute: false },
    agent: { attribute: false },
    selected: { attribute: false },
    now: { state: true },
  }

  static override styles = [base, segmentStyles, conversationListStyles]

  declare list: ConversationList
  declare apps: readonly AgentApp[]
  declare agent: Agent | null
  declare selected: ConversationId | null
  declare protected now: Date
  #clock: ReturnType<typeof setInterval> | undefined
  #focusedId: string | null = null
  /** The row that the focus moves to. */
  #targetId: string | null = null
  readonly #scroller = createRef<HTMLElement>()
  readonly #window = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this.#scroller.value ?? null,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => this.list.conversations[index]?.id ?? index,
    initialRect: { width: 0, height: 800 },
    overscan: OVERSCAN,
    useAnimationFrameWithResizeObserver: true,
    paddingStart: 6,
    paddingEnd: 6,
    gap: 1,
  })

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

  /** Focuses a row, or the filter if there is none. */
  focusRow(id: ConversationId | null): void {
    const index = Math.max(0, this.#indexOf(id))
    if (this.list.conversations[index] === undefined)
      this.renderRoot.querySelector<HTMLElement>('input:checked')?.focus()
    else void this.#focusIndex(index)
  }

  /** Scrolls a row into view and focuses it. */
  async #focusIndex(index: number): Promise<void> {
    const id = this.list.conversations[index]?.id
    if (id === undefined) return
    this.#targetId = id
    this.#window.getVirtualizer().scrollToIndex(index)
    this.requestUpdate()
    await this.updateComplete
    this.#targetId = null
    this.#row(id)?.focus({ preventScroll: true })
  }

  #indexOf(id: string | null): number {
    return this.list.conversations.findIndex((summary) => summary.id === id)
  }

  #withFocused(range: Range): number[] {
    const kept = [this.#focusedId, this.#targetId]
      .map((id) => this.#indexOf(id))
      .filter((index) => index !== -1)
    return [...new Set([...defaultRangeExtractor(range), ...kept])].sort((a, b) => a - b)
  }

  protected override willUpdate(): void {
    const active = this.shadowRoot?.activeElement
    this.#focusedId = active instanceof HTMLElement ? (active.dataset.id ?? null) : null
    this.now = new Date()
  }

  protected override updated(): void {
    this.#placeRows()
    // A row has no height until it is in the document.
    for (const row of this.renderRoot.querySelectorAll('li'))
      this.#window.getVirtualizer().measureElement(row)
    // Moving a row to the top removes it from the document for a moment, and its focus with it.
    if (this.#focusedId !== null && this.shadowRoot?.activeElement === null) {
      this.#row(this.#focusedId)?.focus({ preventScroll: true })
    }
  }

  /**
   * Positions the rows by script: the page's policy allows no style in markup, and the first render of `styleMap` is
   * markup.
   */
  #placeRows(): void {
    const list = this.renderRoot.querySelector('ul')
    if (list === null) return
    const virtualizer = this.#window.getVirtualizer()
    const starts = new Map(virtualizer.getVirtualItems().map(({ index, start }) => [String(index), start]))
    list.style.blockSize = `${virtualizer.getTotalSize()}px`
    for (const row of list.querySelectorAll('li'))
      row.style.translate = `0 ${starts.get(row.dataset.index ?? '') ?? 0}px`
  }

  override render() {
    const { filter } = this.list
    return html`
      <div class="filter">
        <fieldset @change=${this.#changeStatus}>
          <legend class="visually-hidden">${words().list.show}</legend>
          ${(['open', 'closed'] as const).map(
            (status) =>
              html`<label
                ><input type="radio" name="status" value=${status} .checked=${filter.status === status} /><span
                  >${words().list[status]}</span
                ></label
              >`,
          )}
        </fieldset>
        ${this.apps.length > 1 ? this.#appSelect(filter) : nothing}
      </div>
      <div class="scroller" ${ref(this.#scroller)}>${this.#content()}</div>
    `
  }

  #appSelect(filter: ConversationFilter) {
    return html`<select class="field" aria-label=${words().list.app} @change=${this.#changeApp}>
      <option value="" .selected=${filter.app === null}>${words().list.allApps}</option>
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
    const virtualizer = this.#window.getVirtualizer()
    virtualizer.setOptions({
      ...virtualizer.options,
      count: conversations.length,
      // Keeps the focused row rendered, wherever it moves to. A new function each time, because its result is cached.
      rangeExtractor: (range) => this.#withFocused(range),
    })
    const rows = virtualizer.getVirtualItems().flatMap(({ index }) => {
      const summary = conversations[index]
      return summary === undefined ? [] : [{ index, summary }]
    })
    const tabbable = (rows.find(({ summary }) => summary.id === this.selected) ?? rows[0])?.summary.id
    return html`<ul
        role="list"
        aria-label=${words().list.label}
        @click=${this.#select}
        @keydown=${this.#move}
      >
        ${repeat(
          rows,
          ({ summary }) => summary.id,
          ({ index, summary }) =>
            html`<li
              role="listitem"
              aria-setsize=${conversations.length}
              aria-posinset=${index + 1}
              data-index=${index}
            >
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
              ${status === 'loading' ? words().loading : words().list.more}
            </button>`
          : nothing
      }`
  }

  #empty(status: ConversationList['status'], filter: ConversationFilter) {
    if (status === 'loading') {
      return html`<p class="visually-hidden" role="status">${words().list.loading}</p>
        <div class="skeleton" aria-hidden="true"><i></i><i></i><i></i></div>`
    }
    if (status === 'failed') {
      return html`<div class="empty" role="status">
        ${icons.warning}
        <p>${words().list.failed}</p>
        <button type="button" class="button" @click=${() => this.dispatchEvent(new FilterChangeEvent(filter))}>
          ${words().tryAgain}
        </button>
      </div>`
    }
    return html`<div class="empty" role="status">
      ${icons.inbox}
      <p class="title">${filter.status === 'open' ? words().list.noOpen : words().list.noClosed}</p>
      <p>
        ${filter.status === 'open' ? words().list.noOpenHint : words().list.noClosedHint}
      </p>
    </div>`
  }

  #appName(id: AppId): string | null {
    return this.apps.length > 1 ? (this.apps.find((app) => app.id === id)?.name ?? id) : null
  }

  #row(id: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`button[data-id="${CSS.escape(id)}"]`)
  }

  #select = (event: Event): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-id]') : null
    if (row?.dataset.id !== undefined) {
      this.dispatchEvent(new ConversationSelectEvent(row.dataset.id as ConversationId))
    }
  }

  #move = (event: KeyboardEvent): void => {
    const focused = this.shadowRoot?.activeElement
    const index = this.#indexOf(focused instanceof HTMLElement ? (focused.dataset.id ?? null) : null)
    const target = targetIndex(event.key, index, this.list.conversations.length)
    if (index !== -1 && target !== -1) {
      event.preventDefault()
      void this.#focusIndex(target)
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

/** Index of the row that a key moves to in a list of `length` rows; -1 for none. */
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
