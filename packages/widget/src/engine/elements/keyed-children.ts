/** Keeps one element per key, so that a selected or focused one survives changes of its neighbours. */

/** A child's key, and the function that creates it. */
export type KeyedChild = readonly [key: string, create: () => HTMLElement]

const keptIn = new WeakMap<HTMLElement, ReadonlyMap<string, HTMLElement>>()

/** Updates the container's children, which no other code may change. Costs as much as the children. */
export function keepChildren(
  container: HTMLElement,
  children: readonly KeyedChild[],
): ReadonlyMap<string, HTMLElement> {
  const before = keptIn.get(container)
  const next = new Map(children.map(([key, create]) => [key, before?.get(key) ?? create()]))
  for (const [key, element] of before ?? []) if (!next.has(key)) element.remove()
  let place = container.firstElementChild
  for (const element of next.values()) {
    if (element === place) place = place.nextElementSibling
    else container.insertBefore(element, place)
  }
  keptIn.set(container, next)
  return next
}
