/** Applies properties that a host set before the element was defined. */
import { attempt } from '@chat-widget/client/browser'

/** Own properties shadow the setters of the class: they are deleted and set again. */
export function upgradeProperties(element: HTMLElement, names: readonly string[]): void {
  for (const name of names) {
    if (!Object.hasOwn(element, name)) continue
    const own = element as unknown as Record<string, unknown>
    const value = own[name]
    delete own[name]
    // A setter that throws has reported it; the host's code that set it is no longer there to catch it.
    attempt(() => {
      own[name] = value
    })
  }
}
