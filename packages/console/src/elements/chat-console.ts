/** The whole console: sign-in, list and conversation, connected to one `AgentClient` and to the URL. */
import type { Agent, AgentClientApi, AgentSession, AgentState } from '@chat-widget/client/agent'
import { ChatError, type ConversationId } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { mayManage } from '../format/agent-rights.ts'
import { errorText } from '../format/error-text.ts'
import { badgeText } from '../format/unread.ts'
import { icons } from '../icons.ts'
import {
  conversationOfHash,
  hashOfConversation,
  hashOfPage,
  type Page,
  pageOfHash,
} from '../routing/hash-route.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import type { AccountPage } from './account-page.ts'
import { chatConsoleStyles } from './chat-console.styles.ts'
import type {
  ActionRunEvent,
  ConversationHandEvent,
  ConversationSelectEvent,
  DraftChangeEvent,
  FilterChangeEvent,
  IdentityTraceShowEvent,
  MessageDiscardEvent,
  MessageRemoveEvent,
  MessageRetryEvent,
  MessageReviseEvent,
  MessageSendEvent,
  ReplyInsertEvent,
  RunDismissEvent,
} from './console-events.ts'
import type { ConversationListElement } from './conversation-list.ts'
import type { ConversationView } from './conversation-view.ts'
import { pageLinks, pageOf } from './pages.ts'
import type { SecurityLog } from './security-log.ts'
import { SignInController } from './sign-in-controller.ts'
import type { TeamPage } from './team-page.ts'
import type { WebhooksPage } from './webhooks-page.ts'
import { WordsElement } from './words-element.ts'

export class ChatConsole extends WordsElement {
  static override properties = {
    client: { attribute: false },
    state: { state: true },
    loadingOlder: { state: true },
    problem: { state: true },
    page: { state: true },
  }

  static override styles = [base, chatConsoleStyles]

  /** Set once, before the element is connected or after. */
  declare client: AgentClientApi | null
  declare protected state: AgentState | null
  declare protected loadingOlder: boolean
  /** Error of the agent's last action, as a sentence. */
  declare protected problem: string | null
  /** The page beside the inbox that the URL names. */
  declare protected page: Page | null
  readonly #signIn = new SignInController(this)
  #unsubscribe: () => void = () => {}
  /** The conversation that the URL names. */
  #route: ConversationId | null = null
  #focusOnOpen: 'composer' | 'heading' | null = null
  /** True once the session's connection was there: a page that opens before it asks when it is. */
  #wasConnected = false

  constructor() {
    super()
    this.client = null
    this.state = null
    this.loadingOlder = false
    this.problem = null
    this.page = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('hashchange', this.#followAddress)
    window.addEventListener('focus', this.#focused)
    this.#subscribe()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('hashchange', this.#followAddress)
    window.removeEventListener('focus', this.#focused)
    this.#unsubscribe()
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('client')) {
      this.#subscribe()
    }
  }

  protected override updated(): void {
    document.title = pageTitle(this.state)
    if (this.#focusOnOpen !== null && this.state?.conversation?.status === 'open') {
      const target = this.#focusOnOpen
      this.#focusOnOpen = null
      void this.#view?.updateComplete.then(() =>
        target === 'composer' ? this.#view?.focusComposer() : this.#view?.focusHeading(),
      )
    }
  }

  #subscribe(): void {
    this.#unsubscribe()
    const { client } = this
    if (client === null) {
      return
    }
    this.#unsubscribe = client.on('change', (state) => this.#take(state))
    this.#take(client.getState())
  }

  #take(state: AgentState): void {
    const before = this.state?.session.status
    this.state = state
    this.#wasConnected =
      state.session.status === 'signed-in' && (this.#wasConnected || state.connection.status === 'connected')
    if (state.session.status === 'signed-in' && before !== 'signed-in') {
      this.#signIn.end()
      if (state.session.agent.hasTemporaryPassword === true) location.hash = hashOfPage('account')
      this.#followAddress()
    }
    if (state.session.status === 'signed-out' && before !== 'signed-out') void this.#signIn.begin()
    if (state.session.status === 'signed-out' && before === 'signed-in') {
      this.#route = null
      this.page = null
    }
  }

  #focused = (): void => {
    if (this.state?.session.status === 'signed-out') this.#signIn.lookAgain()
  }

  #followAddress = (): void => {
    if (this.client === null || this.state?.session.status !== 'signed-in') {
      return
    }
    const previous = this.#route
    const id = conversationOfHash(location.hash)
    this.#route = id
    this.problem = null
    this.loadingOlder = false
    if (id !== null) {
      this.page = null
      this.client.open(id)
      return
    }
    this.client.leave()
    void this.#showPage(pageOfHash(location.hash))
    if (previous !== null) {
      void this.updateComplete.then(() => this.#list?.focusRow(previous))
    }
  }

  async #showPage(page: Page | null): Promise<void> {
    if (page !== null) {
      try {
        await import('../define-team.ts')
      } catch {
        this.problem = errorText('load-failed')
        return
      }
      // The agent went on meanwhile.
      if (pageOfHash(location.hash) !== page) return
    }
    this.page = page
    await this.updateComplete
    const shown = this.renderRoot.querySelector<TeamPage | SecurityLog | WebhooksPage | AccountPage>(
      'team-page, security-log, webhooks-page, account-page',
    )
    await shown?.updateComplete
    shown?.focusHeading()
  }

  get #list(): ConversationListElement | null {
    return this.renderRoot.querySelector<ConversationListElement>('conversation-list')
  }

  get #view(): ConversationView | null {
    return this.renderRoot.querySelector<ConversationView>('conversation-view')
  }

  override render() {
    const session: AgentSession = this.state?.session ?? { status: 'restoring' }
    switch (session.status) {
      case 'restoring':
        return html`<p class="splash" role="status">
          ${session.problem === undefined ? words().loading : words().restoring(errorText(session.problem))}
        </p>`
      case 'signed-out':
        return this.#signIn.render(session)
      case 'signed-in':
        return this.state === null ? nothing : this.#inbox(this.state, session.agent)
      default:
        session satisfies never
        return nothing
    }
  }

  #inbox(state: AgentState, agent: Agent) {
    const { conversation } = state
    const connected = this.#wasConnected ? this.client : null
    const app =
      conversation?.status === 'open'
        ? state.apps.find(({ id }) => id === conversation.summary.app)
        : undefined
    return html`
      <connection-banner .connection=${state.connection}></connection-banner>
      <div role="alert">${this.problem === null ? nothing : html`<p class="problem">${this.problem}</p>`}</div>
      <main class=${conversation === null && this.page === null ? 'inbox' : 'inbox reading'}>
        <h1 class="visually-hidden">${words().inbox}</h1>
        <nav aria-label=${words().inbox}>
          <div class="top">
            <span class="title" aria-hidden="true">${words().inbox}</span>
            <a class="agent" href=${hashOfPage('account')} title=${`${words().account.title}: ${agent.email}`}
              ><bdi>${agent.name}</bdi></a
            >
            <button type="button" class="button quiet" @click=${this.#signOut}>
              ${icons.signOut}<span>${words().signOut}</span>
            </button>
          </div>
          <conversation-list
            .list=${state.list}
            .apps=${state.apps}
            .agent=${agent}
            .selected=${conversation?.id ?? null}
            @conversation-select=${this.#select}
            @filter-change=${(event: FilterChangeEvent) => this.client?.setFilter(event.detail)}
            @load-more=${() => void this.client?.loadMore()}
          ></conversation-list>
          ${mayManage(agent) ? pageLinks(this.page) : nothing}
          <language-choice></language-choice>
        </nav>
        ${this.page === null ? nothing : html`<section>${pageOf(this.page, { state, agent, team: connected?.team ?? null, webhooks: connected?.webhooks ?? null })}</section>`}
        <section aria-label=${words().conversation} ?hidden=${this.page !== null}>
          <conversation-view
            .conversation=${conversation}
            .agent=${agent}
            .appName=${state.apps.length > 1 ? (app?.name ?? null) : null}
            .actions=${app?.actions ?? []}
            .files=${app?.files ?? null}
            .draft=${conversation === null ? '' : (this.client?.draft(conversation.id) ?? '')}
            .loadingOlder=${this.loadingOlder}
            .identityTrace=${state.identityTrace}
            .templates=${this.client?.templates ?? null}
            @conversation-leave=${() => this.#go(null)}
            .hasBot=${app?.hasBot ?? false}
            @conversation-close=${this.#closeConversation}
            @conversation-hand=${this.#handConversation}
            @message-send=${(event: MessageSendEvent) => void this.client?.send(event.detail)}
            @message-retry=${(event: MessageRetryEvent) => this.client?.retry(event.detail.clientId)}
            @message-discard=${(event: MessageDiscardEvent) => this.client?.discard(event.detail.clientId)}
            @message-revise=${this.#revise}
            @message-remove=${this.#remove}
            @action-run=${this.#runAction}
            @run-dismiss=${(event: RunDismissEvent) => this.client?.dismissRun(event.detail.runId)}
            @reply-insert=${this.#insertReply}
            @messages-seen=${() => this.client?.markRead()}
            @load-older=${this.#loadOlder}
            @identity-trace-show=${(event: IdentityTraceShowEvent) => this.client?.showIdentityTrace(event.detail.shown)}
            @draft-change=${this.#keepDraft}
            @keydown=${this.#keydown}
          ></conversation-view>
        </section>
      </main>
    `
  }

  #go(id: ConversationId | null): void {
    location.hash = hashOfConversation(id)
  }

  #select = ({ detail }: ConversationSelectEvent): void => {
    // On a phone, focusing the composer would raise the keyboard over the messages.
    this.#focusOnOpen = matchMedia('(pointer: coarse)').matches ? 'heading' : 'composer'
    if (this.#route === detail.id) {
      this.requestUpdate()
    } else {
      this.#go(detail.id)
    }
  }

  #signOut = async (): Promise<void> => {
    const unsent = (await this.client?.unsentReplies()) ?? 0
    if (unsent > 0 && !confirm(words().unsent(unsent))) return
    await this.#attempt(async () => {
      await this.client?.signOut()
      history.replaceState(null, '', hashOfConversation(null))
    })
  }

  #closeConversation = async (): Promise<void> => {
    await this.#attempt(async () => await this.client?.closeConversation())
  }

  #handConversation = async ({ detail }: ConversationHandEvent): Promise<void> => {
    await this.#attempt(async () => await this.client?.handConversation(detail))
  }

  #revise = async ({ detail }: MessageReviseEvent): Promise<void> => {
    await this.#attempt(async () => await this.client?.edit(detail.seq, detail.body))
  }

  #remove = async ({ detail }: MessageRemoveEvent): Promise<void> => {
    await this.#attempt(async () => await this.client?.remove(detail.seq))
  }

  #loadOlder = async (): Promise<void> => {
    if (this.loadingOlder) {
      return
    }
    this.loadingOlder = true
    await this.#attempt(async () => await this.client?.loadOlder())
    this.loadingOlder = false
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    this.problem = null
    try {
      await work()
    } catch (error) {
      this.problem = errorText(error instanceof ChatError ? error.code : 'internal')
    }
  }

  #runAction = ({ detail }: ActionRunEvent): void => {
    const id = this.state?.conversation?.id
    if (id !== undefined) {
      this.client?.runAction(id, detail.name, detail.params)
    }
  }

  #insertReply = ({ detail }: ReplyInsertEvent): void => {
    const id = this.state?.conversation?.id
    if (id !== undefined) {
      const before = this.client?.draft(id).trimEnd() ?? ''
      this.client?.setDraft(id, before === '' ? detail.text : `${before}\n${detail.text}`)
      this.requestUpdate()
      void this.updateComplete.then(() => this.#view?.focusComposer())
    }
  }

  #keepDraft = ({ detail }: DraftChangeEvent): void => {
    const id = this.state?.conversation?.id
    if (id !== undefined) {
      this.client?.setDraft(id, detail.text)
      this.client?.setTyping(detail.text.trim() !== '')
    }
  }

  #keydown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented) {
      this.#list?.focusRow(this.state?.conversation?.id ?? null)
    }
  }
}

function pageTitle(state: AgentState | null): string {
  if (state?.session.status !== 'signed-in') {
    return words().inbox
  }
  const { unread } = state
  return unread === 0 ? words().inbox : `(${badgeText(unread)}) ${words().inbox}`
}
