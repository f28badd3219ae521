/** The round button that opens and closes the panel, built without HTML strings. */
import { ENGLISH_LAUNCHER, type LauncherLabels } from '../words/launcher-words.ts'

const SVG = 'http://www.w3.org/2000/svg'

export interface Launcher {
  readonly frame: HTMLElement
  setUnread(count: number): void
  setExpanded(expanded: boolean): void
  setBusy(busy: boolean): void
  setLabels(labels: LauncherLabels): void
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

  let labels = ENGLISH_LAUNCHER
  let unread = 0
  let expanded = false
  const relabel = () => {
    const label = expanded ? labels.close : labels.open
    button.setAttribute('aria-label', unread > 0 ? `${label}, ${labels.unread(unread)}` : label)
    button.setAttribute('aria-expanded', String(expanded))
    badge.textContent = unread > 99 ? '99+' : String(unread || '')
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
    setLabels(next) {
      labels = next
      relabel()
    },
    setLoadFailed(failed) {
      notice.textContent = failed ? labels.loadFailed : ''
    },
    announce(text) {
      news.textContent = text
    },
    focus() {
      button.focus()
    },
  }
}
