/** [HP13] What Enter does in the composer, as the visitor has chosen. */
import { placeOf, readChoices } from '../attention/visitor-choices.ts'

const followed = new WeakSet<ShadowRoot>()

/** The composer's field, if an event happens there. */
function fieldOf(event: Event): HTMLTextAreaElement | undefined {
  const [target] = event.composedPath() as HTMLTextAreaElement[]
  const root = target?.getRootNode?.()
  const isComposers = root instanceof ShadowRoot && root.host.localName === 'chat-widget-composer'
  return isComposers && target?.localName === 'textarea' ? target : undefined
}

/** Idempotent. */
export function followEnter(panel: HTMLElement & { readonly renderRoot: ShadowRoot }): void {
  const root = panel.renderRoot
  if (followed.has(root)) return
  followed.add(root)
  const isSending = () => readChoices(placeOf(panel)).enterSends
  const keydown = (event: KeyboardEvent) => {
    const isAlone = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey
    // Before the composer, which would send.
    if (event.key === 'Enter' && isAlone && fieldOf(event) && !isSending()) event.stopPropagation()
  }
  root.addEventListener('keydown', keydown as EventListener, { capture: true })
  root.addEventListener('focusin', (event) => {
    const field = fieldOf(event)
    if (field) field.enterKeyHint = isSending() ? 'send' : 'enter'
  })
}
