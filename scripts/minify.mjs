/**
 * Minifies a file by two minifiers, one after the other: each finds what the other leaves. By oxc alone, a chat would be
 * 1 % larger, by terser alone 2 %.
 */
import { minifySync } from 'rolldown/utils'
import { minify } from 'terser'

/** No getter here has a side effect. */
export const treeshake = { propertyReadSideEffects: false, unknownGlobalSideEffects: false }

const OXC = {
  compress: { target: 'es2022', treeshake },
  mangle: { toplevel: true },
  codegen: true,
  sourcemap: true,
}

const TERSER = {
  ecma: 2020,
  toplevel: true,
  compress: {
    passes: 3,
    pure_getters: !treeshake.propertyReadSideEffects,
    keep_fargs: false,
    // Functions one after the other are alike.
    hoist_funs: true,
    // Each makes the text shorter and its brotli longer.
    comparisons: false,
    lhs_constants: false,
    switches: false,
  },
}

/**
 * Takes the place of Vite's and rolldown's own step.
 * @returns {import('vite').Plugin}
 */
export function minifyTwice() {
  return {
    name: 'minify-twice',
    renderChunk: {
      order: 'post',
      async handler(text, { fileName }, { format }) {
        const module = format === 'es'
        const once = minifySync(fileName, text, { ...OXC, module })
        if (once.errors.length > 0) throw new Error(once.errors[0].message)
        const sourceMap = { content: once.map, asObject: true }
        const { code, map } = await minify({ [fileName]: once.code }, { ...TERSER, module, sourceMap })
        return { code, map }
      },
    },
  }
}
