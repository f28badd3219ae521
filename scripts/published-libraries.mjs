/** Keeps libraries as published: a build may choose among their exports, and changes none of their text. */
import { relative } from 'node:path'
import { ROOT } from './run.mjs'

/** Still rewritten, by packages/client/build, until the published text is used. Add nothing here. */
const REWRITTEN = /node_modules\/engine\.io-(client|parser)\//

/**
 * Packages whose modules do nothing but define things, which their package.json does not say: what nobody imports of
 * them may be left out.
 */
const DEFINES_ONLY = /node_modules\/(@socket\.io\/component-emitter|(engine|socket)\.io-(client|parser))\//

/** Rolldown's `treeshake.moduleSideEffects`. */
export const hasSideEffects = (id) => !DEFINES_ONLY.test(id)

/** What is used of a package that a module of another one imports as a whole, by that module's path. */
const CHOSEN = {
  'socket.io-client/build/esm/manager.js': { source: 'socket.io-parser', exports: 'Decoder, Encoder' },
}

const CHOSEN_ID = '\0chosen:'

/**
 * Leaves out the other exports.
 * @returns {import('vite').Plugin}
 */
export function chosenExports() {
  const choiceOf = (path) => CHOSEN[path?.split('/node_modules/').at(-1)]
  return {
    name: 'chosen-exports',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (choiceOf(importer)?.source !== source) return null
      if (!importer.startsWith(CHOSEN_ID)) return CHOSEN_ID + importer
      return this.resolve(source, importer.slice(CHOSEN_ID.length), { ...options, skipSelf: true })
    },
    load(id) {
      if (!id.startsWith(CHOSEN_ID)) return undefined
      const { source, exports } = choiceOf(id)
      return `export { ${exports} } from '${source}'`
    },
  }
}

/**
 * Fails the build if a plugin has changed a library's module. Put it last among the plugins.
 * @returns {import('vite').Plugin[]}
 */
export function asPublished() {
  const read = new Map()
  const isLibrary = (id) => id.includes('/node_modules/') && !REWRITTEN.test(id)
  return [
    {
      name: 'as-published-before',
      enforce: 'pre',
      transform: {
        order: 'pre',
        handler(code, id) {
          if (isLibrary(id)) read.set(id, code)
        },
      },
    },
    {
      name: 'as-published-after',
      enforce: 'post',
      transform: {
        order: 'post',
        handler(code, id) {
          if (isLibrary(id) && read.get(id) !== code)
            throw new Error(
              `${relative(ROOT, id)} is not as published: a plugin of the build has changed its text`,
            )
        },
      },
    },
  ]
}
