/** Removes values of the context from a company's answer, e.g. an echo of the request's headers ([ID16]). */

/** Written in place of a removed value. */
const HIDDEN = '•••'

/** Values of this length may be secrets, and are removed within words too. */
const SECRET_LENGTH = 16
/** Values shorter than this would spoil amounts and dates, and are removed only as whole words. */
const WORD_LENGTH = 4
/** Deeper than any answer that people or bots read; anything below is removed unread. */
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

/**
 * Forms in which a value may come back: as it was sent, as JSON text, in both encodings of a query; and its long parts.
 */
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

/** Returns `null` for no texts. `border`: characters that may not touch the text on either side. */
function patternOf(texts: readonly string[], border?: string): RegExp | null {
  if (texts.length === 0) return null
  // Longest first: one text may begin with another.
  const longestFirst = texts.toSorted((one, other) => other.length - one.length)
  const any = longestFirst.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')
  return new RegExp(border === undefined ? any : `(?<!${border})(?:${any})(?!${border})`, 'gu')
}
