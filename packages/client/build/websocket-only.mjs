/**
 * A vite/rolldown plugin that keeps out of the browser bundle what our use of socket.io-client never reaches:
 *
 * - long polling and WebTransport. engine.io-client's `Socket` imports all of its transports, though we name the one we
 *   want; here its table holds WebSocket alone. Long polling stays reachable: `connection/polling-transport.ts` imports
 *   that class by name, dynamically, so that the bundler puts it into a chunk of its own;
 * - binary packets: the protocol is JSON, so two small parsers stand in for engine.io-parser and socket.io-parser;
 * - Socket.IO's own reconnecting, for which `Connection` has a `ReconnectPolicy`; its upgrading of transports, of which
 *   there is only one; its queue of retries, for which there is the outbox; and methods that nobody calls.
 *
 *     import { websocketOnly } from '@chat-widget/client/websocket-only'
 *     await build({ plugins: [websocketOnly()], … })
 *
 * Everything works the same without the plugin, in some 7 KB more. The build fails when a library update takes away
 * what a rule is about; then look at what took its place.
 */
import { fileURLToPath } from 'node:url'

const PACKAGES =
  /[\\/](engine\.io-client|engine\.io-parser|socket\.io-client|socket\.io-parser)[\\/]build[\\/]esm[\\/](.+\.js)$/

const reexport = (file) => `export * from ${JSON.stringify(fileURLToPath(new URL(file, import.meta.url)))}\n`

/** By package and path: what the module is replaced by, and what must be in it for that to be right. */
const REPLACED = {
  'engine.io-client/transports/index.js': {
    expects: 'websocket: WS,',
    by: "import { WS } from './websocket.node.js'\nexport const transports = { websocket: WS }\n",
  },
  'engine.io-client/transports/webtransport.js': {
    expects: 'export class WT extends Transport',
    by: 'export class WT {}\n',
  },
  // What is connected to is an origin: no path, no query, no user.
  'engine.io-client/contrib/parseuri.js': {
    expects: 'export function parse(str)',
    by: String.raw`export function parse(str) {
  const [, protocol = '', host, port = ''] = /^(?:(\w+):\/\/)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?/.exec(str)
  return { protocol, host: host.replace(/[[\]]/g, ''), port }
}
`,
  },
  'engine.io-parser/index.js': {
    expects: 'export const protocol = 4;',
    by: reexport('./text-packets.mjs'),
  },
  'socket.io-parser/index.js': {
    expects: 'export const protocol = 5;',
    by: reexport('./json-packets.mjs'),
  },
  'socket.io-client/contrib/backo2.js': {
    expects: 'Backoff.prototype.duration',
    by: 'export class Backoff {\n  attempts = 0\n  reset() {}\n}\n',
  },
}

/**
 * By package, path and class: methods that nobody calls (`removed`), and methods that are called but have nothing to do
 * with the options that `Connection` gives: one transport, no reconnection, no retries (`emptied`).
 */
const METHODS = {
  'engine.io-client/socket.js': { Socket: { removed: ['_probe', 'send'], emptied: [] } },
  'socket.io-client/manager.js': {
    Manager: {
      removed: ['connect', 'disconnect', 'onreconnect', 'reconnect'],
      emptied: [
        'maybeReconnectOnOpen',
        'randomizationFactor',
        'reconnectionAttempts',
        'reconnectionDelay',
        'reconnectionDelayMax',
      ],
    },
  },
  'socket.io-client/socket.js': {
    Socket: {
      removed: [
        '_addToQueue',
        'close',
        'compress',
        'disconnected',
        'emitWithAck',
        'listenersAny',
        'listenersAnyOutgoing',
        'offAnyOutgoing',
        'onAnyOutgoing',
        'open',
        'prependAny',
        'prependAnyOutgoing',
        'send',
        'volatile',
      ],
      emptied: ['_drainQueue', 'notifyOutgoingListeners'],
    },
  },
}

function replace(name, code) {
  const { expects, by } = REPLACED[name]
  if (!code.includes(expects)) throw new Error(`${name} has changed: it does not hold \`${expects}\``)
  return by
}

/** `tree` is the syntax tree of `code`. */
function withoutMethods(name, code, tree) {
  const edits = []
  for (const [className, { removed, emptied }] of Object.entries(METHODS[name])) {
    const { body } = tree.body
      .map((node) => node.declaration ?? node)
      .find((node) => node.type === 'ClassDeclaration' && node.id.name === className)
    for (const method of [...removed, ...emptied]) {
      const found = body.body.filter(({ key }) => key?.name === method)
      if (found.length === 0) throw new Error(`${name} has changed: ${className} has no \`${method}\``)
      for (const node of found) {
        const { start, end } = removed.includes(method) ? node : node.value.body
        edits.push({ start, end, text: removed.includes(method) ? '' : '{}' })
      }
    }
  }
  // From the end, so that what is shorter now does not move what is edited next.
  edits.sort((a, b) => b.start - a.start)
  return edits.reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), code)
}

export function websocketOnly() {
  const pending = new Set([...Object.keys(REPLACED), ...Object.keys(METHODS)])
  let isUsed = false
  return {
    name: 'websocket-only',
    enforce: 'pre',
    transform(code, id) {
      const [, library, path] = PACKAGES.exec(id.split('?')[0].replaceAll('\\', '/')) ?? []
      if (library === undefined) return undefined
      isUsed = true
      const name = `${library}/${path}`
      pending.delete(name)
      const lean =
        name in REPLACED
          ? replace(name, code)
          : name in METHODS
            ? withoutMethods(name, code, this.parse(code))
            : code
      // None of these modules does anything but define things; their package.json does not say so.
      return { code: lean, map: null, moduleSideEffects: false }
    },
    buildEnd(error) {
      if (error === undefined && isUsed && pending.size > 0)
        throw new Error(`socket.io-client has changed: it does not load ${[...pending].join(', ')}`)
    },
  }
}
