/**
 * A vite/rolldown plugin that keeps out of the browser bundle what our use of Engine.IO never reaches:
 *
 * - long polling and WebTransport. engine.io-client's `Socket` imports all of its transports, though we name the one we
 *   want; here its table holds WebSocket alone. Long polling stays reachable: `connection/polling-transport.ts` imports
 *   that class by name, dynamically, so that the bundler puts it into a chunk of its own;
 * - binary packets: the protocol is JSON, so a small parser stands in for engine.io-parser;
 * - its upgrading of transports, of which there is only one; addresses with a path, a query or a user; methods that
 *   nobody calls.
 *
 * Everything works the same without the plugin, in some 4 KB more. The build fails when a library update takes away
 * what a rule is about; then look at what took its place.
 */
import { fileURLToPath } from 'node:url'

const PACKAGE = /[\\/](engine\.io-client|engine\.io-parser)[\\/](?:build|lib)[\\/]esm[\\/](.+\.js)$/

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
}

/** By package, path and class: methods that nobody calls. */
const METHODS = { 'engine.io-client/socket.js': { Socket: ['_filterUpgrades', '_probe', 'send'] } }

/**
 * By package and path: what an expression always is, given the options of `Connection` and the rules above. The
 * minifier then drops what hangs on it. `…` stands for the rest of the expression.
 */
const FACTS = {
  'engine.io-client/socket.js': {
    '"function" === typeof data': 'false',
    '"function" === typeof options': 'false',
    '"object" === typeof uri': 'false',
    // Its defaults, less those for Node and for what is never done.
    '{\n            path: "/engine.io",…':
      '{ addTrailingSlash: true, timestampParam: "t", transportOptions: {} }',
    'null != opts.secure': 'true',
    'opts.host': 'undefined',
    'opts.hostname ||…': 'opts.hostname',
    'opts.port ||…': 'opts.port',
    'opts.transportImplementations': 'undefined',
    'parsedUri.query': 'undefined',
    'this._beforeunloadEventListener': 'undefined',
    // Nobody listens.
    'this.emitReserved("handshake", data)': 'undefined',
    'this.emitReserved("heartbeat")': 'undefined',
    'this.emitReserved("message", packet.data)': 'undefined',
    'this.emitReserved("packet", packet)': 'undefined',
    'this.emitReserved("packetCreate", packet)': 'undefined',
    'this.emitReserved("ping")': 'undefined',
    'this.emitReserved("pong")': 'undefined',
    'this._filterUpgrades(data.upgrades)': '[]',
    'this.opts.autoUnref': 'false',
    'this.opts.closeOnBeforeunload': 'false',
    'this.opts.rememberUpgrade': 'false',
    'this.opts.upgrade': 'false',
    'this.opts.withCredentials': 'false',
    'this.upgrading': 'false',
    'typeof this.opts.query === "string"': 'false',
    // `Connection` itself watches for the network to go.
    withEventListeners: 'false',
  },
  'engine.io-client/transports/websocket.js': {
    isReactNative: 'false',
    'pick(this.opts, …': '{}',
    'this.opts.autoUnref': 'false',
    'this.opts.extraHeaders': 'undefined',
    'this.opts.protocols': 'undefined',
    'this.opts.timestampRequests': 'false',
  },
}

function replace(name, code) {
  const { expects, by } = REPLACED[name]
  if (!code.includes(expects)) throw new Error(`${name} has changed: it does not hold \`${expects}\``)
  return by
}

/** What is to be cut out of a module, `tree` being its syntax tree. */
function cutMethods(name, tree) {
  const edits = []
  for (const [className, methods] of Object.entries(METHODS[name] ?? {})) {
    const { body } = tree.body
      .map((node) => node.declaration ?? node)
      .find((node) => node.type === 'ClassDeclaration' && node.id.name === className)
    for (const method of methods) {
      const found = body.body.filter(({ key }) => key?.name === method)
      if (found.length === 0) throw new Error(`${name} has changed: ${className} has no \`${method}\``)
      for (const { start, end } of found) edits.push({ start, end, text: '' })
    }
  }
  return edits
}

/** Every expression of a syntax tree that is read, and not a name that is declared or assigned to. */
function* expressionsOf(node) {
  if (node === null || typeof node !== 'object') return
  if (/Expression$|^Identifier$/.test(node.type)) yield node
  for (const [key, value] of Object.entries(node)) {
    const isTarget = node.type === 'AssignmentExpression' && key === 'left'
    const isName = (key === 'id' || key === 'key' || key === 'property' || key === 'params') && !node.computed
    if (!isTarget && !isName) yield* expressionsOf(value)
  }
}

function stateFacts(name, code, tree) {
  const edits = []
  const facts = Object.entries(FACTS[name] ?? {})
  const unseen = new Set(facts.map(([expression]) => expression))
  for (const { start, end } of expressionsOf(tree)) {
    const text = code.slice(start, end)
    const [expression, value] =
      facts.find(([known]) => (known.endsWith('…') ? text.startsWith(known.slice(0, -1)) : text === known)) ??
      []
    if (expression === undefined) continue
    unseen.delete(expression)
    edits.push({ start, end, text: value })
  }
  if (unseen.size > 0) throw new Error(`${name} has changed: it has no \`${[...unseen].join('`, `')}\``)
  return edits
}

function apply(edits, code) {
  let rest = 0
  const pieces = []
  for (const { start, end, text } of edits.sort((a, b) => a.start - b.start || b.end - a.end)) {
    // What lies within something that is cut is gone with it.
    if (start < rest) continue
    pieces.push(code.slice(rest, start), text)
    rest = end
  }
  return [...pieces, code.slice(rest)].join('')
}

function cut(name, code, parse) {
  if (!(name in METHODS || name in FACTS)) return code
  const tree = parse(code)
  return apply([...cutMethods(name, tree), ...stateFacts(name, code, tree)], code)
}

export function websocketOnly() {
  const pending = new Set([REPLACED, METHODS, FACTS].flatMap((rules) => Object.keys(rules)))
  let isUsed = false
  return {
    name: 'websocket-only',
    enforce: 'pre',
    transform(code, id) {
      const [, library, path] = PACKAGE.exec(id.split('?')[0].replaceAll('\\', '/')) ?? []
      if (library === undefined) return undefined
      isUsed = true
      const name = `${library}/${path}`
      pending.delete(name)
      const lean = name in REPLACED ? replace(name, code) : cut(name, code, (text) => this.parse(text))
      return { code: lean, map: null }
    },
    buildEnd(error) {
      if (error === undefined && isUsed && pending.size > 0)
        throw new Error(`socket.io-client has changed: it does not load ${[...pending].join(', ')}`)
    },
  }
}
