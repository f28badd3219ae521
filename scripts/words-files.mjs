/** Reads words/*.arb: the product's words, one file a language, in ICU MessageFormat. English holds the notes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

export const WORDS = join(ROOT, 'words')

/**
 * @typedef {{
 *   readonly key: string,
 *   readonly text: string,
 *   readonly note: string,
 *   readonly parameters: import('./words-message.mjs').Parameters,
 *   readonly isolates: boolean,
 * }} Word An English message. `isolates`: its names keep their direction in a right-to-left language
 * @typedef {{
 *   readonly file: string,
 *   readonly tag: string,
 *   readonly key: string,
 *   readonly isRightToLeft: boolean,
 *   readonly texts: ReadonlyMap<string, string>,
 * }} Language `tag`: BCP 47; `key`: what it is found by, the shortest tag that means the same: `zh` for `zh-Hans`
 */

/** Names that a table's functions use. */
const FORMATS = ['number', 'plural']
const TYPES = { String: false, int: true }
const RIGHT_TO_LEFT = new Set(['Arab', 'Hebr'])

function readFile(file) {
  try {
    return JSON.parse(readFileSync(join(WORDS, file), 'utf8'))
  } catch (error) {
    throw new Error(`words/${file}: ${error.message}`)
  }
}

/** @returns {Language} */
function languageOf(file, content) {
  const tag = content['@@locale']
  if (`${tag}.arb` !== file) throw new Error(`words/${file}: "@@locale" must be ${file.replace('.arb', '')}`)
  const locale = new Intl.Locale(tag)
  return {
    file,
    tag,
    key: locale.minimize().baseName.toLowerCase(),
    isRightToLeft: RIGHT_TO_LEFT.has(locale.maximize().script),
    texts: new Map(Object.entries(content).filter(([key]) => !key.startsWith('@'))),
  }
}

function parametersOf(key, { placeholders = {} }) {
  return Object.entries(placeholders).map(([name, { type }]) => {
    if (!(type in TYPES)) throw new Error(`words/en.arb: ${key}: {${name}} must be a String or an int`)
    if (FORMATS.includes(name)) throw new Error(`words/en.arb: ${key}: {${name}} is the name of a format`)
    return { name, isNumber: TYPES[type] }
  })
}

/** @returns {{ words: readonly Word[], english: Language, others: readonly Language[] }} */
export function readWords() {
  const files = readdirSync(WORDS).filter((file) => file.endsWith('.arb'))
  const source = readFile('en.arb')
  const english = languageOf('en.arb', source)
  const words = [...english.texts].map(([key, text]) => {
    const about = source[`@${key}`] ?? {}
    return {
      key,
      text,
      note: about.description ?? '',
      parameters: parametersOf(key, about),
      isolates: about['x-isolate'] !== false,
    }
  })
  const others = files
    .filter((file) => file !== 'en.arb')
    .sort()
    .map((file) => languageOf(file, readFile(file)))
  return { words, english, others }
}
