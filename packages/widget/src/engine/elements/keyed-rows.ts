/** Keeps one element per row, by key, so that what a visitor selected or focused outlives its neighbours. */
import { type RenderOptions, render, type TemplateResult } from 'lit'

export type KeyedRows = ReturnType<typeof createKeyedRows>

/** The container's children are this list's alone. */
export function createKeyedRows(container: HTMLElement, options: RenderOptions) {
  let elements = new Map<string, HTMLElement>()

  return {
    /** Brings the container's children in line. Costs what the rows cost. */
    update<Row extends { readonly key: string }>(
      rows: readonly Row[],
      draw: (row: Row, element: HTMLElement) => TemplateResult,
    ): void {
      const next = new Map(rows.map(({ key }) => [key, elements.get(key) ?? document.createElement('div')]))
      for (const [key, element] of elements) if (!next.has(key)) element.remove()
      elements = next
      let place = container.firstElementChild
      for (const row of rows) {
        const element = next.get(row.key)
        if (element === undefined) continue
        if (element === place) place = place.nextElementSibling
        else container.insertBefore(element, place)
        render(draw(row, element), element, options)
      }
    },
  }
}
