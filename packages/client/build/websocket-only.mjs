/**
 * A vite/rolldown plugin that keeps out of the browser bundle what our use of socket.io-client never reaches:
 *
 * - long polling and WebTransport. engine.io-client's `Socket` imports all of its transports, though we name the one we
 *   want; here its table holds WebSocket alone. Long polling stays reachable: `connection/polling-transport.ts` imports
 *   that class by name, dynamically, so that the bundler puts it into a chunk of its own;
 * - binary packets: the protocol is JSON;
 * - Socket.IO's own backoff: `Connection` reconnects by a `ReconnectPolicy`.
 *
 *     import { websocketOnly } from '@chat-widget/client/websocket-only'
 *     await build({ plugins: [websocketOnly()], … })
 *
 * Without the plugin everything works the same, in about 5 KB more.
 */
const PACKAGES =
  /[\\/](engine\.io-client|engine\.io-parser|socket\.io-client|socket\.io-parser)[\\/]build[\\/]esm[\\/](.+)$/

/** By package and path: what the module is replaced by. */
const REPLACED = {
  'engine.io-client/transports/index.js':
    "import { WS } from './websocket.node.js'\nexport const transports = { websocket: WS }\n",
  'engine.io-parser/contrib/base64-arraybuffer.js':
    'export const encode = () => ""\nexport const decode = () => new ArrayBuffer(0)\n',
  'socket.io-parser/is-binary.js':
    'export const isBinary = () => false\nexport const hasBinary = () => false\n',
  'socket.io-parser/binary.js':
    'export const deconstructPacket = (packet) => ({ packet, buffers: [] })\nexport const reconstructPacket = (packet) => packet\n',
  'socket.io-client/contrib/backo2.js':
    'export class Backoff {\n  attempts = 0\n  duration() { return 0 }\n  reset() {}\n  setMin() {}\n  setMax() {}\n  setJitter() {}\n}\n',
}

export function websocketOnly() {
  return {
    name: 'websocket-only',
    enforce: 'pre',
    transform(code, id) {
      const [, name, path] = PACKAGES.exec(id.split('?')[0].replaceAll('\\', '/')) ?? []
      if (name === undefined) return undefined
      // None of these modules does anything but define things; their package.json does not say so.
      return { code: REPLACED[`${name}/${path}`] ?? code, map: null, moduleSideEffects: false }
    },
  }
}
