/**
 * The visitor's other conversations: the header's way to their list and back, and what stands in the composer's place when
 * the shown one is closed.
 */
import type { ChatState } from '@chat-widget/client'
import type { ConversationId, OwnConversation } from '@chat-widget/protocol'
import { english } from '../../locales/parts/conversations.ts'
import { addStyles } from '../add-styles.ts'
import { type KeyedChild, put } from '../elements/dom.ts'
import type { PanelElement } from '../elements/panel-element.ts'
import type { PanelView } from '../elements/panel-view.ts'
import { litPart } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import type { OnDemand } from '../on-demand.ts'
import { ask } from '../panel-request.ts'
import type { ChatClosed } from './chat-closed.ts'
import type { ChatHome } from './chat-home.ts'
import { toolsStyles } from './tools.styles.ts'

const homePart = litPart(() => import('./chat-home.ts'))
const closedPart = litPart(() => import('./chat-closed.ts'))

interface PanelState {
  /** True if the list was to be shown the last time. */
  isWanted: boolean
  /** Once it was shown: it keeps its place. */
  home: ChatHome | null
  /** Of the shown conversation, if it is closed. */
  closed: ChatClosed | null
  /** The closed conversation in which the visitor writes all the same. */
  reopening: ConversationId | null
}

const states = new WeakMap<PanelElement, PanelState>()

function stateOf(panel: PanelElement): PanelState {
  const known = states.get(panel)
  if (known !== undefined) return known
  const state = { isWanted: false, home: null, closed: null, reopening: null }
  states.set(panel, state)
  panel.addEventListener('chat-arrived', focusConversation)
  panel.renderRoot.addEventListener('chat-reopen', reopen)
  return state
}

/** A closure inside `arranged` would keep what the panel showed when it was made ([ID13]). */
function focusConversation({ currentTarget }: Event): void {
  // After the list has given way to the conversation.
  setTimeout(() => (currentTarget as HTMLElement).focus())
}

function reopen({ currentTarget }: Event): void {
  const panel = (currentTarget as ShadowRoot).host as PanelElement
  const own = stateOf(panel)
  own.reopening = own.closed?.conversation?.id ?? null
  panel.requestUpdate()
  setTimeout(() => panel.focus())
}

const isOpen = ({ status }: OwnConversation) => status === 'open'

/** Returns the panel's content with what belongs to the visitor's conversations. */
export function arranged(panel: PanelElement, view: PanelView): PanelView {
  const own = stateOf(panel)
  const { state } = view
  const isFatal = view.problem?.fatal === true
  addStyles(panel.renderRoot, toolsStyles)
  const isHome = drawHome(panel, own, view, !isFatal && view.isHome === true)
  const current = state.conversations.find(({ id }) => id === state.conversation?.id)
  const isWriting = drawClosed(panel, own, view, current)
  const { words } = panel
  const { closed, home } = own
  const foot: readonly KeyedChild[] = [closed && ['closed', () => closed], home && ['home', () => home]]
  return {
    ...view,
    isHome,
    ...(isHome && { title: words.strings.conversations, line: null }),
    isAsking: view.isAsking === true || !isWriting,
    foot,
    ...(!isFatal && wayOf(panel, state, isHome, state.unread - (current?.unread ?? 0))),
  }
}

/** Returns a part that was loaded; without it the conversation stays as it is. */
const need = <Part>(panel: PanelElement, part: OnDemand<Part>): Part | undefined =>
  part(
    () => panel.requestUpdate(),
    () => ask(panel, { type: 'report-load-failed' }),
  )

/** Returns true if the list is shown. */
function drawHome(panel: PanelElement, own: PanelState, view: PanelView, isWanted: boolean): boolean {
  // The next request for it does not wait.
  if (isWanted && !own.isWanted) homePart.retry()
  own.isWanted = isWanted
  const shown = isWanted && need(panel, homePart) !== undefined
  if (shown) own.home ??= document.createElement('chat-widget-home')
  panel.toggleAttribute('home', shown)
  if (own.home === null) return false
  own.home.style.insetBlockStart = `${panel.renderRoot.querySelector<HTMLElement>('.header')?.offsetHeight ?? 64}px`
  own.home.toggleAttribute('data-first', shown)
  put(own.home, { words: panel.words, state: view.state, draft: view.draft, shown })
  return shown
}

/** Draws what a closed conversation shows before or in place of the composer. Returns true if there is a composer. */
function drawClosed(
  panel: PanelElement,
  own: PanelState,
  { state, draft }: PanelView,
  current: OwnConversation | undefined,
): boolean {
  const isClosed = current !== undefined && !isOpen(current)
  // Until its file is there, and without it, the composer stays.
  if (!isClosed || need(panel, closedPart) === undefined) {
    own.closed = own.reopening = null
    return true
  }
  if (own.reopening !== current.id) own.reopening = null
  const openElsewhere = state.app?.openConversations === 'one' ? state.conversations.find(isOpen) : undefined
  const isWriting = openElsewhere === undefined && (own.reopening === current.id || draft !== '')
  own.closed ??= document.createElement('chat-widget-closed')
  own.closed.toggleAttribute('data-first', !isWriting)
  put(own.closed, {
    words: panel.words,
    conversation: current,
    rated: ratingIn(state),
    isWriting,
    openElsewhere: openElsewhere?.id ?? null,
  })
  return isWriting
}

/** The visitor's rating; 0: none. */
function ratingIn({ timeline }: ChatState): number {
  for (const item of timeline.items)
    if (item.kind === 'stored' && item.message.kind === 'event' && item.message.event.type === 'rated')
      return item.message.event.rating
  return 0
}

/** The button's name: to the list, with the number of messages unread elsewhere, and back. */
function wayOf(panel: PanelElement, state: ChatState, isHome: boolean, unread: number): Partial<PanelView> {
  const { strings, formats } = panel.words
  const count = isHome ? 0 : Math.max(unread, 0)
  const text = count === 0 ? '' : `${formats.number(Math.min(count, 99))}${count > 99 ? '+' : ''}`
  // Behind the arrow; the button's content is the panel's.
  panel.style.setProperty('--_elsewhere', text === '' ? 'none' : JSON.stringify(text))
  if (isHome) return { wayName: partStrings(english, panel.words).backToConversation }
  if (count > 0) return { wayName: `${strings.conversations}, ${strings.unread(count)}` }
  return state.conversations.length > 0 ? { wayName: strings.conversations } : {}
}
