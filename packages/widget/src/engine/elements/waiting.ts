/** The place of a conversation's messages while they are being loaded, or could not be. Loaded when that takes a while. */
import type { ChatClientApi } from '@chat-widget/client'
import { english } from '../../locales/parts/waiting.ts'
import { addStyles } from '../add-styles.ts'
import { partStrings, type Words } from '../load-strings.ts'
import { ask } from '../panel-request.ts'
import { type KeyedChild, make } from './dom.ts'
import { waitingStyles } from './waiting.styles.ts'

interface WaitingList extends HTMLElement {
  readonly renderRoot: ShadowRoot
  readonly words: Words
  /** Says a sentence to screen readers, once. */
  announce(text: string): void
  requestUpdate(): void
}

interface Wait {
  /** Its beginning, which no other one of the list has. */
  readonly from: number
  status: 'asking' | 'loading' | 'failed'
}

/** The wait of each list. */
const waits = new WeakMap<WaitingList, Wait>()

/** Call it for as long as the messages have not come; `from`: since when. */
export function waitingSign(list: WaitingList, from: number): KeyedChild {
  addStyles(list.renderRoot, waitingStyles)
  const strings = partStrings(english, list.words)
  const { retry } = list.words.strings
  const wait = waitOf(list, from)
  if (wait.status === 'asking') load(list, wait)
  if (wait.status === 'loading')
    return [
      'waiting',
      () =>
        make('div', { className: 'waiting', 'aria-hidden': 'true' }, ...[1, 2, 3].map(() => make('i', {}))),
    ]
  const again = () => {
    list.announce(strings.loadingConversation)
    load(list, wait)
    list.requestUpdate()
    // The button goes away.
    list.focus({ preventScroll: true })
  }
  return [
    strings.conversationNotLoaded + retry,
    () =>
      make(
        'div',
        { className: 'not-loaded' },
        make('span', {}, strings.conversationNotLoaded),
        make('button', { className: 'link', type: 'button', onclick: again }, retry),
      ),
  ]
}

function waitOf(list: WaitingList, from: number): Wait {
  const known = waits.get(list)
  if (known?.from === from) return known
  const wait: Wait = { from, status: 'asking' }
  waits.set(list, wait)
  list.announce(partStrings(english, list.words).loadingConversation)
  return wait
}

/** Joins the request that is under way, or makes another one: without an answer, the client waits for the next news. */
function load(list: WaitingList, wait: Wait): void {
  wait.status = 'loading'
  const join = async (client: ChatClientApi) => {
    const { timeline } = client.parts.conversations.current
    const id = timeline.conversation
    if (id !== null) await timeline.head(id, 0)
    const isStill = id !== null && timeline.view.status === 'loading' && timeline.conversation === id
    // Without a connection the banner says so. The next news ask again.
    if (!isStill || client.getState().connection.status !== 'connected') {
      wait.status = 'asking'
      return
    }
    wait.status = 'failed'
    list.announce(partStrings(english, list.words).conversationNotLoaded)
    list.requestUpdate()
  }
  ask(list, { type: 'read', use: (client) => void join(client) })
}
