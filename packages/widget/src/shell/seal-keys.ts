/** Keeps what a visitor types into the chat from the handlers of the page. */

/** `focusin` too: dialogs of many libraries take focus back from everything outside of them. */
const SEALED = ['keydown', 'keypress', 'keyup', 'copy', 'cut', 'paste', 'focusin']

/**
 * `launcher`: the part of the chat that is a button among the page's own. Keys that press no button are the page's while
 * focus is there. Listeners of the page that capture see everything.
 */
export function sealKeys(root: ShadowRoot, launcher: HTMLElement): void {
  /** Its keydown may have moved focus from the panel to the launcher. */
  let pressed = ''
  const isOurs = (event: Event) => {
    if (!launcher.contains(event.target as Node)) return true
    if (!(event instanceof KeyboardEvent)) return false
    return event.defaultPrevented || event.key === 'Enter' || event.key === ' ' || event.key === pressed
  }
  const seal = (event: Event) => {
    if (!isOurs(event)) return
    event.stopPropagation()
    if (event.type === 'keydown') pressed = (event as KeyboardEvent).key
    if (event.type === 'keyup') pressed = ''
  }
  for (const type of SEALED) root.addEventListener(type, seal)
}
