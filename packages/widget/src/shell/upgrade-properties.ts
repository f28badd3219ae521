/** Picks up properties a host set before the element was defined. */
import { attempt } from '@chat-widget/client/browser'

/** Own properties hide the setters of the class: they are taken away and set again. */
export function upgradeProperties(element: HTMLElement, names: readonly string[]): void {
  for (const name of names) {
    if (!Object.hasOwn(element, name)) continue
    const value: unknown = Reflect.get(element, name)
    Reflect.deleteProperty(element, name)
    // A setter that throws has reported it; nobody is there to catch what the host set long ago.
    attempt(() => Reflect.set(element, name, value))
  }
}
