/** Takes what a call carried of the context out of what the company answered, e.g. an echo of its headers ([ID16]). */

/** Stands where something was taken out. */
const HIDDEN = '•••'

/** What is as long as this may be a secret, and is taken out of the middle of words too. */
const SECRET_LENGTH = 16
/** What is shorter than this would spoil amounts and dates, and is taken out only where it stands alone. */
const WORD_LENGTH = 4
/** Deeper than any answer that people or bots read; what lies below is not looked at, so it is taken out whole. */
const DEEPEST = 100

/** `body` is JSON, parsed. */
export function hideValues(body: unknown, values: readonly string[]): unknown {
  const forms = [...new Set(values.flatMap(formsOf))]
  const whole = new Set(forms)
  const patterns = [
    patternOf(forms.filter(({ length }) => length >= SECRET_LENGTH)),
    patternOf(
      forms.filter(({ length }) => length >= WORD_LENGTH && length < SECRET_LENGTH),
      '[\\p{L}\\p{N}]',
    ),
  ].filter((pattern) => pattern !== null)

  function hideIn(text: string): string {
    if (whole.has(text)) return HIDDEN
    return patterns.reduce((rest, pattern) => rest.replaceAll(pattern, HIDDEN), text)
  }

  function hideInNumber(number: number): unknown {
    const text = String(number)
    return text.length >= WORD_LENGTH && hideIn(text) !== text ? HIDDEN : number
  }

  function walk(node: unknown, depth: number): unknown {
    if (typeof node === 'string') return hideIn(node)
    if (typeof node === 'number') return hideInNumber(node)
    if (typeof node !== 'object' || node === null) return node
    if (depth > DEEPEST) return HIDDEN
    if (Array.isArray(node)) return node.map((item) => walk(item, depth + 1))
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [hideIn(key), walk(item, depth + 1)]))
  }

  return walk(body, 1)
}

/** As it went out, as text inside of JSON and in both encodings of a query; and the long parts of it by themselves. */
function formsOf(value: string): readonly string[] {
  const parts = value.split(/[\s,;="]+/).filter(({ length }) => length >= SECRET_LENGTH)
  return [value, ...parts]
    .flatMap((text) => [
      text,
      JSON.stringify(text).slice(1, -1),
      encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')),
      new URLSearchParams({ '': text }).toString().slice(1),
    ])
    .filter((text) => text !== '')
}

/** `null` for no text at all. `border`: what may not touch the text on either side. */
function patternOf(texts: readonly string[], border?: string): RegExp | null {
  if (texts.length === 0) return null
  // The longest first: a text may begin with another one.
  const longestFirst = texts.toSorted((one, other) => other.length - one.length)
  const any = longestFirst.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')
  return new RegExp(border === undefined ? any : `(?<!${border})(?:${any})(?!${border})`, 'gu')
}
