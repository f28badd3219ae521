/** Keeps the panel as `open` and `mode` say: loads what it needs, tells when it opened and closed, returns focus. */
import type { Engine } from '../engine-contract.ts'
import { WidgetCloseEvent, WidgetOpenEvent } from '../events.ts'
import type { EngineSlot } from './engine-slot.ts'
import type { Launcher } from './launcher.ts'

export interface PanelControl {
  /**
   * Brings the panel to what the element says, or back to it: after a change, a move in the document, after the element
   * was hidden. Idempotent. `focus`: the visitor or the host asked for it just now.
   */
  follow(focus: boolean): void
  /** The element left the document. */
  reset(): void
}

export interface PanelControlOptions {
  readonly element: HTMLElement & { open: boolean }
  readonly launcher: Launcher
  readonly slot: EngineSlot
  /** Loads the engine where it is not there. */
  engine(): Promise<Engine>
  /** Called before the panel is shown. */
  prepare(engine: Engine): void
}

type State =
  | { readonly status: 'closed' }
  | { readonly status: 'opening' | 'open'; readonly opener: HTMLElement | null }

/** The focused element, through every shadow root. */
function focusedElement(): HTMLElement | null {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active instanceof HTMLElement ? active : null
}

export function createPanelControl({
  element,
  launcher,
  slot,
  engine,
  prepare,
}: PanelControlOptions): PanelControl {
  let state: State = { status: 'closed' }

  const giveFocusBack = (opener: HTMLElement | null) => {
    if (opener !== document.body) opener?.focus()
    if (opener === null || focusedElement() !== opener) launcher.focus()
  }

  const close = () => {
    launcher.setExpanded(false)
    const hadFocus = slot.current?.hide() ?? false
    const before = state
    state = { status: 'closed' }
    if (before.status === 'closed') return
    if (hadFocus) giveFocusBack(before.opener)
    if (before.status === 'open') element.dispatchEvent(new WidgetCloseEvent())
  }

  const open = async (focus: boolean) => {
    if (state.status === 'closed') state = { status: 'opening', opener: focusedElement() }
    const mine = state
    launcher.setExpanded(true)
    launcher.setBusy(true)
    try {
      const loaded = await engine()
      if (!element.open) return
      prepare(loaded)
      await loaded.show({ focus })
      if (state !== mine || mine.status !== 'opening') return
      state = { ...mine, status: 'open' }
      element.dispatchEvent(new WidgetOpenEvent())
    } catch {
      element.open = false
      launcher.setLoadFailed(true)
    } finally {
      launcher.setBusy(false)
    }
  }

  return {
    follow(focus) {
      if (element.open) void open(focus)
      else close()
    },
    reset() {
      state = { status: 'closed' }
    },
  }
}
