/** The panel's frame: in place (inline), beside the launcher, or over the whole screen of a phone. */
import { isRaised, isRendered, lower, matchMedium, raise, watchOnScreen } from '@chat-widget/client/browser'
import type { WidgetConfig } from '../engine-contract.ts'
import { ensureStyles } from '../shell/ensure-styles.ts'
import './elements/chat-panel.ts'
import type { ChatPanel } from './elements/chat-panel.ts'
import { keepChildren, make } from './elements/dom.ts'
import { keepReadable } from './keep-readable.ts'
import { onDemand } from './on-demand.ts'
import { isBlocked, keepScrollInside } from './page-behind.ts'
import { panelFrameStyles } from './panel-frame.styles.ts'
import type { PanelRequest } from './panel-request.ts'

export interface PanelFrame {
  readonly panel: ChatPanel
  /** True if the panel is meant to be shown. */
  readonly visible: boolean
  /** True if part of it is on the screen: shown, and neither hidden by the page nor scrolled away. */
  readonly displayed: boolean
  /** Names the panel; shows the name's first letter in the header, unless the host has a logo. */
  setName(name: string): void
  /** Sets language, direction and colours of the panel. `locale`: of its texts. */
  setAppearance(config: Pick<WidgetConfig, 'direction' | 'dark' | 'locale'>): void
  /** Reads the page's colours again; while the panel is hidden, changes of its CSS are not noticed. */
  recolor(): void
  /** Shows the panel, or restores it after a move in the document or after the element was hidden. Idempotent. */
  show(options: { readonly focus: boolean }): Promise<void>
  /** Hides the panel, and returns the focus to where it was when the panel was shown. */
  hide(): void
  remove(): void
}

export interface FrameHost {
  /** Called when the visitor or the browser closes the panel. */
  close(): void
  focusLauncher(): void
  displayedChanged(): void
  /** Called with a request of the panel's elements. */
  asked(request: PanelRequest): void
}

/** State of a floating panel on the page. `plain`: the browser has no popovers. */
type Stance = 'closed' | 'plain' | 'popover' | 'modal'

const PHONE = '(max-width: 480px)'

const phonePart = onDemand(() => import('./phone.ts'))

/** The focused element, through every shadow root; `null` for none. */
function focusedElement(): HTMLElement | null {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active instanceof HTMLElement && active !== document.body ? active : null
}

/** The panel in its visible box, with the parts that all boxes share. */
function createPanel(root: ShadowRoot, element: HTMLElement, host: FrameHost) {
  const panel = document.createElement('chat-widget-panel') as ChatPanel
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
    setName(name) {
      element.setAttribute('aria-label', name)
      // Rendered here: a fallback in the panel's own slot would be replaced by this slot, filled or not.
      keepChildren(panel, [
        [
          name,
          () =>
            make(
              'slot',
              { name: 'header-logo', slot: 'header-logo' },
              make(
                'span',
                { className: 'mark', part: 'header-mark', 'aria-hidden': 'true' },
                Array.from(name)[0] ?? '',
              ),
            ),
        ],
      ])
    },
    setAppearance({ direction, dark, locale }) {
      // The root may have moved to another document.
      style()
      element.dir = direction
      element.lang = locale
      // English texts are read from the left, also on a page that is not.
      panel.dir = locale === 'en' ? 'ltr' : direction
      element.toggleAttribute('data-dark', dark)
      recolor()
    },
  } satisfies Partial<PanelFrame>
}

/** Watches if part of an element is on the screen. */
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
    // The observer reports a frame too late that the page hides the element.
    isOnScreen: () => onScreen && isRendered(element),
    /** The element was just put on the screen; the observer reports with the next frame if it is elsewhere. */
    assume() {
      onScreen = true
      unwatch()
      unwatch = watch()
    },
    stop: () => unwatch(),
  }
}

function createInlineFrame(root: ShadowRoot, host: FrameHost): PanelFrame {
  const element = make('div', { className: 'frame panel inline', part: 'panel', role: 'region' })
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
  // A click on an unfocusable part keeps the focus in the panel, and so its keys.
  const element = make('dialog', { className: 'frame panel floating', part: 'panel', tabIndex: -1 })
  const base = createPanel(root, element, host)
  const { panel } = base
  const phone = matchMedium(PHONE)
  const display = watchDisplay(element, () => host.displayedChanged())
  let visible = false
  /** Stance in which it was last placed. `stanceNow` differs once the browser has closed it, or it was moved. */
  let placed: Stance = 'closed'
  /** True if it was shown while the page around was blocked: modal as well, above the blocking dialog. */
  let above = false
  let hasPopovers = true
  let leavePhone: (() => void) | undefined
  let opener: HTMLElement | null = null

  const stanceNow = (): Stance => {
    if (element.open) return element.matches(':modal') ? 'modal' : 'plain'
    return isRaised(element) ? 'popover' : 'closed'
  }
  const stanceMeant = (): Stance => {
    // An invisible modal dialog would block the page.
    if (!visible || !isRendered(root.host)) return 'closed'
    if (phone.matches || above) return 'modal'
    return hasPopovers ? 'popover' : 'plain'
  }
  const isFocused = () => root.activeElement !== null && element.contains(root.activeElement)

  const take = () => {
    leavePhone?.()
    leavePhone = undefined
    placed = 'closed'
    if (element.open) element.close()
    lower(element)
  }
  const followPhone = () => {
    if (placed !== 'modal' || !phone.matches) return
    leavePhone ??= phonePart(followPhone, () => {})?.followPhone(element, host.close)
  }
  /** Brings the dialog to the wanted stance. Returns true if it was not shown before. */
  const place = (): boolean => {
    above &&= isBlocked(root.host)
    const [before, meant] = [stanceNow(), stanceMeant()]
    if (before === meant) return false
    const hadFocus = isFocused()
    take()
    if (meant === 'closed') return false
    element.setAttribute('aria-modal', String(meant === 'modal'))
    // Shown inert it does not take the focus by itself, which a page that is just loading did not ask for.
    element.inert = true
    if (meant === 'modal') element.showModal()
    else {
      hasPopovers &&= raise(element)
      if (!hasPopovers) element.show()
    }
    element.inert = false
    placed = meant
    followPhone()
    if (hadFocus) panel.focus({ preventScroll: true })
    else if (meant === 'modal') element.focus({ preventScroll: true })
    return before === 'closed'
  }
  const replace = () => {
    if (visible) place()
  }

  const unwatchWidth = phone.onChange(replace)
  // A dialog of the page closes; the event does not bubble.
  document.addEventListener('close', replace, true)
  // Closed by the browser: Escape outside the panel, the back gesture of a phone.
  element.addEventListener('close', () => {
    // The event of our own closing may come when the panel is to be shown again.
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
      if (focus && isBlocked(root.host)) above = true
      const isNew = place()
      if (isNew) display.assume()
      await panel.updateComplete
      if (isNew) panel.scrollToLatest()
      if (focus && visible) panel.focus({ preventScroll: true })
    },
    hide() {
      if (!visible) return
      const stance = stanceNow()
      // A dialog closed by the browser was modal, so the focus was in it.
      const focused = isFocused() || stance === 'modal' || (stance === 'closed' && stanceMeant() === 'modal')
      visible = above = false
      take()
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
