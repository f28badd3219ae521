/** Paths of the built files that these tests run. */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export const SERVER_COMMAND = `${ROOT}packages/server/bin/chat-widget-server.js`
/** The command's module, to run it in the test's process. */
export const COMMAND_MODULE = new URL('../../../packages/server/dist/command/main.js', import.meta.url).href
export const STORAGE_MODULE = new URL(
  '../../../packages/server/dist/storage/open-storage.js',
  import.meta.url,
).href
export const DEMO_MODULE = new URL('../../../apps/demo/dist/start.js', import.meta.url).href

const require = createRequire(import.meta.url)

/** The path of a file in a published package, e.g. `axe-core/axe.min.js`. */
export const packageFile = (name: string): string => require.resolve(name)

/** The path of a file in a package that these tests install, also one that the package does not export. */
export const installedFile = (path: string): string => `${ROOT}test/node_modules/${path}`
