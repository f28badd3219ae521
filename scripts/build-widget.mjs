/**
 * Builds the widget into packages/widget/dist: first the engine, whose hashed name the two entries contain, so that
 * `chat-widget.js` and `embed.js` load the same file. Then compresses, and writes the manifest.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { build } from 'vite'
import {
  minifyTemplates,
  oneNameForParts,
  plainImports,
  retriedParts,
  VERSION,
} from '../packages/widget/vite.plugins.mjs'
import { brotli, compress, compressFile, filesUnder } from './compress.mjs'
import { minifyTwice, treeshake } from './minify.mjs'
import { partSizes } from './part-sizes.mjs'
import { asPublished, chosenExports, hasSideEffects } from './published-libraries.mjs'
import { ROOT } from './run.mjs'
import { readWords } from './words-files.mjs'

const WIDGET = join(ROOT, 'packages/widget')
const DIST = join(WIDGET, 'dist')

/** Modules that parts of the engine share, but not the engine itself, and those by which they are imported. */
const SHARED_BY_PARTS =
  /\/(widget\/src\/(locales\/parts\/[\w-]+|engine\/(add-styles|elements\/(template-element|icon-template)|attention\/visitor-choices|conversations\/use-client|kinds\/answer-to|who\/picture|files\/[\w-]+))|client\/src\/(login-requests|browser\/(index|alerts|clipboard|number-format)|(rich-text|conversations)\/[\w-]+|conversation\/kept-(drafts|forms)|files\/(index|file-facts|read-file|taken-types))|protocol\/src\/(index|message|answers|safe-url))\.ts(\?|$)/

const shared = {
  root: WIDGET,
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  plugins: [chosenExports(), minifyTemplates(), plainImports(), asPublished(), minifyTwice()],
  resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
}

const output = ({ output: files, ...options }) => ({
  outDir: 'dist',
  // For measuring the parts; not published.
  sourcemap: 'hidden',
  emptyOutDir: false,
  target: 'es2022',
  minify: false,
  modulePreload: false,
  reportCompressedSize: false,
  rolldownOptions: {
    ...options,
    // Minifying takes most of the time, as is to be expected.
    checks: { pluginTimings: false },
    treeshake: { ...treeshake, moduleSideEffects: hasSideEffects },
    optimization: { inlineConst: { mode: 'all', pass: 3 } },
    // An object of what a module exports, which manager.js of socket.io-client makes, need not say that it is one.
    output: { ...files, generatedCode: { symbols: false }, minify: false },
  },
})

/** A hash of files, for their names. */
function versionOf(files) {
  const hash = createHash('sha256')
  for (const { code } of files) hash.update(code)
  return hash.digest('base64url').slice(0, VERSION.length)
}

/**
 * Writes a file for each language but English. Their names end in a hash of all of them, so that the engine knows them by
 * one expression: a name for each would be a dozen bytes for each in every chat.
 */
async function buildLanguages() {
  const languages = readWords().others.map(({ key }) => key)
  const result = await build({
    ...shared,
    build: {
      ...output({
        input: Object.fromEntries(languages.map((key) => [key, join(WIDGET, `src/locales/${key}.ts`)])),
        preserveEntrySignatures: 'strict',
        output: { format: 'es', entryFileNames: '[name].js' },
      }),
      sourcemap: false,
      write: false,
    },
  })
  const version = versionOf(result.output)
  await mkdir(join(DIST, 'assets'), { recursive: true })
  for (const { name, code, imports } of result.output) {
    if (imports.length > 0) throw new Error(`the language ${name} imports ${imports}, which may be missing`)
    await writeFile(join(DIST, 'assets', `${name}-${version}.js`), code)
  }
  return { languages, version }
}

/** Lets the engine load those files. `importPart`: of `retriedParts`. */
const languageFiles = ({ languages, version }) => ({
  name: 'language-files',
  load: (id) =>
    id.endsWith('/locales/languages.ts')
      ? `export const loadLanguage = (name) =>
           /^(${languages.join('|')})$/.test(name) ? importPart(name, '${version}') : undefined`
      : null,
})

/**
 * Bundles the module that uploads before the rest: a library that it uses has a CommonJS module, and the bundler's code for
 * those would otherwise be in the engine, which has none.
 */
const uploadApart = {
  name: 'upload-apart',
  async load(id) {
    if (!id.endsWith('/files/upload.ts')) return null
    const options = output({ input: id, preserveEntrySignatures: 'strict', output: { format: 'es' } })
    const result = await build({ ...shared, build: { ...options, sourcemap: false, write: false } })
    return { code: result.output[0].code, moduleType: 'js' }
  },
}

/** Resolves with the engine's chunks, each with its source map. */
async function buildEngine() {
  const languages = await buildLanguages()
  const result = await build({
    ...shared,
    plugins: [
      ...shared.plugins,
      ...[languageFiles(languages), uploadApart, retriedParts(SHARED_BY_PARTS), oneNameForParts()],
    ],
    build: {
      ...output({
        input: join(WIDGET, 'src/engine/index.ts'),
        // Lets parts that are loaded later share code with the engine's file, instead of a third file for both.
        preserveEntrySignatures: 'allow-extension',
        output: {
          format: 'es',
          entryFileNames: `assets/engine-${VERSION}.js`,
          // Tables of emoji import nothing, and stay as they are in most releases.
          chunkFileNames: ({ name }) => `assets/[name]-${name.startsWith('emoji-') ? '[hash]' : VERSION}.js`,
          // The engine's initial code is one file: brotli compresses it as a whole, and the browser fetches once.
          codeSplitting: { groups: [{ name: 'engine', tags: ['$initial'] }] },
        },
      }),
      write: false,
    },
  })
  const chunks = result.output.filter((file) => file.type === 'chunk')
  const version = versionOf(chunks)
  const named = (text) => text.replaceAll(VERSION, version)
  const files = chunks.map(({ fileName, imports, code, name, isEntry, map }) => ({
    fileName: named(fileName),
    imports: imports.map(named),
    code: named(code),
    name,
    isEntry,
    map,
  }))
  for (const { fileName, code } of files) await writeFile(join(DIST, fileName), code)
  return files
}

function buildEntry(name, format, engineFile) {
  return build({
    ...shared,
    define: { __ENGINE_FILE__: JSON.stringify(engineFile) },
    build: output({
      input: join(WIDGET, `src/${name}.ts`),
      preserveEntrySignatures: 'strict',
      // The engine loads further files by URL, so an entry is always one file.
      output: {
        format,
        entryFileNames: `${name}.js`,
        ...(format === 'iife' ? { name: 'ChatWidgetEmbed' } : {}),
      },
    }),
  })
}

/** A file and its static imports: the files that the browser fetches before it runs. */
function closure(chunks, fileName, seen = new Set()) {
  if (seen.has(fileName)) return seen
  seen.add(fileName)
  for (const imported of chunks.get(fileName)?.imports ?? []) closure(chunks, imported, seen)
  return seen
}

/** A sentence of each locale, by which the leak check recognises the locale in a built file. */
const localeSamples = () =>
  Object.fromEntries(readWords().others.map(({ tag, texts }) => [tag, texts.get('widget.chat.emptyText')]))

/** Lit's own file, which `chat` does not load. */
async function sizeOfLit(chunks) {
  const { code } = chunks.find(({ name }) => name === 'lit-functions')
  return { 'lit, loaded with the first card, form or menu': (await brotli(Buffer.from(code))).length }
}

/** `sizes`: of files in brotli, by path. */
async function writeManifest(engineFiles, parts, sizes) {
  const files = {}
  for (const [path, size] of sizes) {
    const bytes = await readFile(path)
    files[relative(DIST, path)] = {
      bytes: bytes.length,
      brotli: size,
      integrity: `sha384-${createHash('sha384').update(bytes).digest('base64')}`,
    }
  }
  const launcher = ['chat-widget.js']
  const { version } = JSON.parse(await readFile(join(WIDGET, 'package.json'), 'utf8'))
  const manifest = {
    version,
    launcher,
    chat: [...launcher, ...engineFiles],
    chatByTag: ['embed.js', ...engineFiles],
    // Shares of the files that `chat` loads beside the launcher, and Lit.
    parts,
    files,
    localeSamples: localeSamples(),
  }
  const path = join(DIST, 'chat-widget.manifest.json')
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`)
  await compressFile(path)
}

export async function buildWidget() {
  await rm(DIST, { recursive: true, force: true })
  const chunks = await buildEngine()
  const engine = chunks.find((chunk) => chunk.isEntry)
  if (engine === undefined) throw new Error('the engine was not built')
  await buildEntry('chat-widget', 'es', engine.fileName)
  await buildEntry('embed', 'iife', engine.fileName)
  await buildEntry('proactive', 'es', engine.fileName)
  for (const path of await filesUnder(DIST)) if (path.endsWith('.map')) await rm(path)
  const sizes = await compress(DIST)
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const parts = { ...(await partSizes(engine)), ...(await sizeOfLit(chunks)) }
  await writeManifest([...closure(byName, engine.fileName)], parts, sizes)
}
