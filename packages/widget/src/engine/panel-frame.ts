/** The frame that holds the panel: in place (inline), beside the launcher, or over the whole screen of a phone. */
import type { WidgetMode } from '../public-types.ts'
import { isRendered } from '../shell/top-layer.ts'
import './elements/chat-panel.ts'
import type { ChatPanel } from './elements/chat-panel.ts'
import { watchKeyboard } from './on-screen-keyboard.ts'
import { isBlocked, keepScrollInside } from './page-behind.ts'
import { panelFrameStyles } from './panel-frame.styles.ts'

export interface PanelFrame {
  readonly panel: ChatPanel
  /** The visible box; requests of the panel's elements arrive here. */
  readonly element: HTMLElement
  /** The panel is meant to be shown. */
  readonly visible: boolean
  /** Some of it is on the screen: shown, and neither hidden by the page nor scrolled away. */
  readonly displayed: boolean
  setLabel(label: string): void
  /** Shows the panel, or puts it right: after a move in the document, after the element was hidden. Idempotent. */
  show(options: { readonly focus: boolean }): Promise<void>
  /** Answers whether focus was inside. */
  hide(): boolean
  remove(): void
}

export interface FrameHost {
  /** The visitor or the browser closes the panel. */
  close(): void
  displayedChanged(): void
}

/** How a floating panel stands on the page. `plain`: the browser has no popovers. */
type Stance = 'closed' | 'plain' | 'popover' | 'modal'

const PHONE = '(max-width: 480px)'
const CALM = '(prefers-reduced-motion: reduce)'
const HIDDEN = { opacity: 0, transform: 'translateY(10px) scale(.985)' }
const HAS_POPOVER = 'popover' in HTMLElement.prototype

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

/** Follows whether some of an element is on the screen. */
function watchDisplay(element: HTMLElement, changed: () => void) {
  let onScreen = false
  const observer = new IntersectionObserver((entries) => {
    const now = entries.at(-1)?.isIntersecting === true
    if (now === onScreen) return
    onScreen = now
    changed()
  })
  observer.observe(element)
  return {
    // The observer tells of a page that hides the element a frame too late.
    isOnScreen: () => onScreen && isRendered(element),
    /** The element was just put on the screen; the observer tells with the next frame should it be elsewhere. */
    assume() {
      onScreen = true
      observer.disconnect()
      observer.observe(element)
    },
    stop: () => observer.disconnect(),
  }
}

function createInlineFrame(root: ShadowRoot, host: FrameHost): PanelFrame {
  const element = document.createElement('div')
  element.className = 'frame panel inline'
  element.setAttribute('role', 'region')
  const panel = createPanel(root, element)
  const display = watchDisplay(element, () => host.displayedChanged())
  return {
    panel,
    element,
    visible: true,
    get displayed() {
      return display.isOnScreen()
    },
    setLabel: (label) => element.setAttribute('aria-label', label),
    async show({ focus }) {
      await panel.updateComplete
      if (focus) panel.focus({ preventScroll: true })
    },
    hide: () => false,
    remove() {
      display.stop()
      element.remove()
    },
  }
}

function createFloatingFrame(root: ShadowRoot, host: FrameHost): PanelFrame {
  const element = document.createElement('dialog')
  element.className = 'frame panel floating'
  // A click on what takes no focus keeps it in the panel, and so its keys.
  element.tabIndex = -1
  const panel = createPanel(root, element)
  const phone = matchMedia(PHONE)
  const display = watchDisplay(element, () => host.displayedChanged())
  let visible = false
  /** Shown while the page around was blocked: modal as well, above what blocks it. */
  let above = false
  let leaving: Animation | null = null
  let unwatch = () => {}

  const stanceNow = (): Stance => {
    if (element.matches(':modal')) return 'modal'
    if (element.open) return 'plain'
    return HAS_POPOVER && element.matches(':popover-open') ? 'popover' : 'closed'
  }
  const stanceMeant = (): Stance => {
    // A modal dialog that nobody sees would block the page.
    if (!visible || !isRendered(root.host)) return 'closed'
    if (phone.matches || above) return 'modal'
    return HAS_POPOVER ? 'popover' : 'plain'
  }
  const isFocused = () => root.activeElement !== null && element.contains(root.activeElement)

  const take = () => {
    leaving = null
    unwatch()
    unwatch = () => {}
    if (element.open) element.close()
    else if (stanceNow() === 'popover') element.hidePopover()
  }
  /** Brings the dialog to the stance that is meant. Answers whether it was not shown before. */
  const place = (): boolean => {
    above &&= isBlocked(root.host)
    const [before, meant] = [stanceNow(), stanceMeant()]
    if (before === meant) return false
    const hadFocus = isFocused()
    take()
    if (meant === 'closed') return false
    element.setAttribute('aria-modal', String(meant === 'modal'))
    element.popover = meant === 'popover' ? 'manual' : null
    if (meant === 'popover') element.showPopover()
    else if (meant === 'plain') element.show()
    else {
      element.showModal()
      if (phone.matches) unwatch = watchKeyboard(element)
    }
    if (hadFocus) panel.focus({ preventScroll: true })
    return before === 'closed'
  }
  const replace = () => {
    if (visible && leaving === null) place()
  }

  phone.addEventListener('change', replace)
  // A dialog of the page that closes; the event does not bubble.
  document.addEventListener('close', replace, true)
  // Closed by the browser: Escape outside the panel, the back gesture of a phone.
  element.addEventListener('close', () => {
    if (element.isConnected && stanceNow() === 'closed' && stanceMeant() !== 'closed') host.close()
  })
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing) return
    event.preventDefault()
    host.close()
  })
  keepScrollInside(element)

  return {
    panel,
    element,
    get visible() {
      return visible
    },
    get displayed() {
      return visible && display.isOnScreen()
    },
    setLabel: (label) => element.setAttribute('aria-label', label),
    async show({ focus }) {
      visible = true
      leaving?.cancel()
      leaving = null
      if (focus && isBlocked(root.host)) above = true
      const before = document.activeElement
      const isNew = place()
      if (isNew) {
        display.assume()
        // Opening a dialog moves focus, which a page that is only just loading did not ask for.
        if (!focus && stanceNow() !== 'modal' && before instanceof HTMLElement)
          before.focus({ preventScroll: true })
        if (!matchMedia(CALM).matches)
          element.animate([HIDDEN, {}], { duration: 180, easing: 'cubic-bezier(.2,.8,.3,1)' })
      }
      await panel.updateComplete
      if (isNew) panel.scrollToLatest()
      if (focus && visible) panel.focus({ preventScroll: true })
    },
    hide() {
      if (!visible) return false
      const stance = stanceNow()
      // What the browser has closed was modal, and focus was nowhere else.
      const focused = isFocused() || stance === 'modal' || (stance === 'closed' && stanceMeant() === 'modal')
      visible = above = false
      if (matchMedia(CALM).matches || stance !== 'popover' || phone.matches) take()
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
      phone.removeEventListener('change', replace)
      document.removeEventListener('close', replace, true)
      display.stop()
      visible = false
      take()
      element.remove()
    },
  }
}

export function createPanelFrame(root: ShadowRoot, mode: WidgetMode, host: FrameHost): PanelFrame {
  return mode === 'inline' ? createInlineFrame(root, host) : createFloatingFrame(root, host)
}
