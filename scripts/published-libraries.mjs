/** Keeps libraries as published: a build may choose among their exports, and changes none of their text. */
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { ROOT } from './run.mjs'

/**
 * Packages whose modules do nothing but define things, which their package.json does not say: what nobody imports of
 * them may be left out.
 */
const DEFINES_ONLY = /node_modules\/(@socket\.io\/component-emitter|(engine|socket)\.io-(client|parser))\//

/** Rolldown's `treeshake.moduleSideEffects`. */
export const hasSideEffects = (id) => !DEFINES_ONLY.test(id)

/** Exports that a module of a package gets of another package: by its path, that package's name, and the name it imports. */
const CHOSEN = {
  'socket.io-client/build/esm/manager.js': {
    // It imports the package as a whole, as the default of an option that connection.ts gives.
    'socket.io-parser': {},
    // Made for bundlers: changes no transport once it is connected, and comes with none, so a chat has those it imports.
    // Last seen in engine.io-client 6.6.6, at which pnpm-workspace.yaml holds it.
    'engine.io-client': {
      Socket: 'SocketWithoutUpgrade',
      installTimerFunctions: 'installTimerFunctions',
      nextTick: 'nextTick',
    },
  },
}

const CHOSEN_ID = '\0chosen:'

/**
 * Leaves out the other exports. Fails the build where a package has no such export.
 * @returns {import('vite').Plugin}
 */
export function chosenExports() {
  const choicesOf = (path) => CHOSEN[path?.split('/node_modules/').at(-1)]
  return {
    name: 'chosen-exports',
    enforce: 'pre',
    resolveId: (source, importer) =>
      choicesOf(importer)?.[source] && !importer.startsWith(CHOSEN_ID)
        ? `${CHOSEN_ID}${source}:${importer}`
        : null,
    async load(id) {
      if (!id.startsWith(CHOSEN_ID)) return undefined
      const [source, importer] = id.slice(CHOSEN_ID.length).split(':')
      const resolved = await this.resolve(source, importer, { skipSelf: true })
      const { exports } = await this.load(resolved)
      const choices = Object.entries(choicesOf(importer)[source])
      for (const [, name] of choices)
        if (!exports.includes(name))
          throw new Error(
            `${source} has no export ${name} that ${relative(ROOT, importer)} could have: see CHOSEN in scripts/published-libraries.mjs`,
          )
      const list = choices.map(([imported, name]) => `${name} as ${imported}`)
      return `export { ${list} } from ${JSON.stringify(resolved.id)}`
    },
  }
}

/**
 * Fails the build if a library's module is not the file that was installed. Put it last among the plugins.
 * @returns {import('vite').Plugin}
 */
export function asPublished() {
  return {
    name: 'as-published',
    enforce: 'post',
    transform: {
      order: 'post',
      async handler(code, id) {
        if (!id.includes('/node_modules/') || id.startsWith('\0')) return
        if (code !== (await readFile(id.replace(/\?.*/, ''), 'utf8')))
          throw new Error(
            `${relative(ROOT, id)} is not as published: a plugin of the build has changed its text`,
          )
      },
    },
  }
}
