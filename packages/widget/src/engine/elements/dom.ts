/** Creates and updates elements, for what each chat shows. Parts that are loaded later are Lit's: see ../lit.ts. */

/** Properties of an element; and attributes, where it has no property of that name. */
export type Values<Kind extends Element> = Partial<Omit<Kind, 'part'>> & {
  readonly part?: string
  readonly [attribute: `aria-${string}`]: string
}

/** Sets what differs. */
export function put<Kind extends HTMLElement>(element: Kind, values: Values<Kind>): Kind {
  const known = element as unknown as Record<string, unknown>
  // Not all browsers have `role` as a property.
  for (const [name, value] of Object.entries<unknown>(values))
    if (!(name in element)) element.setAttribute(name, String(value))
    else if (known[name] !== value) known[name] = value
  return element
}

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  values: Values<HTMLElementTagNameMap[Tag]>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  element.append(...children)
  return put(element, values)
}

/** A child's key, and the function that creates it; nothing for one that is not to be there now. */
export type KeyedChild = readonly [key: string, create: () => HTMLElement] | false | '' | null | undefined

const keptIn = new WeakMap<Node, ReadonlyMap<string, HTMLElement>>()

/**
 * Updates the container's children, which no other code may change: one element per key, so that a selected or focused one
 * survives changes of its neighbours. Costs as much as the children.
 */
export function keepChildren(
  container: Node & ParentNode,
  children: readonly KeyedChild[],
): ReadonlyMap<string, HTMLElement> {
  const before = keptIn.get(container)
  const next = new Map<string, HTMLElement>()
  for (const child of children) if (child) next.set(child[0], before?.get(child[0]) ?? child[1]())
  for (const [key, element] of before ?? []) if (!next.has(key)) element.remove()
  let place = container.firstElementChild
  for (const element of next.values()) {
    if (element === place) place = place.nextElementSibling
    else container.insertBefore(element, place)
  }
  keptIn.set(container, next)
  return next
}

/** A child that draws nothing itself: what a part that is loaded later fills. */
export const place = (key: string) => [key, () => make('div', { className: 'place' })] as const

/** `dir` of a field: an empty one with `auto` would begin at the left in every language. */
export const directionOfText = (text: string) => (text === '' ? '' : 'auto')
