/** The tables of docs/widget.md, from the manifest of `<chat-widget>`. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { filesUnder } from './compress.mjs'
import { createManifest, eventDetails } from './element-manifest.mjs'
import { ROOT } from './run.mjs'

const PAGE = join(ROOT, 'docs/widget.md')
const SOURCES = join(ROOT, 'packages/widget/src')

const code = (text) => `\`${text}\``
const cell = (text) => text.replaceAll('|', '\\|')
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')

/** A choice of literals, the default marked; another type as it is. */
function values({ text }, standard) {
  if (!text.startsWith("'")) return code(text)
  const names = text
    .split(' | ')
    .map((value) => code(value.slice(1, -1)) + (value === standard ? ' (default)' : ''))
  return names.join(', ').replace(/, ([^,]*)$/, ' or $1')
}

function attributes({ attributes: all, members }) {
  const own = members.filter(({ kind, attribute }) => kind === 'field' && attribute === undefined)
  return table(
    ['name', 'values', 'meaning'],
    [
      ...all.map(({ name, type, default: standard, description }) => [
        code(name),
        values(type, standard),
        description,
      ]),
      ...own.map(({ name, type, description }) => [`${code(name)} (property)`, code(type.text), description]),
    ],
  )
}

function methods({ members }) {
  const signature = ({ name, parameters = [], return: result }) => {
    const given = parameters.map(
      ({ name: one, optional, type }) => `${one}${optional ? '?' : ''}: ${type.text}`,
    )
    return code(`${name}(${given.join(', ')}): ${result.type.text}`)
  }
  const all = members.filter(({ kind }) => kind === 'method')
  return table(
    ['method', 'meaning'],
    all.map((method) => [signature(method), method.description]),
  )
}

const events = ({ events: all }, details) =>
  table(
    ['event', 'class', '`detail`', 'meaning'],
    all.map(({ name, type, description }) => [
      code(name),
      code(type.text),
      code(details[name].length === 0 ? '{}' : `{ ${details[name].join(', ')} }`),
      description,
    ]),
  )

const cssProperties = ({ cssProperties: all }) =>
  table(
    ['custom property', 'default', 'meaning'],
    all.map(({ name, default: standard, description }) => [
      code(name),
      standard ? code(standard) : '',
      description,
    ]),
  )

const cssParts = ({ cssParts: all }) =>
  table(
    ['part', 'meaning'],
    all.map(({ name, description }) => [code(name), description]),
  )

const slots = ({ slots: all }) =>
  table(
    ['slot', 'takes'],
    all.map(({ name, description }) => [code(name), description]),
  )

async function withTables(page) {
  const [element] = (await createManifest()).modules[0].declarations
  const tables = {
    attributes: attributes(element),
    methods: methods(element),
    events: events(element, await eventDetails()),
    'css-properties': cssProperties(element),
    'css-parts': cssParts(element),
    slots: slots(element),
  }
  return Object.entries(tables).reduce((text, [name, content]) => {
    const place = new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`)
    if (!place.test(text)) throw new Error(`docs/widget.md has no place for the table of ${name}`)
    return text.replace(place, () => `<!-- ${name} -->\n${content}\n<!-- /${name} -->`)
  }, page)
}

export async function writeWidgetTables() {
  await writeFile(PAGE, await withTables(await readFile(PAGE, 'utf8')))
}

/** What pages can style by the sources, beside what the JSDoc says of it. */
async function undocumented() {
  const [element] = (await createManifest()).modules[0].declarations
  const paths = (await filesUnder(SOURCES)).filter((path) => /(?<!\.test|\.testing)\.ts$/.test(path))
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  const sources = texts.join('\n').replace(/\/\*[\s\S]*?\*\//g, '')
  const used = (pattern) => [
    ...new Set([...sources.matchAll(pattern)].flatMap(([, names]) => names.split(' '))),
  ]
  const properties = used(/var\((--chat-[a-z-]+)/g)
  const parts = used(/\bpart(?:="|: ')([a-z -]+)["']/g)
  const filled = used(/\bslot(?:', {)? name(?:="|: ')([a-z-]+)["']/g)
  const documented = [...element.cssProperties, ...element.cssParts, ...element.slots].map(({ name }) => name)
  const isThere = (name) => properties.includes(name) || new RegExp(`["' ]${name}["' ]`).test(sources)
  return [
    ...[...properties, ...parts, ...filled]
      .filter((name) => !documented.includes(name))
      .map((name) => `lacks ${name}`),
    ...documented.filter((name) => !isThere(name)).map((name) => `has ${name}, which the element has not`),
  ].map((problem) => `attributes-element.ts: its JSDoc ${problem}`)
}

/** One sentence for each thing that the page or the JSDoc has and the element has not, or the other way round. */
export async function widgetTableProblems() {
  const page = await readFile(PAGE, 'utf8')
  const stale =
    (await withTables(page)) === page
      ? []
      : ['docs/widget.md has not the tables of the element: pnpm reports']
  return [...stale, ...(await undocumented())]
}
