/** Checks words/*.arb: no key missing, unknown or unused, valid ICU, the same placeholders, every plural form. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'
import { APART, SURFACE_NAMES, surfaceOf } from './words.mjs'
import { readWords } from './words-files.mjs'
import { compileMessage, elementsOf, parseMessage } from './words-message.mjs'
import { wordsPageProblems } from './words-page.mjs'

/** Fewer words may be the same in two languages, such as "Chat" and "OK". */
const SURELY_ENGLISH = 3

const argumentsOf = (elements) =>
  new Set(
    [...elementsOf(elements)].flatMap((element) =>
      typeof element.value === 'string' && element.type !== 0 ? [element.value] : [],
    ),
  )

const difference = (one, other) => [...one].filter((item) => !other.has(item))

function* pluralProblems(elements, tag) {
  const categories = new Set(new Intl.PluralRules(tag).resolvedOptions().pluralCategories)
  for (const { options, offset } of elementsOf(elements)) {
    if (offset === undefined) continue
    const given = new Set(Object.keys(options).filter((key) => !key.startsWith('=')))
    for (const name of difference(categories, given)) yield `lacks the plural form "${name}"`
    for (const name of difference(given, categories))
      yield `has the plural form "${name}", which ${tag} has not`
  }
}

/** What is wrong with a message of a language, each as the end of a sentence. */
export function* messageProblems(text, word, tag) {
  const names = new Set(word.parameters.map(({ name }) => name))
  let elements
  try {
    elements = parseMessage(text)
    compileMessage(text, { parameters: word.parameters, isolate: false })
  } catch (error) {
    yield error.message
    return
  }
  const used = argumentsOf(elements)
  for (const name of difference(names, used)) yield `lacks {${name}}`
  for (const name of difference(used, names)) yield `has {${name}}, which the code does not give`
  yield* pluralProblems(elements, tag)
  if (text !== text.trim() || text.trim() === '') yield 'is empty, or begins or ends with a space'
}

const isEnglish = (text, english) => text === english && english.split(' ').length >= SURELY_ENGLISH

function* languageProblems({ file, tag, texts }, words) {
  const known = new Map(words.map((word) => [word.key, word]))
  for (const key of texts.keys()) if (!known.has(key)) yield `words/${file}: ${key} is not in en.arb`
  for (const [key, word] of known) {
    const text = texts.get(key)
    if (text === undefined) {
      yield `words/${file}: ${key} is missing`
      continue
    }
    for (const problem of messageProblems(text, word, tag)) yield `words/${file}: ${key} ${problem}`
    if (tag !== 'en' && isEnglish(text, word.text)) yield `words/${file}: ${key} is English`
  }
}

/** Whole words of a package's sources, without tests and tables. */
function wordsOfSources(name) {
  const src = join(ROOT, 'packages', name, 'src')
  const files = readdirSync(src, { recursive: true }).filter(
    (path) => /(?<!\.test|\.testing)\.ts$/.test(path) && !path.startsWith('locales'),
  )
  return new Set(files.flatMap((path) => readFileSync(join(src, path), 'utf8').match(/[\w-]+/g) ?? []))
}

function* englishProblems(words) {
  // Names of states and causes stand where the console and the widget have them from.
  const shared = new Set(['protocol', 'client', 'server'].flatMap((name) => [...wordsOfSources(name)]))
  const sources = new Map(SURFACE_NAMES.map((name) => [name, wordsOfSources(name)]))
  for (const { key, note } of words) {
    const own = sources.get(surfaceOf(key))
    if (own === undefined) yield `words/en.arb: ${key} is of no surface (${SURFACE_NAMES.join(', ')})`
    if (note === '') yield `words/en.arb: ${key} has no note: "@${key}": { "description": "…" }`
    // A part of the chat has its file; the names below it are the code's.
    const path = key.split('.').slice(surfaceOf(key) === 'widget' ? 2 : 1)
    const unused = own && path.find((name) => !own.has(name) && !shared.has(name))
    if (unused !== undefined) yield `words/en.arb: ${key} is unused: nothing names "${unused}"`
  }
}

/**
 * Keys of which the tables would hold one alone. The chat's words are one object by name, whichever section they are in,
 * and a name is a word or a group of words.
 */
export function* clashProblems(keys) {
  const known = new Set(keys)
  const sections = new Map()
  for (const key of keys) {
    const path = key.split('.')
    const group = path.map((_, index) => path.slice(0, index).join('.')).find((start) => known.has(start))
    if (group !== undefined) yield `words/en.arb: ${key} stands below ${group}, which is a word`
    const [surface, section, name] = path
    if (surface !== 'widget' || APART.includes(section)) continue
    const first = sections.get(name) ?? section
    if (first !== section)
      yield `words/en.arb: ${key} has the name of a word of widget.${first}: one would replace the other`
    sections.set(name, first)
  }
}

/** One sentence each. */
export function wordsProblems() {
  const { words, english, others } = readWords()
  return [
    ...englishProblems(words),
    ...clashProblems(words.map(({ key }) => key)),
    ...[english, ...others].flatMap((language) => [...languageProblems(language, words)]),
    ...wordsPageProblems(),
  ]
}
