/** Registers an element of the panel, unless another copy of the engine has. */

export function defineElement(name: string, element: CustomElementConstructor): void {
  if (customElements.get(name) === undefined) customElements.define(name, element)
}
