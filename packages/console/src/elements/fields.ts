/** Fields that write into a draft. */
import { html, nothing, type TemplateResult } from 'lit'
import { icons } from '../icons.ts'

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

export const valueIn = (event: Event): string => (event.target as Field).value

interface TextField {
  readonly label: string
  readonly value: string
  readonly most: number
  readonly change: (value: string) => void
  readonly isRequired?: boolean
  readonly placeholder?: string
  /** Shown without its label, which screen readers read. */
  readonly isBare?: boolean
}

export function lineField({ label, value, most, change, ...more }: TextField): TemplateResult {
  const input = html`<input
    class="field"
    aria-label=${more.isBare ? label : nothing}
    placeholder=${more.placeholder ?? nothing}
    maxlength=${most}
    ?required=${more.isRequired ?? false}
    autocomplete="off"
    dir="auto"
    .value=${value}
    @input=${(event: Event) => change(valueIn(event))}
  />`
  return more.isBare ? input : html`<label>${label}${input}</label>`
}

export const textField = ({ label, value, most, change, isRequired = false }: TextField): TemplateResult =>
  html`<label
    >${label}<textarea
      class="field"
      maxlength=${most}
      ?required=${isRequired}
      dir="auto"
      .value=${value}
      @input=${(event: Event) => change(valueIn(event))}
    ></textarea>
  </label>`

export const addButton = (label: string, add: () => void, isFull: boolean): TemplateResult =>
  html`<button type="button" class="button quiet add" ?disabled=${isFull} @click=${add}>${icons.plus}${label}</button>`

export const removeButton = (label: string, remove: () => void): TemplateResult =>
  html`<button type="button" class="button quiet icon-only" aria-label=${label} title=${label} @click=${remove}>
    ${icons.close}
  </button>`

/** A list with one item replaced, or without it. */
export const replaced = <Item>(items: readonly Item[], at: number, item: Item): readonly Item[] =>
  items.map((each, index) => (index === at ? item : each))
export const without = <Item>(items: readonly Item[], at: number): readonly Item[] =>
  items.filter((_, index) => index !== at)
