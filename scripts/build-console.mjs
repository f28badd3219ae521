/** Builds the agents' console into packages/console/dist. */
import { join } from 'node:path'
import { build } from 'vite'
import { websocketOnly } from '../packages/client/build/websocket-only.mjs'
import { compress } from './compress.mjs'
import { ROOT } from './run.mjs'

export async function buildConsole() {
  const root = join(ROOT, 'packages/console')
  await build({
    root,
    base: '/console/',
    configFile: false,
    logLevel: 'warn',
    plugins: [websocketOnly()],
    resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
    // The console's policy allows no inline script, so no module preload polyfill.
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
