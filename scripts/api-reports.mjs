/**
 * The public API of each package, from its declarations as built: `packages/NAME/api.md`. Public is what package.json
 * exports with code, unless the module's first comment, or a member's, has `@internal`. All that can be reached from
 * there is in the report; types of other packages are imports. Comments are not, so that they may change.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { parseSync, Visitor } from 'rolldown/utils'
import { dts } from 'rolldown-plugin-dts'
import { ROOT } from './run.mjs'

const PACKAGES = join(ROOT, 'packages')
const isOwnFile = (id) => id.startsWith('.') || id.startsWith('/')

function without(code, ranges) {
  const [kept, end] = ranges
    .toSorted((one, other) => one.start - other.start)
    .reduce(
      ([text, from], range) => [text + code.slice(from, range.start), Math.max(from, range.end)],
      ['', 0],
    )
  return kept + code.slice(end)
}

const MEMBERS = [
  'MethodDefinition',
  'PropertyDefinition',
  'TSAbstractMethodDefinition',
  'TSAbstractPropertyDefinition',
  'TSMethodSignature',
  'TSPropertySignature',
]

/** Removes members under a comment with `@internal`, and with them what only they reach. */
const withoutInternal = {
  name: 'without-internal',
  transform(code, id) {
    const { program, comments } = parseSync(id, code)
    const marks = comments.filter(({ value }) => value.includes('@internal'))
    const ranges = []
    const visit = ({ start, end }) => {
      const mark = marks.find(
        (comment) => comment.end <= start && code.slice(comment.end, start).trim() === '',
      )
      if (mark) ranges.push({ start: mark.start, end })
    }
    new Visitor(Object.fromEntries(MEMBERS.map((name) => [name, visit]))).visit(program)
    return without(code, ranges)
  },
}

/** All declarations that an entry reaches, in one text. */
async function bundle(entry) {
  const build = await rolldown({
    input: { entry },
    external: (id) => !isOwnFile(id),
    plugins: [withoutInternal, dts({ dtsOnly: true, generator: 'oxc', tsconfig: false })],
  })
  const { output } = await build.generate({ format: 'es' })
  await build.close()
  return output.find(({ fileName }) => fileName === 'entry.d.ts').code
}

const nameOf = ({ declaration, ...statement }) =>
  (declaration ?? statement).id?.name ?? (declaration ?? statement).declarations?.[0].id.name ?? ''

/** Sorted by name, so that code may move between files; without comments and empty lines. */
function surface(code) {
  const bare = without(code, parseSync('entry.d.ts', code).comments)
  const { program } = parseSync('entry.d.ts', bare)
  const lines = (node) =>
    bare
      .slice(node.start, node.end)
      .replace(/^\s*;?\s*\n/gm, '')
      .trimEnd()
  const rank = ({ type, specifiers }) => (type === 'ImportDeclaration' ? 0 : specifiers?.length > 0 ? 2 : 1)
  return program.body
    .filter(
      ({ type, specifiers, declaration }) =>
        type !== 'ExportNamedDeclaration' || declaration || specifiers.length > 0,
    )
    .toSorted((one, other) => rank(one) - rank(other) || (nameOf(one) < nameOf(other) ? -1 : 1))
    .map((node) =>
      rank(node) === 1
        ? lines(node)
        : lines(node).replace(/\{ | \}|, /g, (mark) => (mark === ' }' ? ',\n}' : `${mark.trim()}\n  `)),
    )
    .join('\n\n')
}

const isInternal = async (path) => /^\/\*\*[^/]*@internal/.test(await readFile(path, 'utf8'))

async function reportOf(folder, { name, exports }) {
  const sections = []
  for (const [path, entry] of Object.entries(exports)) {
    if (entry.types === undefined || entry.default === undefined) continue
    if (await isInternal(join(folder, entry.source ?? entry.types))) continue
    const text = surface(await bundle(join(folder, entry.types)))
    const title = `## \`${join(name, path)}\``
    const same = sections.find((section) => section.text === text)
    sections.push({ title, text, body: same ? `As ${same.title.slice(3)}.` : `\`\`\`ts\n${text}\n\`\`\`` })
  }
  const intro = `Made by \`pnpm reports\`. A change here is a change for users: a changeset says it.`
  return [`# API of ${name}`, intro, ...sections.flatMap(({ title, body }) => [title, body])].join('\n\n')
}

async function reports() {
  const found = []
  for (const directory of (await readdir(PACKAGES)).sort()) {
    const folder = join(PACKAGES, directory)
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    const hasTypes = Object.values(manifest.exports ?? {}).some(({ types }) => types !== undefined)
    if (manifest.private || !hasTypes) continue
    found.push({
      name: manifest.name,
      path: join(folder, 'api.md'),
      text: `${await reportOf(folder, manifest)}\n`,
    })
  }
  return found
}

export async function writeApiReports() {
  for (const { path, text } of await reports()) await writeFile(path, text)
}

/** One sentence for each package whose report is not of today. */
export async function apiProblems() {
  const problems = []
  for (const { name, path, text } of await reports())
    if ((await readFile(path, 'utf8').catch(() => '')) !== text)
      problems.push(
        `${name}: its public API is not that of api.md; pnpm reports writes it, a changeset says it`,
      )
  return problems
}
