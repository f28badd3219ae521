/** A tagged template that escapes every value, so that a page cannot be built unescaped by accident. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Markup made by `html`; only this is inserted unescaped. */
export class Html {
  readonly #markup: string

  private constructor(markup: string) {
    this.#markup = markup
  }

  /** For the tag only: markup whose values were escaped. */
  static of(strings: readonly string[], values: readonly HtmlValue[]): Html {
    return new Html(strings.map((string, index) => string + render(values[index])).join(''))
  }

  toString(): string {
    return this.#markup
  }
}

/** Strings and numbers are escaped; `null`, `undefined` and `false` are left out; lists are joined. */
export type HtmlValue = Html | string | number | false | null | undefined | readonly HtmlValue[]

/** Attribute values must stand in double quotes: `html\`<a href="${url}">\``. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return Html.of(strings, values)
}

function render(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Html) return value.toString()
  if (typeof value === 'object') return value.map(render).join('')
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
