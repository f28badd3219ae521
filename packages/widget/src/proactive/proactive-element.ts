/** `<chat-widget-proactive>`: a sentence beside the launcher, shown by rule and at most once to a visitor. */
import { lower, matchMedium, raise } from '@chat-widget/client/browser'
import { directionOf } from '@chat-widget/protocol'
import type { ChatWidgetElement } from '../chat-widget-element.ts'
import { proactiveClose } from '../locales/proactive.ts'
import { ensureStyles } from '../shell/ensure-styles.ts'
import { localeFor } from '../shell/locale.ts'
import { readHint } from '../shell/session-hint.ts'
import { proactiveStyles } from './proactive.styles.ts'
import { readRules, watchRules } from './rules.ts'
import { rememberSeen, wasSeen } from './seen.ts'

/** Distance from the launcher. */
const GAP_PX = 12

/** Absent on a server, where the module is imported and no element is made. */
const Base = globalThis.HTMLElement ?? Object

const findChat = () => document.querySelector('chat-widget') as ChatWidgetElement | null

/**
 * @attr message - The sentence. Text, not HTML.
 * @attr name - Of this message: it is shown to a visitor once. Default: the sentence.
 * @attr after - Seconds on the page.
 * @attr scroll - Percent of the page that was scrolled.
 * @attr address - Path and query of the page, or its URL, with `*` for anything.
 *
 * @csspart proactive - The bubble.
 */
export class ChatWidgetProactiveElement extends Base {
  readonly #root = this.attachShadow({ mode: 'open' })
  readonly #bubble = document.createElement('div')
  readonly #text = document.createElement('button')
  readonly #close = document.createElement('button')
  #unwatch = () => {}
  #isShown = false

  constructor() {
    super()
    this.#bubble.className = 'bubble'
    this.#bubble.setAttribute('part', 'proactive')
    this.#bubble.setAttribute('role', 'status')
    this.#text.className = 'text'
    this.#close.className = 'close'
    this.#close.textContent = '×'
    for (const button of [this.#text, this.#close]) button.type = 'button'
    this.#bubble.append(this.#text, this.#close)
    this.#root.append(this.#bubble)
    this.#bubble.hidden = true
    this.#close.addEventListener('click', () => this.hide())
    this.#text.addEventListener('click', () => {
      this.hide()
      findChat()?.show()
    })
    this.#bubble.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.hide()
    })
  }

  connectedCallback(): void {
    ensureStyles(this.#root, 0, proactiveStyles)
    const rules = readRules(this)
    const ending = new AbortController()
    const unwatch = rules === null ? () => {} : watchRules(rules, () => this.show())
    document.addEventListener('widget-open', () => this.hide(), ending)
    addEventListener('resize', () => this.#place(), ending)
    this.#unwatch = () => {
      unwatch()
      ending.abort()
    }
  }

  disconnectedCallback(): void {
    this.#unwatch()
    this.#isShown = false
  }

  /**
   * Shows the message now, unless the visitor was shown it before, has a conversation, or has opened the chat. Returns
   * true if it is shown.
   */
  show(): boolean {
    const chat = findChat()
    const text = this.getAttribute('message')?.trim()
    // The chat's script may come later: a rule that holds is looked at again.
    if (this.#isShown || !text || chat?.storage === undefined) return this.#isShown
    const name = this.getAttribute('name') ?? text
    // A hint that is not empty says that there are messages.
    if (chat.open || chat.getState().unread > 0 || readHint(chat) || wasSeen(chat, name)) {
      this.#unwatch()
      return false
    }
    rememberSeen(chat, name)
    this.#isShown = true
    const locale = localeFor(chat)
    const [language = ''] = locale.split('-')
    this.#close.ariaLabel = proactiveClose[language] ?? proactiveClose.en ?? ''
    const isDark = matchMedium('(prefers-color-scheme: dark)').matches
    const dark = chat.theme === 'dark' || (chat.theme === 'auto' && isDark)
    this.#bubble.toggleAttribute('data-dark', dark)
    this.#bubble.dir = directionOf(locale)
    const looks = getComputedStyle(chat)
    const chosen = (name: string) => looks.getPropertyValue(`--chat-${name}`)
    const surface = (dark && chosen('surface-dark')) || chosen('surface') || (dark ? '#22252c' : '#fff')
    this.#bubble.style.setProperty('--_surface', surface)
    this.#bubble.style.setProperty('--_font', chosen('font') || "system-ui, 'Noto Sans', Arial, sans-serif")
    this.#bubble.hidden = false
    raise(this.#bubble)
    this.#place()
    // A live region says what comes once it is there.
    requestAnimationFrame(() => {
      this.#text.textContent = text
      this.#place()
    })
    return true
  }

  /** Takes the message away, for good. */
  hide(): void {
    this.#unwatch()
    this.#isShown = false
    lower(this.#bubble)
    this.#bubble.hidden = true
  }

  /** Above the launcher, at its side of the window. */
  #place(): void {
    const chat = findChat()
    if (!this.#isShown || chat === null) return
    // The element's own box is on the side of the page's direction, the launcher's on that of its language.
    const launcher = chat.shadowRoot?.querySelector('.launcher-frame') ?? chat
    const { top, left, right } = launcher.getBoundingClientRect()
    const isAtEnd = left + right > innerWidth
    const { style } = this.#bubble
    style.bottom = `${innerHeight - top + GAP_PX}px`
    style.right = isAtEnd ? `${innerWidth - right}px` : 'auto'
    style.left = isAtEnd ? 'auto' : `${left}px`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'chat-widget-proactive': ChatWidgetProactiveElement
  }
}
