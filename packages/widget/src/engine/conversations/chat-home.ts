/** `<chat-widget-home>`: the visitor's conversations, newest first. */
import type { ChatClientApi, ChatState } from '@chat-widget/client'
import { dateFormat } from '@chat-widget/client/browser'
import {
  type ConversationList,
  createConversationList,
  type ListedConversation,
} from '@chat-widget/client/conversations'
import { type ConversationId, type Message, type MessageAuthor, plainName } from '@chat-widget/protocol'
import type { PropertyValues } from 'lit'
import { english } from '../../locales/parts/home.ts'
import { authorName } from '../elements/author-name.ts'
import { buttonStyles } from '../elements/button.styles.ts'
import { keepChildren } from '../elements/dom.ts'
import { iconTemplate } from '../elements/icon-template.ts'
import { talkIcon } from '../elements/icons.ts'
import { spokenText } from '../elements/message-row.ts'
import { PanelElement } from '../elements/panel-element.ts'
import { TemplateElement } from '../elements/template-element.ts'
import { html, nothing, render } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import { ask } from '../panel-request.ts'
import { homeStyles } from './chat-home.styles.ts'
import { goTo } from './use-client.ts'

const DAY_MS = 86_400_000

/**
 * @csspart conversation - A conversation in the list.
 */
export class ChatHome extends TemplateElement {
  static override css = buttonStyles + homeStyles
  static override defaults = {
    state: null,
    draft: '',
    shown: false,
    problem: false,
    loading: false,
  } satisfies Partial<ChatHome>

  declare state: ChatState | null
  /** Of the shown conversation: a change of it is one of the list. */
  declare draft: string
  declare shown: boolean
  /** True after something that could not be done. */
  declare problem: boolean
  declare loading: boolean
  #client: ChatClientApi | null = null
  #list: ConversationList | null = null
  /** Last messages that were shown, to announce what is new. */
  #announced = new Map<ConversationId, string>()
  #announcement = ''

  override focus(options?: FocusOptions): void {
    const find = (selector: string) => this.renderRoot.querySelector<HTMLElement>(selector)
    const target = find('[aria-current]') ?? find('li button') ?? find('.start')
    target?.focus(options)
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('shown')) this.problem = false
    ask(this, {
      type: 'read',
      use: (client) => {
        if (client === this.#client) return
        this.#client = client
        this.#list = createConversationList(client, () => this.requestUpdate())
      },
    })
    this.#announce()
  }

  protected override updated(): void {
    const place = this.renderRoot.querySelector<HTMLElement>('ul')
    if (place === null) return
    const focused = this.renderRoot.activeElement
    const rows = this.#list?.conversations ?? []
    const items = keepChildren(
      place,
      rows.map(({ id }) => [id, () => document.createElement('li')]),
    )
    for (const row of rows) render(this.#row(row), items.get(row.id) as HTMLElement)
    // One that moves in the document loses it.
    if (focused instanceof HTMLElement && place.contains(focused) && !focused.matches(':focus'))
      focused.focus()
  }

  protected override render(): unknown {
    const { state, words } = this
    if (state === null) return nothing
    const strings = partStrings(english, words)
    const isConnected = state.connection.status === 'connected'
    const count = this.#list?.conversations.length ?? 0
    const isAlone =
      state.app?.openConversations === 'one' && state.conversations.some(({ status }) => status === 'open')
    return html`<div class="scroller" tabindex="-1">
        ${isConnected || count === 0 ? nothing : html`<p class="note">${strings.listOld}</p>`}
        ${count > 0 ? nothing : html`<p class="none">${iconTemplate(talkIcon)}${isConnected ? strings.noConversations : strings.listUnknown}</p>`}
        <ul role="list"></ul>
        ${
          this.#list?.hasMore
            ? html`<button
                type="button"
                class="button quiet more"
                ?disabled=${this.loading || !isConnected}
                @click=${this.#loadMore}
              >
                ${strings.olderConversations}
              </button>`
            : nothing
        }
      </div>
      <div class="foot">
        <p class="bad" role="status">${this.problem ? strings.listFailed : nothing}</p>
        ${
          isAlone
            ? nothing
            : html`<button type="button" class="button start" ?disabled=${!isConnected} @click=${() => this.#go((client) => client.newConversation())}>
                ${words.strings.newConversation}
              </button>`
        }
      </div>
      <p class="sr" aria-live="polite">${this.shown ? this.#announcement : ''}</p>`
  }

  #row(conversation: ListedConversation) {
    const { id, status, unread, lastMessage, draft, unsent } = conversation
    const { words } = this
    const strings = partStrings(english, words)
    const isCurrent = id === this.state?.conversation?.id
    const { name, picture } = this.#face(conversation, isCurrent)
    const text =
      draft === '' || unread > 0
        ? this.#said(lastMessage, name)
        : html`<em dir="auto">${strings.draft(draft)}</em>`
    return html`<button
      type="button"
      part="conversation"
      class=${unread > 0 ? 'row news' : 'row'}
      aria-current=${isCurrent ? 'true' : nothing}
      @click=${() => this.#open(id)}
    >
      <span class="face" aria-hidden="true"
        >${Array.from(name)[0]}${picture}</span
      >
      <span class="what">
        <span class="top"><b dir="auto">${name}</b><time datetime=${lastMessage.createdAt}>${this.#when(lastMessage)}</time></span>
        <span class="text">${text}</span>
        ${unsent === 0 ? nothing : html`<span class="state bad">${strings.unsent(unsent)}</span>`}
        ${status === 'open' ? nothing : html`<span class="state">${strings.closed}</span>`}
      </span>
      ${
        unread === 0
          ? nothing
          : html`<span class="count" aria-hidden="true">${words.formats.number(Math.min(unread, 99))}${unread > 99 ? '+' : ''}</span
              ><span class="sr">${strings.unread(unread)}</span>`
      }
    </button>`
  }

  /** Its author stands apart, unless it is the one `named` beside it: text of another direction is cut off at its own end. */
  #said(message: Message, named: string) {
    const { words } = this
    const text = isRating(message) ? partStrings(english, words).rated : shortText(message, words.strings)
    const by = `${authorName(message.author, words.strings)}:`
    if (!text.startsWith(by)) return html`<span dir="auto">${text}</span>`
    return html`${by === `${named}:` ? nothing : html`<span class="by">${by}</span>`}<span dir="auto"
        >${text.slice(by.length)}</span
      >`
  }

  /** The other side: the agent who wrote last, or the app, by the bot's name where the bot wrote last. */
  #face({ agent, lastMessage: { author } }: ListedConversation, isCurrent: boolean) {
    const { app } = this.state ?? {}
    const { strings } = this.words
    const last = author.kind === 'agent' ? author : agent
    const shown = (isCurrent ? this.#agent() : undefined) ?? last
    if (shown !== undefined)
      return { name: authorName(shown, strings), picture: pictureOf(shown.avatar, 'portrait') }
    const name = author.kind === 'bot' ? authorName(author, strings) : plainName(app?.name ?? strings.agent)
    return { name, picture: pictureOf(app?.appearance?.logo, 'logo') }
  }

  /** The agent who wrote last in the shown conversation. */
  #agent(): MessageAuthor | undefined {
    const last = this.state?.timeline.items.findLast(
      (item) => item.kind === 'stored' && item.message.author.kind === 'agent',
    )
    return last?.kind === 'stored' ? last.message.author : undefined
  }

  /** The time of today, the weekday of the last days, or the date. */
  #when({ createdAt }: Message): string {
    const { locale, strings } = this.words
    const date = new Date(createdAt)
    const midnight = new Date().setHours(0, 0, 0, 0)
    if (date.getTime() >= midnight) return dateFormat(locale, { hour: 'numeric', minute: '2-digit' })(date)
    if (date.getTime() >= midnight - DAY_MS) return strings.yesterday
    if (date.getTime() >= midnight - 6 * DAY_MS) return dateFormat(locale, { weekday: 'long' })(date)
    const isThisYear = date.getFullYear() === new Date().getFullYear()
    return dateFormat(locale, {
      day: 'numeric',
      month: 'short',
      ...(!isThisYear && { year: 'numeric' }),
    })(date)
  }

  /** Messages since the list was drawn last, in any conversation. */
  #announce(): void {
    const rows = this.#list?.conversations ?? []
    const news = rows.find(
      ({ id, lastMessage }) =>
        this.#announced.size > 0 &&
        this.#announced.get(id) !== lastMessage.id &&
        lastMessage.author.kind !== 'visitor',
    )
    if (news !== undefined) this.#announcement = shortText(news.lastMessage, this.words.strings)
    // [ID13] Nothing stays of a visitor who has signed out.
    else if (rows.length === 0) this.#announcement = ''
    this.#announced = new Map(rows.map(({ id, lastMessage }) => [id, lastMessage.id]))
  }

  #open(id: ConversationId): void {
    if (id === this.state?.conversation?.id) void this.#go(async () => {})
    else void this.#go((client) => client.showConversation(id))
  }

  async #go(work: (client: ChatClientApi) => Promise<unknown>): Promise<void> {
    this.problem = false
    await goTo(this, work).catch(() => {
      this.problem = true
    })
  }

  #loadMore = async (): Promise<void> => {
    this.problem = false
    this.loading = true
    await this.#list?.loadMore().catch(() => {
      this.problem = true
    })
    this.loading = false
  }
}

/** Over the letter, which stays where the picture cannot be loaded. */
const pictureOf = (url: string | undefined, look: 'portrait' | 'logo') =>
  url === undefined
    ? nothing
    : html`<img
    alt=""
    class=${look}
    referrerpolicy="no-referrer"
    src=${url}
    @load=${(event: Event) => (event.currentTarget as HTMLElement).toggleAttribute('hidden', false)}
    @error=${(event: Event) => (event.currentTarget as HTMLElement).toggleAttribute('hidden', true)}
  />`

const isRating = (message: Message) => message.kind === 'event' && message.event.type === 'rated'

const MOST = 160

/** In one line, as the message list says it: with its author. */
function shortText(message: Message, strings: Parameters<typeof spokenText>[1]): string {
  const spoken = spokenText({ kind: 'stored', message, delivery: null }, strings)
  return spoken.slice(0, MOST).replaceAll(/\s+/g, ' ')
}

PanelElement.define('chat-widget-home', ChatHome)

declare global {
  interface HTMLElementTagNameMap {
    'chat-widget-home': ChatHome
  }
}
