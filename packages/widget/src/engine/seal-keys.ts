/** Keeps what a visitor types into the chat from the handlers of the page. */

/** `focusin` too: dialogs of many libraries take focus back from everything outside of them. */
const SEALED = ['keydown', 'keypress', 'keyup', 'copy', 'cut', 'paste', 'focusin']

export interface SealOptions {
  readonly root: ShadowRoot
  /** A button among the page's own: keys are the page's while focus is there, except those that it answers itself. */
  readonly launcher: HTMLElement
  /** Escape on the launcher. Answers whether there was something to close. */
  close(): boolean
}

/** Listeners of the page that capture see everything. Returns what ends it. */
export function sealKeys({ root, launcher, close }: SealOptions): () => void {
  /** Its keydown may have moved focus from the panel to the launcher. */
  let pressed = ''
  const isOurs = (event: Event) =>
    !launcher.contains(event.target as Node) ||
    (event instanceof KeyboardEvent &&
      (event.key === pressed || (event.type === 'keydown' && event.key === 'Escape' && close())))
  const seal = (event: Event) => {
    if (!isOurs(event)) return
    event.stopPropagation()
    if (event.type === 'keydown') pressed = (event as KeyboardEvent).key
    if (event.type === 'keyup') pressed = ''
  }
  for (const type of SEALED) root.addEventListener(type, seal)
  return () => {
    for (const type of SEALED) root.removeEventListener(type, seal)
  }
}
