/** `<chat-widget-message-list>`: the conversation, with 60 to 80 rows in the document at a time. */

import type { LoginRequest, TimelineState } from '@chat-widget/client'
import { watchSize } from '@chat-widget/client/browser'
import {
  distanceToEnd,
  EDGE_PX,
  followedWindow,
  type HistoryWindow,
  latestWindow,
  type Place,
  shiftedWindow,
} from '@chat-widget/client/history'
import type { TypingAuthor } from '@chat-widget/protocol'
import type { PropertyValues } from 'lit'
import type { RowContext } from '../kinds/row-context.ts'
import { onDemand } from '../on-demand.ts'
import { ask } from '../panel-request.ts'
import { arrivals, keyOf, type Row, rowsOf } from '../timeline-rows.ts'
import { messageListStyles } from './chat-message-list.styles.ts'
import { type KeyedChild, keepChildren, make, place, put } from './dom.ts'
import { icon, talkIcon } from './icons.ts'
import { createRow, drawRow, rich, spokenText } from './message-row.ts'
import { PanelElement } from './panel-element.ts'

/** Loaded with a long history, or when the visitor scrolls back. */
const lookingBack = onDemand(() => import('./looking-back.ts'))

/** Loaded when the messages keep the visitor waiting. */
const waiting = onDemand(() => import('./waiting.ts'))

/** Time in which messages come that nobody had to wait for. Milliseconds. */
const WAIT_MS = 300

/** Time in which a screen reader takes an announcement up. Milliseconds. */
const SPOKEN_MS = 5_000
/** Announcements that stand at a time, the newest ones. */
const MOST_SPOKEN = 20

/**
 * @csspart messages - The scrolling area.
 * @csspart empty - What is there without a message.
 * @csspart message - A row: a message with its author, time and state.
 * @csspart bubble - A message's text.
 */
export class ChatMessageList extends PanelElement {
  static override css = messageListStyles
  static override defaults = {
    timeline: { items: [], hasOlder: false, status: 'loading' },
    logins: [],
    typing: null,
    loadingOlder: false,
    window: latestWindow(0),
    following: true,
    unseen: false,
  } satisfies Partial<ChatMessageList>

  declare timeline: TimelineState
  declare logins: readonly LoginRequest[]
  /** The author who is typing on the other side. */
  declare typing: TypingAuthor | null
  declare loadingOlder: boolean
  declare window: HistoryWindow
  /** True if the newest message is in view, and is to stay in view. */
  declare following: boolean
  declare unseen: boolean
  /** Scroll position of the last `toEnd`. */
  #endTop = 0

  readonly #rows = make('div', { className: 'rows' })
  readonly #content = make('div', { className: 'content' }, this.#rows)
  readonly #scroller = make(
    'div',
    {
      className: 'scroller',
      part: 'messages',
      role: 'log',
      'aria-live': 'off',
      tabIndex: 0,
      onscroll: () => this.#scrolled(),
    },
    this.#content,
  )
  readonly #announcements = make('div', { className: 'sr', 'aria-live': 'polite' })
  #silence: ReturnType<typeof setTimeout> | undefined
  #place: Place | undefined
  /** The content that each row's element shows, in the present language and on the present day. */
  #drawn = new WeakMap<HTMLElement, Row>()
  #drawnToday = ''
  /** The item before which older ones were requested without the visitor scrolling. */
  #askedBefore: string | null = null
  #unwatchSize: (() => void) | undefined
  /** The time from which on the visitor has waited; 0: not waiting. */
  #waitsFrom = 0

  /** Focuses the form that stands in the composer's place, or the messages. */
  override focus(options?: FocusOptions): void {
    const form = this.renderRoot.querySelector<HTMLElement>('chat-widget-form')
    ;(form ?? this.#scroller).focus(options)
  }

  /** Scrolls to the newest message. */
  scrollToLatest(): void {
    this.window = latestWindow(this.timeline.items.length)
    this.following = true
    this.unseen = false
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#unwatchSize?.()
    this.#unwatchSize = undefined
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('timeline')
    if (before !== undefined) this.#follow(before)
    if (!this.following || this.window.start > 0 || this.timeline.hasOlder) this.#lookingBack()
    if (!this.following) this.#place?.remember()
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#drawRows(changed)
    if (this.following) this.#toEnd()
    else this.#place?.restore()
    this.#fill()
    this.#observeSize()
  }

  protected override draw(): void {
    const { words, timeline } = this
    const scroller = this.#scroller
    put(scroller, { 'aria-label': words.strings.messages })
    const isLoading = timeline.status === 'loading'
    if (!isLoading) this.#waitsFrom = 0
    else if (this.#waitsFrom === 0) {
      this.#waitsFrom = Date.now()
      setTimeout(() => this.requestUpdate(), WAIT_MS + 9)
    }
    const isEmpty = timeline.items.length === 0 && !isLoading
    const below = this.#below()
    const content = keepChildren(this.#content, [
      this.loadingOlder && this.#lookingBack()?.loadingOlder(words),
      isEmpty && this.#empty(),
      isLoading &&
        Date.now() - this.#waitsFrom > WAIT_MS &&
        this.need(waiting)?.waitingSign(this, this.#waitsFrom),
      ['rows', () => this.#rows],
      below && place('below'),
    ])
    below?.(content.get('below') as HTMLElement)
    keepChildren(this.renderRoot, [
      ['scroller', () => scroller],
      !this.following && this.#lookingBack()?.wayToLatest(this),
      ['announcements', () => this.#announcements],
    ])
  }

  #drawRows(changed: PropertyValues<this>): void {
    const today = new Date().toDateString()
    if (changed.has('words') || this.#drawnToday !== today) this.#drawn = new WeakMap()
    this.#drawnToday = today
    const context = this.#context()
    const rows = rowsOf(this.timeline.items, this.window.start, this.window.end)
    const elements = keepChildren(
      this.#rows,
      rows.map(({ key }) => [key, () => createRow(key)]),
    )
    for (const row of rows) {
      const element = elements.get(row.key) as HTMLElement
      if (this.#drawn.get(element) === row) continue
      if (drawRow(row, element, context)) this.#drawn.set(element, row)
      else this.#drawn.delete(element)
    }
  }

  #context(): RowContext {
    const { words, logins } = this
    return {
      list: this,
      words,
      logins,
      items: this.timeline.items,
      ask: (request) => ask(this, request),
      need: (part) => this.need(part),
    }
  }

  /** Draws quick replies, of a message that has loaded this part, and the author who is typing. */
  #below() {
    const { typing, timeline, window } = this
    const part = typing ? this.need(rich) : rich.part
    const isAtEnd = window.end >= timeline.items.length
    return part && ((box: HTMLElement) => part.drawBelow(box, this.#context(), typing, isAtEnd))
  }

  #empty(): KeyedChild {
    const { emptyTitle, emptyText } = this.words.strings
    return [
      emptyTitle + emptyText,
      () =>
        make(
          'div',
          { className: 'empty', part: 'empty' },
          icon(talkIcon),
          make('strong', {}, emptyTitle),
          emptyText,
        ),
    ]
  }

  #lookingBack() {
    const part = lookingBack(
      () => this.requestUpdate(),
      () => {
        // Only with more history than is shown does anything that was asked for stay away.
        if (this.window.start > 0 || this.timeline.hasOlder) ask(this, { type: 'report-load-failed' })
      },
    )
    if (part !== undefined && this.#place === undefined) {
      this.#place = part.createPlace(() => this.#scroller)
      // The visitor may have scrolled already.
      void this.updateComplete.then(() => {
        if (!this.following) this.#bringMore()
      })
    }
    return part
  }

  /** Moves the window with the changes of the timeline. */
  #follow(before: TimelineState): void {
    const { items } = this.timeline
    const arrived = arrivals(before, this.timeline)
    const [oldFirst, oldNewest, newest] = [before.items[0], before.items.at(-1), items.at(-1)]
    const added = oldFirst === undefined ? -1 : items.findIndex((item) => keyOf(item) === keyOf(oldFirst))
    const wroteSomething =
      newest?.kind === 'pending' && (oldNewest === undefined || keyOf(newest) !== keyOf(oldNewest))
    // Nothing in common with the items before: another conversation, or the first page.
    if (added === -1) this.#announcements.replaceChildren()
    for (const item of arrived) this.announce(spokenText(item, this.words.strings))
    if (this.following && added === 0) this.window = followedWindow(this.window, items.length)
    else if (this.following || added === -1 || wroteSomething) this.scrollToLatest()
    else {
      this.window = shiftedWindow(this.window, added, items.length)
      this.unseen ||= arrived.some(({ kind }) => kind === 'stored')
    }
  }

  announce(text: string): void {
    // Of two equal texts, an event's row and its announcement, Orca takes the second one for a duplicate.
    const line = make('p', {}, `${text}\xa0`)
    const lines = this.#announcements
    lines.append(line)
    if (lines.childElementCount > MOST_SPOKEN) lines.firstChild?.remove()
    // Removes all together: each removal is a frame of its own. A line that was removed with the next message, which may
    // come at once, would not be read.
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => lines.replaceChildren(), SPOKEN_MS)
  }

  #scrolled(): void {
    const scroller = this.#scroller
    const isAtEnd = distanceToEnd(scroller) < 48
    // Content that grew below is not the visitor's scrolling. If it had shrunk in the same frame, no resize is told.
    if (!isAtEnd && this.following && scroller.scrollTop >= this.#endTop - 1) {
      this.#toEnd()
      return
    }
    this.following = isAtEnd && this.window.end >= this.timeline.items.length
    this.unseen &&= !this.following
    this.#bringMore()
  }

  /** Loads further history near an end of the rows in the document. */
  #bringMore(): void {
    // Without it, the read messages would jump.
    if (!this.following && this.#place === undefined) return
    if (this.window.start === 0 && this.#scroller.scrollTop < EDGE_PX) this.#askForOlder()
    else if (!this.following)
      this.window = this.#place?.movedWindow(this.window, this.timeline.items.length) ?? this.window
  }

  #askForOlder(): void {
    if (this.timeline.hasOlder && !this.loadingOlder) ask(this, { type: 'load-older' })
  }

  /** Requests older messages, once, if the rows do not fill the area: nobody could scroll. */
  #fill(): void {
    const { clientHeight, scrollHeight } = this.#scroller
    const first = this.timeline.items[0]
    if (first === undefined || clientHeight === 0 || scrollHeight > clientHeight) return
    if (this.#askedBefore === keyOf(first)) return
    this.#askedBefore = keyOf(first)
    this.#askForOlder()
  }

  #toEnd(): void {
    const scroller = this.#scroller
    scroller.scrollTop = scroller.scrollHeight
    this.#endTop = scroller.scrollTop
  }

  #observeSize(): void {
    const scroller = this.#scroller
    // A card whose code arrives late grows.
    this.#unwatchSize ??= watchSize([scroller, ...scroller.children], () => {
      if (this.following) this.#toEnd()
    })
  }
}

PanelElement.define('chat-widget-message-list', ChatMessageList)
