/** The messages of one conversation, 60 to 80 of them in the document, scrolled to the end unless the agent scrolled up. */
import type { Agent, AgentActionRun, AgentTimelineItem } from '@chat-widget/client/agent'
import {
  createPlace,
  distanceToEnd,
  EDGE_PX,
  followedWindow,
  type HistoryWindow,
  latestWindow,
  olderWindow,
  shiftedWindow,
} from '@chat-widget/client/history'
import type { AppId, MessageAuthor } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { runWords } from '../format/action-words.ts'
import { mayAnswer } from '../format/agent-rights.ts'
import { authorName, isOwn } from '../format/describe-message.ts'
import { itemKey, type LogRow, logRows } from '../format/log-rows.ts'
import { dayLabel } from '../format/time.ts'
import { icons } from '../icons.ts'
import { answersIn } from '../kinds/answers.ts'
import { describe, isNote, isRevision } from '../kinds/index.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import {
  LoadOlderEvent,
  MessageDeleteEvent,
  MessageDiscardEvent,
  MessageEditEvent,
  MessageRetryEvent,
  MessagesSeenEvent,
} from './console-events.ts'
import { fileMessagesStyles } from './file-messages.styles.ts'
import { type BubbleActions, messageBubble } from './message-bubble.ts'
import { messageKindsStyles } from './message-kinds.styles.ts'
import { messageLogStyles } from './message-log.styles.ts'
import { WordsElement } from './words-element.ts'

/** Within this distance the log counts as scrolled to the end. */
const END_SLACK_PX = 48
/** Rows beyond which what comes in below is not added while the agent reads further up. */
const MOST_ROWS = 120
/** Messages read out at once. */
const MOST_ANNOUNCED = 5

/**
 * @event load-older - Load the page before the first message.
 * @event messages-seen - The newest message is visible.
 * @event message-retry, message-discard - Send a failed message again, or drop it.
 * @event message-edit, message-delete - Ask for another content of a message of one's own, or for its deletion.
 */
export class MessageLog extends WordsElement {
  static override properties = {
    items: { attribute: false },
    agent: { attribute: false },
    app: { attribute: false },
    visitorName: { attribute: false },
    hasOlder: { type: Boolean },
    loadingOlder: { type: Boolean },
    typing: { attribute: false },
    window: { state: true },
    hasNew: { state: true },
    news: { state: true },
    announced: { state: true },
  }

  static override styles = [base, messageLogStyles, messageKindsStyles, fileMessagesStyles]

  declare items: readonly AgentTimelineItem[]
  declare agent: Agent | null
  /** The conversation's app. */
  declare app: AppId
  declare visitorName: string
  declare hasOlder: boolean
  declare loadingOlder: boolean
  declare typing: MessageAuthor | null
  /** The items that are in the document. */
  declare protected window: HistoryWindow
  /** True if a message arrived below the visible ones. */
  declare protected hasNew: boolean
  /** Outcome of an action, for screen readers. */
  declare protected news: string
  /** Messages that came in, for screen readers. */
  declare protected announced: readonly string[]
  /** The last announcement for each action. */
  #told: ReadonlyMap<string, string> | null = null
  #atEnd = true
  #lastKey = ''
  readonly #place = createPlace(() => this.#scroller as HTMLElement)
  /**
   * Scroll position of the end when the log last scrolled there: content that grows later is not the agent's scrolling.
   */
  #endTop = 0
  #resize = new ResizeObserver(() => this.#followEnd())
  readonly #actions: BubbleActions = {
    edit: (message) => void this.dispatchEvent(new MessageEditEvent(message)),
    remove: (message) => void this.dispatchEvent(new MessageDeleteEvent(message)),
    retry: (clientId) => void this.dispatchEvent(new MessageRetryEvent(clientId)),
    discard: (clientId) => void this.dispatchEvent(new MessageDiscardEvent(clientId)),
  }

  constructor() {
    super()
    this.items = []
    this.agent = null
    this.app = '' as AppId
    this.visitorName = ''
    this.hasOlder = false
    this.loadingOlder = false
    this.typing = null
    this.window = latestWindow(0)
    this.hasNew = false
    this.news = ''
    this.announced = []
  }

  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('visibilitychange', this.#followEnd)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('visibilitychange', this.#followEnd)
    this.#resize.disconnect()
  }

  async scrollToEnd(): Promise<void> {
    this.#atEnd = true
    this.hasNew = false
    this.window = latestWindow(this.items.length)
    await this.updateComplete
    this.#followEnd()
  }

  get #scroller(): HTMLElement | null {
    return this.renderRoot?.querySelector<HTMLElement>('.scroller') ?? null
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('items')) this.#follow((changed.get('items') ?? []) as readonly AgentTimelineItem[])
    if (!this.#atEnd && this.#scroller !== null) this.#place.remember()
  }

  /** Moves the window with the items. */
  #follow(before: readonly AgentTimelineItem[]): void {
    this.#noticeRuns()
    this.#announce(before)
    const { items } = this
    const [oldFirst, last] = [before[0], items.at(-1)]
    const added = oldFirst === undefined ? -1 : indexOf(items, itemKey(oldFirst))
    const lastKey = last === undefined ? '' : itemKey(last)
    const isNew = lastKey !== this.#lastKey
    this.#lastKey = lastKey
    // Nothing in common with the items before: the first page. What the agent does is shown.
    if (added === -1 || (isNew && (last?.kind === 'pending' || isRunning(last)))) this.#atEnd = true
    if (isNew) this.hasNew = !this.#atEnd
    if (!this.#atEnd) this.window = this.#readOn(before.length, added)
    else this.window = added === 0 ? followedWindow(this.window, items.length) : latestWindow(items.length)
  }

  /** The window of an agent who reads further up. What comes in below is added, as long as it is not much. */
  #readOn(lengthBefore: number, added: number): HistoryWindow {
    const { length } = this.items
    const shifted = shiftedWindow(this.window, added, length)
    // Some of a page of older ones are shown at once: at the top, nobody could scroll to them.
    const { start, end } = added > 0 ? olderWindow(shifted, length) : shifted
    // A server that was restored from a backup has fewer.
    if (start >= end) return latestWindow(length)
    const isWhole = this.window.end >= lengthBefore && length - start <= MOST_ROWS
    return { start, end: isWhole ? length : end }
  }

  /** Tells screen readers what others wrote below; a history that is looked through is not read out. */
  #announce(before: readonly AgentTimelineItem[]): void {
    const known = before.at(-1)
    if (known === undefined) return
    const key = itemKey(known)
    const arrived: string[] = []
    for (let index = this.items.length - 1; index >= 0 && arrived.length < MOST_ANNOUNCED; index -= 1) {
      const item = this.items[index]
      if (item === undefined || itemKey(item) === key) break
      if (item.kind !== 'stored' || isRevision(item.message) || isOwn(item.message.author, this.agent))
        continue
      const { author } = item.message
      arrived.unshift(
        isNote(item.message) ? describe(item.message) : `${this.#name(author)}: ${describe(item.message)}`,
      )
    }
    if (arrived.length > 0) this.announced = arrived
  }

  /** Announces the progress of actions, except those that were there when the conversation was opened. */
  #noticeRuns(): void {
    const before = this.#told
    const runs = this.items.flatMap((item) => (item.kind === 'run' ? [item.run] : []))
    this.#told = new Map(runs.map((run) => [run.runId, runWords(run).label]))
    const changed = runs.findLast(({ runId }) => before?.get(runId) !== this.#told?.get(runId))
    if (before !== null && changed !== undefined) this.news = newsOf(changed)
  }

  protected override updated(): void {
    const scroller = this.#scroller
    if (scroller === null) {
      return
    }
    this.#resize.observe(scroller)
    const content = scroller.firstElementChild
    if (content !== null) {
      this.#resize.observe(content)
    }
    if (!this.#atEnd) this.#place.restore()
    this.#followEnd()
  }

  /** Scrolls to the end if the agent was there, and reports it. */
  #followEnd = (): void => {
    const scroller = this.#scroller
    if (scroller === null || !this.#atEnd) {
      return
    }
    scroller.scrollTop = scroller.scrollHeight
    this.#endTop = scroller.scrollTop
    if (this.items.length > 0 && document.visibilityState === 'visible') {
      this.dispatchEvent(new MessagesSeenEvent())
    }
  }

  #scroll = (): void => {
    const scroller = this.#scroller
    if (scroller === null) {
      return
    }
    const wasAtEnd = this.#atEnd
    const isLast = this.window.end >= this.items.length
    const nearEnd = isLast && distanceToEnd(scroller) < END_SLACK_PX
    this.#atEnd = nearEnd || (wasAtEnd && scroller.scrollTop >= this.#endTop - 1)
    if (this.#atEnd && !wasAtEnd) {
      this.hasNew = false
      this.#followEnd()
    }
    if (!this.#atEnd) this.#bringMore(scroller)
  }

  /** Shows further messages near an end of those in the document. */
  #bringMore(scroller: HTMLElement): void {
    if (this.window.start > 0 || scroller.scrollTop >= EDGE_PX)
      this.window = this.#place.movedWindow(this.window, this.items.length)
    else if (this.hasOlder && !this.loadingOlder) this.dispatchEvent(new LoadOlderEvent())
  }

  #keydown = (event: KeyboardEvent): void => {
    if (event.key !== 'End' || event.target !== this.#scroller || this.window.end >= this.items.length) return
    event.preventDefault()
    void this.scrollToEnd()
  }

  override render() {
    const own: MessageAuthor = {
      kind: 'agent',
      ...(this.agent === null ? {} : { id: this.agent.id, name: this.agent.name }),
    }
    return html`
      <div
        class="scroller"
        role="log"
        aria-live="off"
        aria-label=${words().log.label}
        aria-busy=${this.loadingOlder ? 'true' : 'false'}
        tabindex="0"
        @scroll=${this.#scroll}
        @keydown=${this.#keydown}
      >
        <div>${this.hasOlder && this.window.start === 0 ? this.#olderButton() : nothing}
        ${repeat(
          logRows(this.items, this.window, own),
          (row) => row.key,
          (row) => this.#row(row),
        )}
        ${this.items.length === 0 ? html`<p class="note">${words().log.empty}</p>` : nothing}</div>
      </div>
      ${
        this.hasNew
          ? html`<button type="button" class="new" @click=${() => void this.scrollToEnd()}>
              ${icons.down}${words().log.new}
            </button>`
          : nothing
      }
      <p class="visually-hidden" role="status">${this.news}</p>
      <div class="visually-hidden" aria-live="polite">${this.announced.map((line) => html`<p>${line}</p>`)}</div>
      <p class="typing">
        ${
          this.typing === null
            ? nothing
            : html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span
                >${typingLine(this.#name(this.typing))}`
        }
      </p>
    `
  }

  #olderButton() {
    return html`<button
      type="button"
      class="button quiet older"
      aria-disabled=${this.loadingOlder ? 'true' : 'false'}
      @click=${() => this.dispatchEvent(new LoadOlderEvent())}
    >
      ${this.loadingOlder ? words().loading : words().log.older}
    </button>`
  }

  #row(row: LogRow) {
    const { author, first, key, day } = row
    const kind = author === null ? '' : `by ${author.kind}`
    return html`<div class=${`row ${kind} ${first ? 'first' : ''}`} data-key=${key}>
      ${day === null ? nothing : html`<p class="day"><span>${dayLabel(day, new Date())}</span></p>`}
      ${this.#content(row)}
    </div>`
  }

  #content({ item, author, first, last }: LogRow) {
    // Not announced itself, as its answer may be long: a line of its own says how it went.
    if (item.kind === 'run') return html`<action-card aria-live="off" .run=${item.run}></action-card>`
    if (author === null)
      return html`<p class="note" dir="auto">${item.kind === 'stored' ? describe(item.message) : nothing}</p>`
    return html`${
      first
        ? html`<p class="author">
            ${author.kind === 'bot' ? icons.bot : nothing}<bdi>${this.#name(author)}</bdi>
          </p>`
        : nothing
    }
    ${messageBubble({
      item,
      footer: last,
      isOwn: mayAnswer(this.agent) && isOwn(author, this.agent),
      app: this.app,
      answers: answersIn(this.items),
      ...this.#actions,
    })}`
  }

  #name(author: MessageAuthor): string {
    if (author.kind === 'visitor') {
      return author.name === undefined ? this.visitorName : authorName(author, this.agent)
    }
    return isOwn(author, this.agent) ? words().author.you : authorName(author, this.agent)
  }
}

/** The name keeps its own direction, in a sentence of any language. */
function typingLine(name: string) {
  const [before, after] = words().log.typing('\n').split('\n')
  return html`${before}<bdi>${name}</bdi>${after}`
}

/** From the beginning, where it is found at once unless older ones were added. */
const indexOf = (items: readonly AgentTimelineItem[], key: string) =>
  items.findIndex((item) => itemKey(item) === key)

function isRunning(item: AgentTimelineItem | undefined): boolean {
  return item?.kind === 'run' && item.run.state.status === 'running'
}

function newsOf(run: AgentActionRun): string {
  const { label, about } = runWords(run)
  const state = about === null ? label : `${label}. ${about}`
  return words().run.news(run.name, state)
}
