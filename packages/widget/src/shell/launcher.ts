/** The round button that opens and closes the panel, built without HTML strings. */
import type { LauncherWords } from '../words/launcher-words.ts'

const SVG = 'http://www.w3.org/2000/svg'

export interface Launcher {
  readonly frame: HTMLElement
  setUnread(count: number): void
  setExpanded(expanded: boolean): void
  setBusy(busy: boolean): void
  setWords(words: LauncherWords): void
  /** Shows beside the launcher that the chat could not be loaded. */
  setLoadFailed(failed: boolean): void
  /** Announces a sentence to screen readers, without showing it. */
  announce(text: string): void
  focus(): void
}

export interface LauncherActions {
  toggle(): void
  /** Called when the visitor is about to open the panel: a good moment to fetch the engine. */
  anticipate(): void
}

type Attributes = Readonly<Record<string, string>>

function fill<Made extends Element>(
  element: Made,
  attributes: Attributes,
  ...children: readonly Node[]
): Made {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

const make = (
  tag: 'div' | 'button' | 'span' | 'slot',
  attributes: Attributes,
  ...children: readonly Node[]
) => fill<HTMLElement>(document.createElement(tag), attributes, ...children)

const icon = (path: string) =>
  fill(
    document.createElementNS(SVG, 'svg'),
    { viewBox: '0 0 24 24' },
    fill(document.createElementNS(SVG, 'path'), { d: path }),
  )

export function createLauncher({ toggle, anticipate }: LauncherActions): Launcher {
  const badge = make('span', { class: 'badge', part: 'badge', 'aria-hidden': 'true' })
  const notice = make('div', { class: 'notice', part: 'notice', role: 'alert' })
  const news = make('div', { class: 'news', role: 'status' })
  const button = make(
    'button',
    { class: 'launcher', part: 'launcher', 'aria-haspopup': 'dialog' },
    make(
      'slot',
      { name: 'launcher-icon' },
      icon('M12 3.5a8.5 8.5 0 0 1 0 17c-1.5 0-2.9-.4-4.1-1.05L3.8 20.2l.9-3.9A8.5 8.5 0 0 1 12 3.5Z'),
    ),
    icon('M5.5 9l6.5 6.5L18.5 9'),
    badge,
  )
  const frame = make('div', { class: 'frame launcher-frame' }, button, notice, news)
  button.addEventListener('click', toggle)
  // Pages have hotkeys; these two keys press the button.
  for (const type of ['keydown', 'keypress', 'keyup'] as const)
    button.addEventListener(type, (event) => {
      if (event.key === 'Enter' || event.key === ' ') event.stopPropagation()
    })
  for (const type of ['pointerenter', 'focus']) button.addEventListener(type, anticipate)

  let words: LauncherWords = { open: '', loadFailed: '' }
  let unread = 0
  let expanded = false
  const relabel = () => {
    const { open, close = open, number = String } = words
    const label = expanded ? close : open
    button.setAttribute('aria-expanded', String(expanded))
    button.setAttribute('aria-label', label)
    badge.textContent = ''
    // Without, no format is made: the first one takes a browser as long as drawing the chat does.
    if (unread === 0) return
    button.setAttribute('aria-label', `${label}, ${words.unread?.(unread) ?? number(unread)}`)
    badge.textContent = unread > 99 ? `${number(99)}+` : number(unread)
  }

  return {
    frame,
    setUnread(count) {
      unread = count
      relabel()
    },
    setExpanded(value) {
      expanded = value
      relabel()
    },
    setBusy(busy) {
      button.setAttribute('aria-busy', String(busy))
    },
    setWords(next) {
      words = next
      relabel()
    },
    setLoadFailed(failed) {
      notice.textContent = failed ? words.loadFailed : ''
    },
    announce(text) {
      news.textContent = text
    },
    focus() {
      button.focus()
    },
  }
}
