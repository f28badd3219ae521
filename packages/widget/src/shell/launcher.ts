/** The round button that opens and closes the panel, built without HTML strings. */
import type { LauncherLabels } from '../engine-contract.ts'
import { ENGLISH_LAUNCHER } from '../words/launcher-words.ts'

const SVG = 'http://www.w3.org/2000/svg'
const BADGE_LIMIT = 99

export interface Launcher {
  readonly frame: HTMLElement
  setUnread(count: number): void
  setExpanded(expanded: boolean): void
  setBusy(busy: boolean): void
  setLabels(labels: LauncherLabels): void
  /** Says beside the launcher that the chat could not be loaded. */
  setLoadFailed(failed: boolean): void
  /** Says a sentence to screen readers, and shows it to nobody. */
  announce(text: string): void
  focus(): void
}

export interface LauncherActions {
  toggle(): void
  /** The visitor is about to open: a good moment to fetch what opening needs. */
  anticipate(): void
}

function icon(className: string, path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', className)
  svg.setAttribute('aria-hidden', 'true')
  const shape = document.createElementNS(SVG, 'path')
  shape.setAttribute('d', path)
  svg.append(shape)
  return svg
}

function part<Name extends 'div' | 'button' | 'span'>(tag: Name, name: string): HTMLElementTagNameMap[Name] {
  const element = document.createElement(tag)
  element.className = name
  element.setAttribute('part', name)
  return element
}

export function createLauncher({ toggle, anticipate }: LauncherActions): Launcher {
  const frame = document.createElement('div')
  frame.className = 'frame launcher-frame'
  frame.setAttribute('popover', 'manual')
  const button = part('button', 'launcher')
  button.type = 'button'
  button.setAttribute('aria-haspopup', 'dialog')
  button.setAttribute('aria-expanded', 'false')
  const badge = part('span', 'badge')
  badge.hidden = true
  badge.setAttribute('aria-hidden', 'true')
  const notice = part('div', 'notice')
  notice.hidden = true
  notice.setAttribute('role', 'alert')
  button.append(
    icon('talk', 'M12 3.5a8.5 8.5 0 0 1 0 17c-1.5 0-2.9-.4-4.1-1.05L3.8 20.2l.9-3.900A8.5 8.5 0 0 1 12 3.5Z'),
    icon('down', 'M5.5 9l6.5 6.5L18.5 9'),
    badge,
  )
  const news = document.createElement('div')
  news.className = 'news'
  news.setAttribute('role', 'status')
  frame.append(button, notice, news)
  button.addEventListener('click', toggle)
  // Pages have hotkeys; these two press the button.
  for (const type of ['keydown', 'keypress', 'keyup'] as const)
    button.addEventListener(type, (event) => {
      if (event.key === 'Enter' || event.key === ' ') event.stopPropagation()
    })
  button.addEventListener('pointerenter', anticipate)
  button.addEventListener('focus', anticipate)

  let labels = ENGLISH_LAUNCHER
  let unread = 0
  let expanded = false
  const relabel = () => {
    const label = expanded ? labels.close : labels.open
    button.setAttribute('aria-label', unread > 0 ? `${label}, ${labels.unread(unread)}` : label)
    button.setAttribute('aria-expanded', String(expanded))
    badge.hidden = unread === 0
    badge.textContent = unread > BADGE_LIMIT ? `${BADGE_LIMIT}+` : String(unread)
  }
  relabel()

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
      notice.hidden = !failed
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
