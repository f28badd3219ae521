/** The messages of one conversation, scrolled to the end unless the agent scrolled up. */
import type { Agent, AgentActionRun, AgentTimelineItem } from '@chat-widget/client/agent'
import type { AppId, MessageAuthor } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { runWords } from '../format/action-words.ts'
import { authorName, isOwn } from '../format/describe-message.ts'
import { itemKey, type LogEntry, logEntries } from '../format/log-entries.ts'
import { dayLabel } from '../format/time.ts'
import { icons } from '../icons.ts'
import { answersIn } from '../kinds/answers.ts'
import { describe } from '../kinds/index.ts'
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
import { type BubbleActions, messageBubble } from './message-bubble.ts'
import { messageKindsStyles } from './message-kinds.styles.ts'
import { messageLogStyles } from './message-log.styles.ts'
import { WordsElement } from './words-element.ts'

/** Within this distance the log counts as scrolled to the end. */
const END_SLACK_PX = 48

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
    hasNew: { state: true },
    news: { state: true },
  }

  static override styles = [base, messageLogStyles, messageKindsStyles]

  declare items: readonly AgentTimelineItem[]
  declare agent: Agent | null
  /** The conversation's app. */
  declare app: AppId
  declare visitorName: string
  declare hasOlder: boolean
  declare loadingOlder: boolean
  declare typing: MessageAuthor | null
  /** True if a message arrived below the visible ones. */
  declare protected hasNew: boolean
  /** Outcome of an action, for screen readers. */
  declare protected news: string
  /** The last announcement for each action. */
  #told: ReadonlyMap<string, string> | null = null
  #atEnd = true
  #firstKey = ''
  #lastKey = ''
  #heightBefore = 0
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
    this.hasNew = false
    this.news = ''
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

  scrollToEnd(): void {
    const scroller = this.#scroller
    this.#atEnd = true
    this.hasNew = false
    scroller?.scrollTo({ top: scroller.scrollHeight })
  }

  get #scroller(): HTMLElement | null {
    return this.renderRoot?.querySelector<HTMLElement>('.scroller') ?? null
  }

  protected override willUpdate(): void {
    this.#heightBefore = this.#scroller?.scrollHeight ?? 0
    this.#noticeRuns()
    const last = this.items.at(-1)
    const lastKey = last === undefined ? '' : itemKey(last)
    if (lastKey === this.#lastKey) {
      return
    }
    this.#lastKey = lastKey
    if (last?.kind === 'pending' || isRunning(last)) {
      this.#atEnd = true
    }
    this.hasNew = !this.#atEnd
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
    const first = this.items[0]
    const firstKey = first === undefined ? '' : itemKey(first)
    const prepended = this.#firstKey !== '' && firstKey !== this.#firstKey
    this.#firstKey = firstKey
    if (prepended && !this.#atEnd) {
      scroller.scrollTop += scroller.scrollHeight - this.#heightBefore
    }
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

  #scroll = (event: Event): void => {
    if (!(event.target instanceof HTMLElement)) {
      return
    }
    const { scrollHeight, scrollTop, clientHeight } = event.target
    const wasAtEnd = this.#atEnd
    const nearEnd = scrollHeight - scrollTop - clientHeight < END_SLACK_PX
    this.#atEnd = nearEnd || (wasAtEnd && scrollTop >= this.#endTop - 1)
    if (this.#atEnd && !wasAtEnd) {
      this.hasNew = false
      this.#followEnd()
    }
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
        aria-label=${words().log.label}
        aria-busy=${this.loadingOlder ? 'true' : 'false'}
        tabindex="0"
        @scroll=${this.#scroll}
      >
        <div>${this.hasOlder ? this.#olderButton() : nothing}
        ${repeat(
          logEntries(this.items, own),
          (entry) => entry.key,
          (entry) => this.#entry(entry),
        )}
        ${this.items.length === 0 ? html`<p class="note">${words().log.empty}</p>` : nothing}</div>
      </div>
      ${
        this.hasNew
          ? html`<button type="button" class="new" @click=${() => this.scrollToEnd()}>
              ${icons.down}${words().log.new}
            </button>`
          : nothing
      }
      <p class="visually-hidden" role="status">${this.news}</p>
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

  #entry(entry: LogEntry) {
    switch (entry.kind) {
      case 'day':
        return html`<p class="day"><span>${dayLabel(entry.at, new Date())}</span></p>`
      case 'run':
        // Not announced itself, as its answer may be long: a line of its own says how it went.
        return html`<action-card aria-live="off" .run=${entry.run}></action-card>`
      case 'note':
        return html`<p class="note" dir="auto">${describe(entry.message)}</p>`
      case 'group':
        return html`<div class=${`group ${entry.author.kind}`}>
          <p class="author">
            ${entry.author.kind === 'bot' ? icons.bot : nothing}<bdi>${this.#name(entry.author)}</bdi>
          </p>
          ${repeat(entry.items, itemKey, (item, index) =>
            messageBubble({
              item,
              footer: index === entry.items.length - 1,
              isOwn: this.agent?.role === 'agent' && isOwn(entry.author, this.agent),
              app: this.app,
              answers: answersIn(this.items),
              ...this.#actions,
            }),
          )}
        </div>`
      default:
        entry satisfies never
        return nothing
    }
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

function isRunning(item: AgentTimelineItem | undefined): boolean {
  return item?.kind === 'run' && item.run.state.status === 'running'
}

function newsOf(run: AgentActionRun): string {
  const { label, about } = runWords(run)
  const state = about === null ? label : `${label}. ${about}`
  return words().run.news(run.name, state)
}
