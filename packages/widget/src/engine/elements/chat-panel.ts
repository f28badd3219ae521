/** `<chat-widget-panel>`: header, banner, messages and composer. */
import type { ChatState } from '@chat-widget/client'
import { html, nothing } from 'lit/html.js'
import { onDemand } from '../on-demand.ts'
import './chat-banner.ts'
import './chat-composer.ts'
import type { ChatComposer } from './chat-composer.ts'
import './chat-message-list.ts'
import { ask } from '../panel-request.ts'
import type { ChatMessageList } from './chat-message-list.ts'
import { panelStyles } from './chat-panel.styles.ts'
import { iconButton } from './icon-button.ts'
import { closeIcon, composeIcon, menuIcon } from './icons.ts'
import { PanelElement } from './panel-element.ts'

/** Loaded when there is another conversation. */
const wayBack = onDemand(() => import('./way-back.ts'))

/** Loaded when the visitor opens it, or has chosen something in it before. */
const panelMenu = onDemand(() => import('../menu/panel-menu.ts'))

/** Loaded for an app that says how it looks and who is there. */
const whoIsThere = onDemand(() => import('../who/who.ts'))

/** Content of the panel. */
export interface PanelView {
  readonly state: ChatState
  /** A sentence for the visitor; a `fatal` one replaces the conversation. */
  readonly problem: { readonly text: string; readonly fatal: boolean } | null
  readonly draft: string
  readonly loadingOlder: boolean
  readonly memoryOnly: boolean
  readonly closable: boolean
  /** True if the visitor has chosen something in the header's menu. */
  readonly hasChosen: boolean
  /** The sheet of a login inside the chat. */
  readonly signIn: HTMLElement | null
  /** Below the name. */
  readonly line?: unknown
  /** True while a form has to be answered before a message. */
  readonly isAsking?: boolean
}

/**
 * @csspart header - The bar at the top.
 * @csspart title - The app's name in it.
 * @csspart close - The button that closes the panel.
 *
 * @slot header-logo - The mark before the name.
 */
export class ChatPanel extends PanelElement {
  static override css = panelStyles
  static override defaults = { view: null } satisfies Partial<ChatPanel>

  declare view: PanelView | null

  /** Focuses the composer, or the close button if there is none. */
  override focus(options?: FocusOptions): void {
    const composer = this.renderRoot.querySelector<ChatComposer>('chat-widget-composer')
    const target = composer ?? this.renderRoot.querySelector<HTMLElement>('.header > button:last-of-type')
    target?.focus(options)
  }

  scrollToLatest(): void {
    this.renderRoot.querySelector<ChatMessageList>('chat-widget-message-list')?.scrollToLatest()
  }

  protected override render() {
    const { view } = this
    if (view === null) return nothing
    const shown = (view.state.app?.appearance && this.need(whoIsThere)?.arranged(this, view)) ?? view
    return html`${this.#header(view, shown.line)}${
      view.problem?.fatal ? this.#problem(view.problem.text) : this.#conversation(shown)
    }`
  }

  #header({ state, problem, closable, hasChosen }: PanelView, line: unknown) {
    const { strings } = this.words
    const name = state.app?.name ?? strings.title
    const canStartOver = state.conversation !== null && state.timeline.items.length > 0 && !problem?.fatal
    return html`<div class="header" part="header">
      ${this.#wayBack(state)}
      <slot name="header-logo"></slot>
      <h2 part="title"><bdi>${name}</bdi>${line}</h2>
      ${canStartOver ? iconButton(this, strings.newConversation, composeIcon, { type: 'new-conversation' }) : nothing}
      ${(hasChosen ? this.need(panelMenu) : panelMenu.part)?.menuOf(this) ?? this.#menuButton()}
      ${closable ? iconButton(this, strings.close, closeIcon, { type: 'close' }) : nothing}
    </div>`
  }

  #menuButton() {
    const { menu } = this.words.strings
    const open = (): void => panelMenu(open, () => ask(this, { type: 'report-load-failed' }))?.showMenu(this)
    return html`<button type="button" class="icon-button" part="menu-button" aria-label=${menu} title=${menu} aria-haspopup="menu" aria-expanded="false" @click=${open}>
      ${menuIcon}
    </button>`
  }

  #wayBack({ conversation, conversations, timeline }: ChatState) {
    const others = conversations.filter(({ id }) => id !== conversation?.id)
    // Most visitors have one conversation.
    if (others.length === 0) return nothing
    return this.need(wayBack)?.wayBack(this, others, timeline.items.length === 0) ?? nothing
  }

  #problem(text: string) {
    return html`<div class="problem" role="alert">
      <strong>${this.words.strings.problemTitle}</strong><span>${text}</span>
    </div>`
  }

  #conversation({ state, problem, draft, loadingOlder, memoryOnly, signIn, isAsking }: PanelView) {
    return html`<chat-widget-banner
        .words=${this.words}
        .connection=${state.connection}
        .identity=${state.identity}
        .login=${state.logins.findLast(({ messageId }) => messageId === null) ?? null}
        .problem=${problem?.text ?? null}
        .memoryOnly=${memoryOnly}
        .guestAllowed=${state.app?.login.continueAsGuest ?? false}
      ></chat-widget-banner>
      <chat-widget-message-list
        .words=${this.words}
        .timeline=${state.timeline}
        .logins=${state.logins}
        .typing=${state.typing}
        .loadingOlder=${loadingOlder}
      ></chat-widget-message-list>
      ${signIn}
      ${
        isAsking
          ? nothing
          : html`<chat-widget-composer .words=${this.words} .draft=${draft}></chat-widget-composer>`
      }`
  }
}

PanelElement.define('chat-widget-panel', ChatPanel)
