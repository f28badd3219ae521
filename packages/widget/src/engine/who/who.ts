/**
 * Who is there: the app's colour and logo, its greeting and form, whether and how soon somebody answers, and who does.
 * Loaded for an app that has any of it.
 */
import type { ChatState } from '@chat-widget/client'
import { dateFormat } from '@chat-widget/client/browser'
import { type AppAppearance, type MessageAuthor, plainName } from '@chat-widget/protocol'
import { english } from '../../locales/parts/who.ts'
import { addStyles } from '../add-styles.ts'
import { type KeyedChild, make } from '../elements/dom.ts'
import { partStrings, type Words } from '../load-strings.ts'
import { showAccent } from './accent.ts'
import { showLogo } from './logo.ts'
import { openingOf } from './opening.ts'
import { whoStyles } from './who.styles.ts'

interface Panel extends HTMLElement {
  readonly words: Words
  readonly renderRoot: ShadowRoot
}

interface Arranged {
  /** Below the name. */
  readonly line: KeyedChild
  /** True while a form has to be answered before a message. */
  readonly isAsking?: boolean
}

/** Returns the panel's content with what is shown of the app, and gives the panel its colour and logo. */
export function arranged<View extends { readonly state: ChatState }>(
  panel: Panel,
  view: View,
): View & Arranged {
  const { state } = view
  const appearance = state.app?.appearance ?? {}
  const agent = agentIn(state)
  showAccent(panel, appearance.accent)
  showLogo(panel, agent?.avatar ?? appearance.logo, agent?.avatar !== undefined)
  const opening = openingOf(state)
  addStyles(panel.renderRoot, whoStyles)
  // [WH4] The form is what a visitor who opens the chat begins with.
  const list = panel.renderRoot.querySelector('chat-widget-message-list')
  list?.toggleAttribute('data-first', opening?.isAsking === true)
  // The element that had the focus goes away for it.
  if (opening?.isAsking && panel.renderRoot.activeElement?.localName === 'chat-widget-composer')
    queueMicrotask(() => panel.focus({ preventScroll: true }))
  return {
    ...view,
    ...(opening !== null && {
      isAsking: opening.isAsking,
      state: { ...state, timeline: { ...state.timeline, items: opening.items } },
    }),
    line: lineOf(panel, appearance, agent),
  }
}

/** The agent who wrote last. */
function agentIn({ timeline }: ChatState): MessageAuthor | undefined {
  const last = timeline.items.findLast(
    (item) => item.kind === 'stored' && item.message.author.kind === 'agent',
  )
  return last?.kind === 'stored' ? last.message.author : undefined
}

/** Below the name: who answers, and whether; how soon only until somebody has, as there is room for one of the two. */
function lineOf(panel: Panel, appearance: AppAppearance, agent: MessageAuthor | undefined): KeyedChild {
  const { words } = panel
  const { availability } = appearance
  const text = statusText(appearance, words, agent === undefined)
  const all = [agent?.name === undefined ? '' : plainName(agent.name), text].filter((one) => one !== '')
  if (all.length === 0) return null
  const status = availability?.status ?? ''
  return [
    [status, ...all].join(' '),
    () =>
      make(
        'span',
        { className: 'who' },
        ...(status === '' ? [] : [make('i', { className: status, 'aria-hidden': 'true' })]),
        make('span', {}, ...all.flatMap((one, index) => [index === 0 ? '' : ' · ', make('bdi', {}, one)])),
      ),
  ]
}

function statusText({ availability, replyTime }: AppAppearance, words: Words, tellsTime: boolean): string {
  const strings = partStrings(english, words)
  if (availability?.status === 'away') {
    const { opensAt } = availability
    return opensAt === undefined ? strings.whoAway : strings.whoBack(whenText(new Date(opensAt), words))
  }
  switch (tellsTime ? replyTime : undefined) {
    case undefined:
      return availability === undefined ? '' : strings.whoOnline
    case 'minutes':
      return strings.whoMinutes
    case 'hours':
      return strings.whoHours
    default:
      return strings.whoDay
  }
}

/** By the visitor's own clock. */
function whenText(date: Date, { locale }: Words): string {
  const time = { hour: 'numeric', minute: '2-digit' } as const
  const isToday = date.toDateString() === new Date().toDateString()
  // In one piece: the line may break before it.
  return dateFormat(locale, isToday ? time : { weekday: 'short', ...time })(date).replace(/\s/g, '\u00a0')
}
