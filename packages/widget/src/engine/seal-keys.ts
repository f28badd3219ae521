/** Keeps keys typed into the chat from the page's handlers. */

/** Includes `focusin`: dialogs of many libraries take the focus back from everything outside of them. */
const SEALED = ['keydown', 'keypress', 'keyup', 'copy', 'cut', 'paste', 'focusin']

export interface SealOptions {
  readonly root: ShadowRoot
  /** A button of the page's own kind: while it has the focus, keys go to the page, except those that it handles. */
  readonly launcher: HTMLElement
  /** Called for Escape on the launcher. Returns true if there was something to close. */
  close(): boolean
}

/** Capturing listeners of the page see everything. Returns a function that ends it. */
export function sealKeys({ root, launcher, close }: SealOptions): () => void {
  /** Key whose keydown may have moved the focus from the panel to the launcher. */
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
