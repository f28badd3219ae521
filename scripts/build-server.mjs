/**
 * Builds the `chat-widget-server` command into packages/server/dist/command: its own code and its libraries in a few files,
 * because finding and compiling some 900 modules takes most of a start. The library, beside it, imports its dependencies as any
 * package does.
 */
import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'
import { asPublished } from './published-libraries.mjs'
import { ROOT } from './run.mjs'

const SERVER = join(ROOT, 'packages/server')
const COMMAND = join(SERVER, 'dist/command')

/**
 * Native; installed by those who use them; or never loaded: parts of Fastify in whose place the server has its own
 * (src/http/schema-compilers.ts), and one for tests.
 */
const EXTERNAL =
  /^(libsql|pg-native|@aws-sdk\/.+|@tus\/s3-store|@fastify\/(ajv-compiler|fast-json-stringify-compiler)|light-my-request)$/

const LICENCE = /^(licen[cs]e|copying|notice)(?!.*\.(js|ts)$)/i

/** Maps of libraries would be most of the package, and nobody looks for a fault of ours there. */
const withoutLibraryMaps = {
  name: 'without-library-maps',
  transform: {
    filter: { id: /\/node_modules\// },
    handler: (code) => ({ code, map: { mappings: '' } }),
  },
}

/** The nearest folder with a manifest that names a package. */
async function packageOf(file) {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (!existsSync(manifest)) continue
    const { name, version, license, author } = JSON.parse(await readFile(manifest, 'utf8'))
    if (name !== undefined && version !== undefined) return { folder, name, version, license, author }
  }
  throw new Error(`${file} belongs to no package`)
}

/** The libraries' licences, which ask to be kept with every copy. */
async function licencesOf(modules) {
  const packages = new Map()
  for (const id of modules) {
    if (!id.includes('/node_modules/')) continue
    const found = await packageOf(id)
    packages.set(`${found.name} ${found.version}`, found)
  }
  const texts = []
  for (const [title, { folder, license, author }] of [...packages].sort(([one], [other]) =>
    one < other ? -1 : 1,
  )) {
    const files = (await readdir(folder)).filter((name) => LICENCE.test(name))
    const bodies = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
    const own =
      bodies.length > 0
        ? bodies.map((text) => text.trim())
        : [`Copyright ${author?.name ?? author ?? `the authors of ${title}`}`]
    texts.push([title, `Licence: ${license}`, ...own].join('\n\n'))
  }
  return `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

/** Removes the map of a file that holds libraries alone. */
async function removeMap(fileName) {
  const path = join(COMMAND, fileName)
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace(/^\/\/# sourceMappingURL=.*$/m, ''))
  await rm(`${path}.map`)
}

/** Writes the files of the command. */
export async function buildServer() {
  await rm(COMMAND, { recursive: true, force: true })
  const bundle = await rolldown({
    input: {
      main: join(SERVER, 'src/cli/main.ts'),
      // A thread loads it by this name.
      'sqlite-worker': join(SERVER, 'src/storage/sqlite-worker.js'),
    },
    cwd: SERVER,
    platform: 'node',
    external: EXTERNAL,
    plugins: [withoutLibraryMaps, asPublished()],
    // Those for CommonJS call each other by a `require` that no bundler follows.
    resolve: { conditionNames: ['source', 'node'], mainFields: ['module', 'main'] },
    transform: { target: 'node20' },
  })
  const { output } = await bundle.write({
    dir: COMMAND,
    format: 'es',
    sourcemap: true,
    keepNames: true,
    comments: false,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    minify: false,
  })
  await bundle.close()
  for (const { fileName, type, map } of output)
    if (type === 'chunk' && map?.sources.length === 0) await removeMap(fileName)
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  await writeFile(join(COMMAND, 'licenses.txt'), await licencesOf(new Set(modules)))
}
