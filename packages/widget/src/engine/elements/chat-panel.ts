/** `<chat-widget-panel>`: header, banner, messages and composer. */
import { carriedFiles } from '@chat-widget/client/files'
import { tools } from '../conversations/tools-part.ts'
import { litPart } from '../lit.ts'
import { onDemand } from '../on-demand.ts'
import './chat-banner.ts'
import type { ChatBanner } from './chat-banner.ts'
import './chat-composer.ts'
import type { ChatComposer } from './chat-composer.ts'
import './chat-message-list.ts'
import { ask } from '../panel-request.ts'
import type { ChatMessageList } from './chat-message-list.ts'
import { panelStyles } from './chat-panel.styles.ts'
import { type KeyedChild, keepChildren, make, place, put } from './dom.ts'
import { iconButton, nameButton } from './icon-button.ts'
import { backIcon, closeIcon, composeIcon, icon, menuIcon } from './icons.ts'
import { PanelElement } from './panel-element.ts'
import type { PanelView } from './panel-view.ts'

/** Loaded when the visitor opens it, or has chosen something in it before. */
const panelMenu = litPart(() => import('../menu/panel-menu.ts'))

/** Loaded for an app that says how it looks and who is there. */
const whoIsThere = onDemand(() => import('../who/who.ts'))

const element = (tag: string): KeyedChild => [tag, () => document.createElement(tag)]

/** Below the header. */
const partsOf = ({ signIn, foot = [], isAsking }: PanelView): readonly KeyedChild[] => [
  element('chat-widget-banner'),
  element('chat-widget-message-list'),
  signIn && ['sign-in', () => signIn],
  ...foot,
  !isAsking && element('chat-widget-composer'),
]

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
  constructor() {
    super()
    for (const name of ['paste', 'dragover', 'drop']) this.addEventListener(name, this.#brought)
  }

  /** Files that are pasted or dropped anywhere on the panel. */
  #brought = (event: Event): void => {
    const files = carriedFiles(event)
    if (files === null) return
    event.preventDefault()
    ask(this, { type: 'attach', by: event.type, files })
  }

  /** Focuses what a part has marked, the composer, or the close button if there is neither. */
  override focus(options?: FocusOptions): void {
    const find = (selector: string) => this.renderRoot.querySelector<HTMLElement>(selector)
    const target =
      find('[data-first]') ?? find('chat-widget-composer') ?? find('.header > button:last-of-type')
    target?.focus(options)
  }

  scrollToLatest(): void {
    this.renderRoot.querySelector<ChatMessageList>('chat-widget-message-list')?.scrollToLatest()
  }

  protected override draw(): void {
    const { view } = this
    if (view === null) return
    const { app, conversation, conversations } = view.state
    const withWho = (app?.appearance && this.need(whoIsThere)?.arranged(this, view)) ?? view
    // Most visitors have one conversation.
    const isNeeded =
      view.isHome || conversations.some(({ id, status }) => id !== conversation?.id || status === 'closed')
    const shown = (isNeeded ? this.need(tools) : tools.part)?.arranged(this, withWho) ?? withWho
    const text = view.problem?.fatal ? view.problem.text : null
    const parts = keepChildren(this.renderRoot, [
      ['header', () => make('div', { className: 'header', part: 'header' })],
      ...(text !== null ? [this.#problem(text)] : partsOf(shown)),
    ])
    this.#drawHeader(parts.get('header') as HTMLElement, view, shown)
    if (text === null) this.#tell(parts, shown)
  }

  #drawHeader(
    header: HTMLElement,
    { state, closable, hasChosen, canChoose }: PanelView,
    { wayName, title: shownTitle, line, isHome }: PanelView,
  ) {
    const { strings } = this.words
    const { app, conversation, timeline } = state
    const isThere = conversation !== null && timeline.items.length > 0
    const canStartOver = isThere && !isHome && app?.openConversations !== 'one'
    // Otherwise it would be empty.
    const hasMenu = canChoose || (isThere && !isHome)
    const menu = hasChosen ? this.need(panelMenu) : panelMenu.part
    const parts = keepChildren(header, [
      (isThere || wayName) && ['way', () => iconButton(this, { type: 'conversations' }, icon(backIcon))],
      ['logo', () => make('slot', { name: 'header-logo' })],
      ['title', () => make('h2', { part: 'title' })],
      canStartOver && ['new', () => iconButton(this, { type: 'new-conversation' }, icon(composeIcon))],
      hasMenu && (menu ? place('menu') : ['menu-button', () => this.#menuButton()]),
      closable && ['close', () => iconButton(this, { type: 'close' }, icon(closeIcon))],
    ])
    const names = {
      way: wayName ?? strings.conversations,
      new: strings.newConversation,
      'menu-button': strings.menu,
      close: strings.close,
    }
    for (const [key, name] of Object.entries(names)) {
      const button = parts.get(key)
      if (button) nameButton(button, name)
    }
    const title = keepChildren(parts.get('title') as HTMLElement, [['name', () => make('bdi', {})], line])
    put(title.get('name') as HTMLElement, { textContent: shownTitle ?? app?.name ?? strings.title })
    if (hasMenu) menu?.drawMenu(parts.get('menu') as HTMLElement, this)
  }

  #menuButton() {
    const open = (): void => panelMenu(open, () => ask(this, { type: 'report-load-failed' }))?.showMenu(this)
    return make(
      'button',
      {
        type: 'button',
        className: 'icon-button',
        part: 'menu-button',
        'aria-haspopup': 'menu',
        'aria-expanded': 'false',
        onclick: open,
      },
      icon(menuIcon),
    )
  }

  #problem(text: string): KeyedChild {
    const { problemTitle } = this.words.strings
    return [
      problemTitle + text,
      () =>
        make(
          'div',
          { className: 'problem', role: 'alert' },
          make('strong', {}, problemTitle),
          make('span', {}, text),
        ),
    ]
  }

  /** Hands the parts below the header what they show. */
  #tell(
    parts: ReadonlyMap<string, HTMLElement>,
    { state, problem, draft, loadingOlder, memoryOnly }: PanelView,
  ): void {
    const { words } = this
    put(parts.get('chat-widget-banner') as ChatBanner, {
      words,
      connection: state.connection,
      identity: state.identity,
      login: state.logins.findLast(({ messageId }) => messageId === null) ?? null,
      problem: problem?.text ?? null,
      memoryOnly,
      guestAllowed: state.app?.login.continueAsGuest ?? false,
    })
    put(parts.get('chat-widget-message-list') as ChatMessageList, {
      words,
      timeline: state.timeline,
      logins: state.logins,
      typing: state.typing,
      loadingOlder,
    })
    const composer = parts.get('chat-widget-composer')
    if (composer) put(composer as ChatComposer, { words, draft, files: state.app?.files })
  }
}

PanelElement.define('chat-widget-panel', ChatPanel)
