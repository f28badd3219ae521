/**
 * Makes tables of words, in TypeScript, from words/*.arb: for each surface the English ones with their types, and a
 * module for each other language, so that a page loads one language. They are in no commit: installing makes them, and so
 * do building and testing.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './run.mjs'
import { readWords } from './words-files.mjs'
import { compileMessage, nameOf, quoted, typeOfMessage } from './words-message.mjs'

const HEADER = '// Made by scripts/words.mjs from words/*.arb.\n'
const FORMATS = "import type { Formats } from '@chat-widget/protocol'\n"

/** Surfaces: the first part of a key. Each has a folder of tables, which holds nothing else. */
const SURFACES = {
  widget: { folder: 'packages/widget/src/locales', tables: widgetTables },
  console: { folder: 'packages/console/src/locales', tables: pageTables('ConsoleStrings') },
  authenticator: {
    folder: 'packages/authenticator/src/locales',
    tables: pageTables('AuthenticatorStrings'),
  },
  server: { folder: 'packages/server/src/locales', tables: serverTables },
}

export const surfaceOf = (key) => key.slice(0, key.indexOf('.'))
export const SURFACE_NAMES = Object.keys(SURFACES)

/** What a page view shows, before anything is loaded. */
const NAME = 'widget.launcher.name'
const OPEN = 'widget.chat.open'
const LOAD_FAILED = 'widget.chat.loadFailed'
/** Shown by a script of its own, in all languages. */
const CLOSE = 'widget.proactive.proactiveClose'
/** Sections that are no part of the chat. */
export const APART = ['launcher', 'proactive']

const kebab = (name) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const typeName = (name) => `${name[0].toUpperCase()}${name.slice(1)}Strings`

/** Words below a path of keys, as a tree. */
function treeOf(words, prefix) {
  const tree = {}
  for (const word of words) {
    const path = word.key.slice(prefix.length + 1).split('.')
    const name = path.pop()
    let branch = tree
    for (const part of path) branch = branch[part] ??= {}
    branch[name] = word
  }
  return tree
}

const isWord = (node) => typeof node.key === 'string'

function members(tree, render) {
  return Object.entries(tree)
    .map(([name, node]) => (isWord(node) ? render(name, node) : render(name, null, members(node, render))))
    .join('')
}

const typesOf = (tree) =>
  members(tree, (name, word, inner) => {
    if (word === null) return `readonly ${nameOf(name)}: {\n${inner}}\n`
    const note = word.note === '' ? '' : `/** ${word.note.replaceAll('*/', '* /')} */\n`
    return `${note}readonly ${nameOf(name)}: ${typeOfMessage(word.parameters)}\n`
  })

/** A word in a language; in English if it is missing there or malformed, which `check` reports. */
function messageIn({ key, text, parameters, isolates }, { texts, isRightToLeft }) {
  const own = texts.get(key)
  if (own !== undefined)
    try {
      return compileMessage(own, { parameters, isolate: isolates && isRightToLeft })
    } catch {}
  return compileMessage(text, { parameters, isolate: false })
}

function valuesOf(tree, language) {
  return members(tree, (name, word, inner) =>
    word === null ? `${nameOf(name)}: {\n${inner}},\n` : `${nameOf(name)}: ${messageIn(word, language)},\n`,
  )
}

/** `export const strings = (formats) => ({ … })` */
function table(name, type, tree, language) {
  const values = valuesOf(tree, language)
  const used = ['number', 'plural'].filter((format) => values.includes(`${format}(`))
  const parameter = used.length === 0 ? '' : `{ ${used.join(', ')} }`
  return `export const ${name}: (formats: Formats) => ${type} = (${parameter}) => ({\n${values}})\n`
}

const interfaceOf = (name, tree) => `export interface ${name} {\n${typesOf(tree)}}\n`

const lazily = (others) => others.map(({ key }) => `${nameOf(key)}: () => import('./${key}.ts'),\n`).join('')

/**
 * The widget's: English by the part of the chat that shows it, each loaded with its part; another language is one file
 * for all. `launcher.ts`: what a page view shows before anything is loaded; there is room for one word a language, where
 * that is not "Chat".
 */
function widgetTables({ words, english, others }) {
  const sections = [...new Set(words.map(({ key }) => key.split('.')[1]))]
  const inSection = (name) => words.filter(({ key }) => key.split('.')[1] === name)
  const files = {}
  const types = []
  for (const section of sections.filter((name) => !APART.includes(name))) {
    const own = inSection(section)
    const tree = Object.assign({}, ...Object.values(treeOf(own, 'widget')))
    const type = typeName(section)
    const file = section === 'chat' ? 'chat' : `parts/${kebab(section)}`
    types.push([type, file])
    files[file] = `${FORMATS}\n${interfaceOf(type, tree)}\n${table('english', type, tree, english)}`
  }
  files['widget-strings'] = [
    ...types.map(([type, file]) => `import type { ${type} } from './${file}.ts'\n`),
    `\n/** The texts of the chat. */\nexport type WidgetStrings = ${types.map(([type]) => type).join(' & ')}\n`,
  ].join('')
  const { launcher: _, proactive: __, ...parts } = treeOf(words, 'widget')
  const all = Object.assign({}, ...Object.values(parts))
  for (const language of others)
    files[language.key] =
      `${FORMATS}import type { WidgetStrings } from './widget-strings.ts'\n\n${table('strings', 'WidgetStrings', all, language)}`
  files.languages = `${FORMATS}import type { WidgetStrings } from './widget-strings.ts'

type Load = () => Promise<{ readonly strings: (formats: Formats) => WidgetStrings }>

/** Languages but English, by their shortest tag. */
export const LANGUAGES: Readonly<Record<string, Load>> = {\n${lazily(others)}}

/** \`undefined\` for a language that is not there. The build replaces it: see build-widget.mjs. */
export const loadLanguage = (language: string): ReturnType<Load> | undefined => LANGUAGES[language]?.()\n`
  const constant = (name, key) => `export const ${name} = ${quoted(english.texts.get(key))}\n`
  const name = english.texts.get(NAME)
  const inOthers = (key) => others.map((other) => [other.key, other.texts.get(key) ?? english.texts.get(key)])
  const entries = (pairs) => pairs.map(([key, own]) => `${nameOf(key)}: ${quoted(own)},\n`).join('')
  const close = [['en', english.texts.get(CLOSE)], ...inOthers(CLOSE)]
  files.proactive = `/** By the languages' shortest tags. */
export const proactiveClose: Readonly<Record<string, string>> = {\n${entries(close)}}\n`
  files.launcher = `${constant('NAME', NAME)}${constant('OPEN', OPEN)}${constant('LOAD_FAILED', LOAD_FAILED)}
/** The first in languages that have another word, by their shortest tag. */
export const NAMES: Readonly<Record<string, string>> = {
${entries(inOthers(NAME).filter(([, own]) => own !== name))}}\n`
  return files
}

/** A page's: English comes with the page. */
function pageTables(type) {
  return ({ words, english, others }) => {
    const tree = treeOf(words, surfaceOf(words[0].key))
    const head = `${FORMATS}import type { ${type} } from './strings.ts'\n\n`
    return {
      strings: interfaceOf(type, tree),
      ...Object.fromEntries(
        [english, ...others].map((language) => [language.key, head + table('strings', type, tree, language)]),
      ),
      languages: `${head}type Load = () => Promise<{ readonly strings: (formats: Formats) => ${type} }>

/** Languages but English, by their shortest tag. */
export const LANGUAGES: Readonly<Record<string, Load>> = {\n${lazily(others)}}\n`,
    }
  }
}

/** The server's: it answers in all of them. */
function serverTables({ words, english, others }) {
  const tree = treeOf(words, 'server')
  const head = `${FORMATS}import type { ServerStrings } from './strings.ts'\n\n`
  const all = [english, ...others]
  const nameIn = ({ key }) => key.replaceAll('-', '_')
  return {
    strings: interfaceOf('ServerStrings', tree),
    ...Object.fromEntries(
      all.map((language) => [language.key, head + table('strings', 'ServerStrings', tree, language)]),
    ),
    languages: `${head}${all.map((language) => `import { strings as ${nameIn(language)} } from './${language.key}.ts'\n`).join('')}
/** The shortest BCP 47 tag of a language: \`zh\` for \`zh-Hans\`. */
export type Language = ${all.map(({ key }) => quoted(key)).join(' | ')}

interface Words {
  readonly tag: string
  readonly strings: (formats: Formats) => ServerStrings
}

export const WORDS: Readonly<Record<Language, Words>> = {
${all.map((language) => `${nameOf(language.key)}: { tag: '${language.tag}', strings: ${nameIn(language)} },\n`).join('')}}\n`,
  }
}

/** Whole at any time: several commands may make the same file at once. */
function write(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.${process.pid}`, text)
  renameSync(`${path}.${process.pid}`, path)
}

/** Writes what changed. Throws if English is malformed. */
export function writeWords() {
  const { words, english, others } = readWords()
  for (const [surface, { folder, tables }] of Object.entries(SURFACES)) {
    const own = words.filter(({ key }) => surfaceOf(key) === surface)
    if (own.length === 0) continue
    const files = tables({ words: own, english, others })
    const path = join(ROOT, folder)
    for (const [name, text] of Object.entries(files)) write(join(path, `${name}.ts`), HEADER + text)
    const made = Object.keys(files).map((name) => `${name}.ts`)
    for (const file of readdirSync(path, { recursive: true }))
      if (file.endsWith('.ts') && !made.includes(file)) rmSync(join(path, file), { force: true })
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeWords()
