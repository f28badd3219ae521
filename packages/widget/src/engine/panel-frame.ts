/** The frame that holds the panel: in place (inline), beside the launcher, or over the whole screen of a phone. */
import type { WidgetMode } from '../public-types.ts'
import './elements/chat-panel.ts'
import type { ChatPanel } from './elements/chat-panel.ts'
import { watchKeyboard } from './on-screen-keyboard.ts'
import { panelFrameStyles } from './panel-frame.styles.ts'

export interface PanelFrame {
  readonly panel: ChatPanel
  /** The visible box; requests of the panel's elements arrive here. */
  readonly element: HTMLElement
  readonly visible: boolean
  setLabel(label: string): void
  show(options: { readonly focus: boolean }): Promise<void>
  /** Answers whether focus was inside. */
  hide(): boolean
  remove(): void
}

const PHONE = '(max-width: 480px)'
const CALM = '(prefers-reduced-motion: reduce)'
const HIDDEN = { opacity: 0, transform: 'translateY(10px) scale(.985)' }

function createPanel(root: ShadowRoot, element: HTMLElement): ChatPanel {
  const panel = document.createElement('chat-widget-panel') as ChatPanel
  panel.setAttribute('exportparts', PARTS)
  element.setAttribute('part', 'panel')
  element.append(panel)
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(panelFrameStyles)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets.slice(0, 1), sheet]
  root.append(element)
  return panel
}

const PARTS =
  'header, title, close, new-conversation, messages, message, bubble, composer, input, send, login-card, login-button, banner, sign-in, sign-in-input, sign-in-button, sign-in-code'

function createInlineFrame(root: ShadowRoot): PanelFrame {
  const element = document.createElement('div')
  element.className = 'frame panel inline'
  element.setAttribute('role', 'region')
  const panel = createPanel(root, element)
  return {
    panel,
    element,
    visible: true,
    setLabel: (label) => element.setAttribute('aria-label', label),
    async show({ focus }) {
      await panel.updateComplete
      if (focus) panel.focus({ preventScroll: true })
    },
    hide: () => false,
    remove: () => element.remove(),
  }
}

function createFloatingFrame(root: ShadowRoot): PanelFrame {
  const element = document.createElement('dialog')
  element.className = 'frame panel floating'
  const panel = createPanel(root, element)
  const phone = matchMedia(PHONE)
  let visible = false
  let leaving: Animation | null = null
  let unwatch: (() => void) | null = null

  const put = () => {
    // Over the whole screen nothing else can be used, and the browser sees to it: focus stays, the page is inert.
    if (phone.matches) {
      element.removeAttribute('popover')
      element.showModal()
      unwatch = watchKeyboard(element)
    } else if ('showPopover' in element) {
      element.setAttribute('popover', 'manual')
      element.showPopover()
    } else (element as HTMLDialogElement).show()
  }
  const take = () => {
    leaving = null
    unwatch?.()
    unwatch = null
    if (element.open) element.close()
    else if (element.matches(':popover-open')) element.hidePopover()
  }
  const isFocused = () => root.activeElement !== null && element.contains(root.activeElement)
  const move = () => {
    if (!visible) return
    const focused = isFocused()
    take()
    put()
    if (focused) panel.focus({ preventScroll: true })
  }
  phone.addEventListener('change', move)
  // Escape on a modal dialog is the panel's to answer; the browser must not close it by itself.
  element.addEventListener('cancel', (event) => event.preventDefault())

  return {
    panel,
    element,
    get visible() {
      return visible
    },
    setLabel: (label) => element.setAttribute('aria-label', label),
    async show({ focus }) {
      if (!visible) {
        leaving?.cancel()
        take()
        visible = true
        const before = document.activeElement
        put()
        // Opening a dialog moves focus, which a page that is only just loading did not ask for.
        if (!focus && !phone.matches && before instanceof HTMLElement) before.focus({ preventScroll: true })
        if (!matchMedia(CALM).matches)
          element.animate([HIDDEN, {}], { duration: 180, easing: 'cubic-bezier(.2,.8,.3,1)' })
      }
      await panel.updateComplete
      panel.scrollToLatest()
      if (focus && visible) panel.focus({ preventScroll: true })
    },
    hide() {
      const focused = isFocused()
      if (!visible) return false
      visible = false
      if (matchMedia(CALM).matches || phone.matches) take()
      else {
        leaving = element.animate([{}, HIDDEN], { duration: 110, easing: 'ease-in', fill: 'forwards' })
        leaving.onfinish = () => {
          const done = leaving
          take()
          done?.cancel()
        }
      }
      return focused
    },
    remove() {
      phone.removeEventListener('change', move)
      visible = false
      take()
      element.remove()
    },
  }
}

export function createPanelFrame(root: ShadowRoot, mode: WidgetMode): PanelFrame {
  return mode === 'inline' ? createInlineFrame(root) : createFloatingFrame(root)
}
