/** The frame that holds the panel: in place (inline), beside the launcher, or over the whole screen of a phone. */
import {
  animate,
  isRaised,
  isRendered,
  lower,
  matchMedium,
  raise,
  watchOnScreen,
} from '@chat-widget/client/browser'
import type { WidgetConfig } from '../engine-contract.ts'
import { ensureStyles } from '../shell/ensure-styles.ts'
import { directionOf } from '../shell/locale.ts'
import './elements/chat-panel.ts'
import type { ChatPanel } from './elements/chat-panel.ts'
import { keepReadable } from './keep-readable.ts'
import { watchKeyboard } from './on-screen-keyboard.ts'
import { isBlocked, keepScrollInside } from './page-behind.ts'
import { panelFrameStyles } from './panel-frame.styles.ts'
import type { PanelRequest } from './panel-request.ts'

export interface PanelFrame {
  readonly panel: ChatPanel
  /** The panel is meant to be shown. */
  readonly visible: boolean
  /** Some of it is on the screen: shown, and neither hidden by the page nor scrolled away. */
  readonly displayed: boolean
  setLabel(label: string): void
  /** Puts language, direction and colours on the panel. `locale`: of its words. */
  dress(config: Pick<WidgetConfig, 'direction' | 'dark' | 'locale'>): void
  /** Looks at the page's colours again; while the panel is hidden, a change of its CSS goes unnoticed. */
  recolor(): void
  /** Shows the panel, or puts it right: after a move in the document, after the element was hidden. Idempotent. */
  show(options: { readonly focus: boolean }): Promise<void>
  /** Gives focus back to who had it when the panel was shown. */
  hide(): void
  remove(): void
}

export interface FrameHost {
  /** The visitor or the browser closes the panel. */
  close(): void
  focusLauncher(): void
  displayedChanged(): void
  /** The panel's elements ask for something. */
  asked(request: PanelRequest): void
}

/** How a floating panel stands on the page. `plain`: the browser has no popovers. */
type Stance = 'closed' | 'plain' | 'popover' | 'modal'

const PHONE = '(max-width: 480px)'
const CALM = '(prefers-reduced-motion: reduce)'
const HIDDEN = { opacity: 0, transform: 'translateY(10px) scale(.985)' }

/** The focused element, through every shadow root; `null` where nothing is. */
function focusedElement(): HTMLElement | null {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active instanceof HTMLElement && active !== document.body ? active : null
}

/** The panel in its visible box, and what is the same for every box. */
function createPanel(root: ShadowRoot, element: HTMLElement, host: FrameHost) {
  const panel = document.createElement('chat-widget-panel') as ChatPanel
  panel.setAttribute('exportparts', PARTS)
  element.setAttribute('part', 'panel')
  element.append(panel)
  const style = () => ensureStyles(root, 1, panelFrameStyles)
  style()
  root.append(element)
  const recolor = keepReadable(element, () => host.asked({ type: 'report-load-failed' }))
  element.addEventListener('chat-request', (event) => {
    event.stopPropagation()
    host.asked(event.detail)
  })
  return {
    panel,
    recolor,
    setLabel: (label) => element.setAttribute('aria-label', label),
    dress({ direction, dark, locale }) {
      // The root may have come to another document.
      style()
      element.dir = direction
      element.lang = locale
      // Words that are English are read from the left, also on a page that is not.
      panel.dir = directionOf(locale)
      element.toggleAttribute('data-dark', dark)
      recolor()
    },
  } satisfies Partial<PanelFrame>
}

const PARTS =
  'header, title, close, new-conversation, show-conversation, messages, message, bubble, composer, input, send, login-card, login-button, banner, sign-in, sign-in-input, sign-in-button, sign-in-code'

/** Follows whether some of an element is on the screen. */
function watchDisplay(element: HTMLElement, changed: () => void) {
  let onScreen = false
  const watch = () =>
    watchOnScreen(element, (now) => {
      if (now === onScreen) return
      onScreen = now
      changed()
    })
  let unwatch = watch()
  return {
    // The observer tells of a page that hides the element a frame too late.
    isOnScreen: () => onScreen && isRendered(element),
    /** The element was just put on the screen; the observer tells with the next frame should it be elsewhere. */
    assume() {
      onScreen = true
      unwatch()
      unwatch = watch()
    },
    stop: () => unwatch(),
  }
}

function createInlineFrame(root: ShadowRoot, host: FrameHost): PanelFrame {
  const element = document.createElement('div')
  element.className = 'frame panel inline'
  element.setAttribute('role', 'region')
  const base = createPanel(root, element, host)
  const { panel } = base
  const display = watchDisplay(element, () => host.displayedChanged())
  return {
    ...base,
    visible: true,
    get displayed() {
      return display.isOnScreen()
    },
    async show({ focus }) {
      await panel.updateComplete
      if (focus) panel.focus({ preventScroll: true })
    },
    hide() {},
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
  const base = createPanel(root, element, host)
  const { panel } = base
  const phone = matchMedium(PHONE)
  const calm = matchMedium(CALM)
  const display = watchDisplay(element, () => host.displayedChanged())
  let visible = false
  /** As it was put on the page. `stanceNow` differs once the browser has closed it, or it was moved. */
  let placed: Stance = 'closed'
  /** Shown while the page around was blocked: modal as well, above what blocks it. */
  let above = false
  let hasPopovers = true
  let stopLeaving: (() => void) | null = null
  let unwatch = () => {}
  let opener: HTMLElement | null = null

  const stanceNow = (): Stance => {
    if (element.open) return element.matches(':modal') ? 'modal' : 'plain'
    return isRaised(element) ? 'popover' : 'closed'
  }
  const stanceMeant = (): Stance => {
    // A modal dialog that nobody sees would block the page.
    if (!visible || !isRendered(root.host)) return 'closed'
    if (phone.matches || above) return 'modal'
    return hasPopovers ? 'popover' : 'plain'
  }
  const isFocused = () => root.activeElement !== null && element.contains(root.activeElement)

  const take = () => {
    stopLeaving?.()
    stopLeaving = null
    unwatch()
    unwatch = () => {}
    placed = 'closed'
    if (element.open) element.close()
    lower(element)
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
    // Shown inert it takes no focus by itself, which a page that is only just loading did not ask for.
    element.inert = true
    if (meant === 'modal') element.showModal()
    else {
      hasPopovers &&= raise(element)
      if (!hasPopovers) element.show()
    }
    element.inert = false
    placed = meant
    if (meant === 'modal' && phone.matches) unwatch = watchKeyboard(element)
    if (hadFocus) panel.focus({ preventScroll: true })
    else if (meant === 'modal') element.focus({ preventScroll: true })
    return before === 'closed'
  }
  const replace = () => {
    if (visible && stopLeaving === null) place()
  }

  const unwatchWidth = phone.onChange(replace)
  // A dialog of the page that closes; the event does not bubble.
  document.addEventListener('close', replace, true)
  // Closed by the browser: Escape outside the panel, the back gesture of a phone.
  element.addEventListener('close', () => {
    // The event of a closing from here may come when the panel is meant to be shown again.
    if (element.isConnected && placed !== 'closed' && stanceNow() === 'closed') host.close()
  })
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing) return
    event.preventDefault()
    host.close()
  })
  keepScrollInside(element)

  return {
    ...base,
    get visible() {
      return visible
    },
    get displayed() {
      return visible && display.isOnScreen()
    },
    async show({ focus }) {
      if (!visible) opener = focusedElement()
      visible = true
      stopLeaving?.()
      stopLeaving = null
      if (focus && isBlocked(root.host)) above = true
      const isNew = place()
      if (isNew) {
        display.assume()
        if (!calm.matches)
          animate(element, [HIDDEN, {}], { duration: 180, easing: 'cubic-bezier(.2,.8,.3,1)' })
      }
      await panel.updateComplete
      if (isNew) panel.scrollToLatest()
      if (focus && visible) panel.focus({ preventScroll: true })
    },
    hide() {
      if (!visible) return
      const stance = stanceNow()
      // What the browser has closed was modal, and focus was nowhere else.
      const focused = isFocused() || stance === 'modal' || (stance === 'closed' && stanceMeant() === 'modal')
      visible = above = false
      if (calm.matches || stance !== 'popover' || phone.matches) take()
      else
        stopLeaving = animate(
          element,
          [{}, HIDDEN],
          { duration: 110, easing: 'ease-in', fill: 'forwards' },
          take,
        )
      if (!focused) return
      opener?.focus()
      if (opener === null || focusedElement() !== opener) host.focusLauncher()
    },
    remove() {
      unwatchWidth()
      document.removeEventListener('close', replace, true)
      display.stop()
      visible = false
      take()
      element.remove()
    },
  }
}

export function createPanelFrame(root: ShadowRoot, mode: WidgetConfig['mode'], host: FrameHost): PanelFrame {
  return mode === 'inline' ? createInlineFrame(root, host) : createFloatingFrame(root, host)
}
