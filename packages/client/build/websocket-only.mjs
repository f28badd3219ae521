/**
 * A vite/rolldown plugin that keeps long polling and WebTransport out of the default bundle.
 *
 * engine.io-client's `Socket` imports all of its transports, though we name the one we want. This replaces its table of
 * transports by one that holds WebSocket alone. Long polling stays reachable: `connection/polling-transport.ts` imports
 * that class by name, dynamically, so that the bundler puts it into a chunk of its own.
 *
 *     import { websocketOnly } from '@chat-widget/client/websocket-only'
 *     await build({ plugins: [websocketOnly()], … })
 */
const PACKAGE =
  /[\\/](engine\.io-client|engine\.io-parser|socket\.io-client|socket\.io-parser)[\\/]build[\\/]esm[\\/]/
const TABLE = /[\\/]engine\.io-client[\\/]build[\\/]esm[\\/]transports[\\/]index\.js$/

export function websocketOnly() {
  return {
    name: 'websocket-only',
    enforce: 'pre',
    transform(code, id) {
      const [path = ''] = id.split('?')
      if (TABLE.test(path)) {
        return {
          code: "import { WS } from './websocket.node.js'\nexport const transports = { websocket: WS }\n",
          map: null,
          moduleSideEffects: false,
        }
      }
      // None of these modules does anything but define things; their package.json does not say so.
      return PACKAGE.test(path) ? { code, map: null, moduleSideEffects: false } : undefined
    },
  }
}
