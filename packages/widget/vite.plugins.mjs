/** Vite plugins of the widget's build, scripts/build-widget.mjs. */
import { basename } from 'node:path'

/**
 * Leaves every `import()` as it is: Vite's step for them would preload style sheets and modules, and the widget has
 * neither.
 * @returns {import('vite').Plugin}
 */
export function plainImports() {
  return {
    name: 'plain-imports',
    configResolved(config) {
      const plugins = /** @type {import('vite').Plugin[]} */ (config.plugins)
      const steps = plugins.filter(({ name }) =>
        /^(vite:build-import-analysis|native:import-analysis-build)$/.test(name),
      )
      for (const step of steps) plugins.splice(plugins.indexOf(step), 1)
    },
  }
}

/**
 * Stands in the names of the engine and its parts for a hash of all of them, until they are built. They name each other, so
 * that none changes alone; a hash for each would be a dozen bytes for each part in every chat. As long as the hash.
 */
export const VERSION = '@version'

/** Requests a part that could not be loaded at another address the next time: see src/engine-file.ts. */
const IMPORT_PART = `function importPart(name, version = '${VERSION}') {
  const failures = importPart[name] || 0
  const query = failures ? '?attempt=' + failures : ''
  return import('./' + name + '-' + version + '.js' + query).catch((error) => {
    importPart[name] = failures + 1
    throw error
  })
}`

/** Folders whose files are in several parts; any other is one part. */
const OF_SEVERAL_PARTS = ['elements', 'kinds', 'conversations']

/** A copy belongs to the part it was made for. */
function partOf(importer) {
  const [path, copy] = importer.split('?part=')
  if (copy !== undefined) return copy
  const folder = /\/([\w-]+)\/[\w.-]+$/.exec(path)?.[1] ?? ''
  return OF_SEVERAL_PARTS.includes(folder) ? basename(path, '.ts') : folder
}

/**
 * Lets each part that is loaded later be requested again after a failure, in browsers that remember failures too. So a
 * part imports nothing but the file that loads it: whatever else it imported would be remembered under its one address.
 * @param {RegExp} shared paths of modules that several parts use: each part gets its own copy, of what it uses of them
 * @returns {import('vite').Plugin}
 */
export function retriedParts(shared) {
  return {
    name: 'retried-parts',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (importer === undefined) return null
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true })
      if (resolved === null || !shared.test(resolved.id)) return null
      return { ...resolved, id: `${resolved.id.replace(/\?.*/, '')}?part=${partOf(importer)}` }
    },
    renderChunk(code, { dynamicImports, fileName }) {
      if (dynamicImports.length === 0) return null
      let count = 0
      const rendered = code.replace(
        /\bimport\(["'`]\.\/([\w-]+)-([^"'`]+)\.js["'`]\)/g,
        (_, name, version) => {
          count += 1
          return version === VERSION ? `importPart('${name}')` : `importPart('${name}', '${version}')`
        },
      )
      if (count < dynamicImports.length)
        throw new Error(`${fileName}: parts that are not loaded by importPart`)
      return { code: `${rendered}\n${IMPORT_PART}`, map: null }
    },
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const entries = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
      for (const { fileName, imports } of chunks)
        for (const imported of imports)
          if (!entries.has(imported)) throw new Error(`${fileName} imports ${imported}, which may be missing`)
    },
  }
}

/** `edits`: `{ start, end, text }`. From the end, so that a shorter text does not move the next edit. */
const edited = (code, edits) =>
  edits
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, text }) => result.slice(0, start) + text + result.slice(end), code)

/**
 * Lets parts import by the names that the minifier gave in the file they import: the bundler chose others before, and
 * `export{a as b}` has both. A name that no part imports is left: the file's users know it.
 * @returns {import('vite').Plugin}
 */
export function oneNameForParts() {
  return {
    name: 'one-name-for-parts',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const statements = (chunk, type) => this.parse(chunk.code).body.filter((node) => node.type === type)
      for (const entry of chunks.filter(({ isEntry }) => isEntry)) {
        const locals = new Map(
          statements(entry, 'ExportNamedDeclaration')
            .flatMap(({ specifiers }) => specifiers)
            .map(({ exported, local }) => [exported.name, local.name]),
        )
        const used = new Set()
        for (const chunk of chunks) {
          const imports = statements(chunk, 'ImportDeclaration')
            .filter(({ source }) => source.value.endsWith(`/${basename(entry.fileName)}`))
            .flatMap(({ specifiers }) => specifiers)
          for (const { imported } of imports) used.add(imported.name)
          chunk.code = edited(
            chunk.code,
            imports.map(({ start, end, imported, local }) => ({
              ...{ start, end },
              text: specifier(locals.get(imported.name), local.name),
            })),
          )
        }
        entry.code = edited(
          entry.code,
          statements(entry, 'ExportNamedDeclaration')
            .flatMap(({ specifiers }) => specifiers)
            .filter(({ exported }) => used.has(exported.name))
            .map(({ start, end, local }) => ({ start, end, text: local.name })),
        )
      }
    },
  }
}

const specifier = (name, alias) => (name === alias ? name : `${name} as ${alias}`)

const squeezeSpace = (text) => text.replace(/\s+/g, ' ')
const squeezeStyles = (css) =>
  squeezeSpace(css.replace(/\/\*[\s\S]*?\*\//g, ''))
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/ !/g, '!')
    .replace(/: /g, ':')
    .replace(/;}/g, '}')

/** Every node of a syntax tree. */
function* nodesOf(node) {
  if (node === null || typeof node !== 'object') return
  if (typeof node.type === 'string') yield node
  for (const value of Object.values(node)) yield* nodesOf(value)
}

/** Template literals whose spaces mean nothing: markup, and all of a styles file. */
function templatesIn(tree, isStyles) {
  const templates = []
  for (const node of nodesOf(tree)) {
    if (isStyles && node.type === 'TemplateLiteral') templates.push(node)
    if (!isStyles && node.type === 'TaggedTemplateExpression' && node.tag.name === 'html')
      templates.push(node.quasi)
  }
  return templates
}

/**
 * Removes comments and needless space from templates; a minifier leaves template literals unchanged.
 * @returns {import('vite').Plugin}
 */
export function minifyTemplates() {
  return {
    name: 'minify-templates',
    enforce: 'post',
    transform(code, id) {
      if (!/\/widget\/src\/.*\.ts$/.test(id)) return null
      const isStyles = id.endsWith('.styles.ts')
      const squeeze = isStyles ? squeezeStyles : squeezeSpace
      const edits = templatesIn(this.parse(code), isStyles)
        .flatMap(({ quasis }) => quasis)
        .map(({ start, value: { raw } }) => {
          const at = code.indexOf(raw, start)
          return { start: at, end: at + raw.length, text: squeeze(raw) }
        })
      return { code: edited(code, edits), map: null }
    },
  }
}
