/** HTML whose values are escaped unless they are HTML already; there is no way to trust a string. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/** Only `html` makes it: no other code can put text into it. */
export class Html {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  static of(strings: TemplateStringsArray, values: readonly HtmlValue[]): Html {
    return new Html(String.raw({ raw: strings }, ...values.map(render)))
  }

  toString(): string {
    return this.#text
  }
}

/** `null` and `false` render nothing. */
export type HtmlValue = string | number | Html | null | false | readonly HtmlValue[]

/** Values go into element content or into quotes; not into a script, a style, a comment or an attribute's name. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return Html.of(strings, values)
}

function render(value: HtmlValue): string {
  if (value === null || value === false) return ''
  if (value instanceof Html) return value.toString()
  if (typeof value === 'object') return value.map(render).join('')
  return String(value).replaceAll(/[&<>"'`]/g, (character) => ESCAPES[character] ?? '')
}
