/** Builds a page that the server serves under a strict policy: the console, the authenticator. */
import { join } from 'node:path'
import { build } from 'vite'
import { compress } from './compress.mjs'
import { asPublished } from './published-libraries.mjs'
import { ROOT } from './run.mjs'

/** Builds `packages/{name}` into its `dist`, for the address `/{name}/` of a server, which may be below a path. */
export async function buildPage(name) {
  const root = join(ROOT, 'packages', name)
  await build({
    root,
    base: './',
    configFile: false,
    logLevel: 'warn',
    plugins: [asPublished()],
    resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
    // The page's policy allows no inline script, so no module preload polyfill.
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
    },
  })
  await compress(join(root, 'dist'))
}
