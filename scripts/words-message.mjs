/** Compiles an ICU message into a TypeScript expression, so that no browser has to parse one. */
import { parse, TYPE } from '@formatjs/icu-messageformat-parser'

/**
 * @typedef {{ readonly name: string, readonly isNumber: boolean }} Parameter
 * @typedef {readonly Parameter[]} Parameters
 */

/** Parsed; throws for a message that is no valid ICU, or uses what these words do without. */
export function parseMessage(text) {
  try {
    return parse(text, { ignoreTag: true, shouldParseSkeletons: false })
  } catch (error) {
    throw new Error(`is no ICU message: ${error.message}`)
  }
}

/** Every element of a message, also within the forms of plurals and choices. */
export function* elementsOf(elements) {
  for (const element of elements) {
    yield element
    for (const { value } of Object.values(element.options ?? {})) yield* elementsOf(value)
  }
}

const quoted = (text) => `'${text.replaceAll(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`
const inTemplate = (text) => text.replaceAll(/[\\`]|\$(?=\{)/g, '\\$&').replaceAll('\n', '\\n')
const nameOf = (key) => (/^[A-Za-z]\w*$/.test(key) ? key : quoted(key))

/** @param {{ parameters: Parameters, isolate: boolean, counted?: string }} scope */
function pieceOf(element, scope) {
  switch (element.type) {
    case TYPE.literal:
      return { text: element.value }
    case TYPE.pound:
      return { code: `number(${scope.counted})` }
    case TYPE.number:
      if (element.style) throw new Error(`{${element.value}}: a number has no style here`)
      return { code: `number(${element.value})` }
    case TYPE.argument: {
      const { value: name } = element
      const isNumber = scope.parameters.some((parameter) => parameter.name === name && parameter.isNumber)
      if (isNumber) return { code: `number(${name})` }
      // A foreign name keeps its own direction within the sentence.
      return { code: scope.isolate ? `\`\\u2068\${${name}}\\u2069\`` : name }
    }
    case TYPE.select:
      return { code: choice(element, scope) }
    case TYPE.plural:
      return { code: plural(element, scope) }
    default:
      throw new Error('dates, times and tags are not for these words: give a text')
  }
}

function choice({ value: name, options }, scope) {
  const forms = Object.entries(options).filter(([key]) => key !== 'other')
  return forms.reduceRight(
    (rest, [key, { value }]) => `${name} === ${quoted(key)} ? ${expression(value, scope)} : ${rest}`,
    expression(options.other.value, scope),
  )
}

function plural({ value: name, options, offset, pluralType }, scope) {
  if (pluralType !== 'cardinal' || offset !== 0)
    throw new Error('only plain cardinal plurals are for these words')
  const inner = { ...scope, counted: name }
  const entries = Object.entries(options).map(([key, { value }]) => [key, expression(value, inner)])
  const exact = entries.filter(([key]) => key.startsWith('='))
  const forms = entries.filter(([key]) => !key.startsWith('='))
  const chosen =
    forms.length === 1
      ? forms[0][1]
      : `plural(${name}, { ${forms.map(([key, form]) => `${key}: ${form}`).join(', ')} })`
  return exact.reduceRight((rest, [key, form]) => `${name} === ${key.slice(1)} ? ${form} : ${rest}`, chosen)
}

function expression(elements, scope) {
  const pieces = elements.map((element) => pieceOf(element, scope))
  if (pieces.every(({ text }) => text !== undefined)) return quoted(pieces.map(({ text }) => text).join(''))
  const [only] = pieces
  if (pieces.length === 1 && !only.code.startsWith('`'))
    return only.code.includes(' ? ') ? `(${only.code})` : only.code
  const text = pieces.map((piece) => {
    if (piece.text !== undefined) return inTemplate(piece.text)
    return piece.code.startsWith('`') ? piece.code.slice(1, -1) : `\${${piece.code}}`
  })
  return `\`${text.join('')}\``
}

/**
 * The value of a key in a table: a string, or a function of its parameters.
 * @param {{ parameters: Parameters, isolate: boolean }} scope `isolate`: of a right-to-left language
 */
export function compileMessage(text, scope) {
  const code = expression(parseMessage(text), scope)
  if (scope.parameters.length === 0) return code
  return `(${scope.parameters.map(({ name }) => name).join(', ')}) => ${code}`
}

/** The type of a key's value. @param {Parameters} parameters */
export const typeOfMessage = (parameters) =>
  parameters.length === 0
    ? 'string'
    : `(${parameters.map(({ name, isNumber }) => `${name}: ${isNumber ? 'number' : 'string'}`).join(', ')}) => string`

export { nameOf, quoted }
