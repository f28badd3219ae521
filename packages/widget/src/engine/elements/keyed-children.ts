/** Keeps one element per key, so that what a visitor selected or focused outlives its neighbours. */

/** A child by its key, and what makes it where it is not there yet. */
export type KeyedChild = readonly [key: string, create: () => HTMLElement]

const keptIn = new WeakMap<HTMLElement, ReadonlyMap<string, HTMLElement>>()

/** Brings the container's children in line, which are this function's alone. Costs what the children cost. */
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
