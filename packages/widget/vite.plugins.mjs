/** Vite plugins that keep the widget's files small; used by scripts/build-widget.mjs. */

const SOCKET_IO = /(engine|socket)\.io-(client|parser)\/build\/esm\//
const REPLACEMENTS = [
  {
    file: /engine\.io-client\/build\/esm\/transports\/index\.js$/,
    code: "import { WS } from './websocket.js'\nexport const transports = { websocket: WS }\n",
  },
  {
    file: /socket\.io-parser\/build\/esm\/is-binary\.js$/,
    code: 'export const isBinary = () => false\nexport const hasBinary = () => false\n',
  },
]

/**
 * Socket.IO brings every transport along. The engine begins with WebSocket alone; long polling is in the chunk that the
 * client loads where WebSocket is blocked. Every payload is JSON, so nothing is searched for binary parts.
 * @returns {import('vite').Plugin}
 */
export function websocketOnly() {
  return {
    name: 'websocket-only',
    enforce: 'pre',
    transform(_code, id) {
      if (!SOCKET_IO.test(id)) return null
      const replacement = REPLACEMENTS.find(({ file }) => file.test(id))
      // These modules do nothing but define things, though their package.json does not say so.
      return {
        moduleSideEffects: false,
        ...(replacement === undefined ? {} : { code: replacement.code, map: null }),
      }
    },
  }
}

/**
 * Takes comments and needless space out of `*.styles.ts`; a minifier leaves template literals alone.
 * @returns {import('vite').Plugin}
 */
export function minifyStyles() {
  const squeeze = (css) =>
    css
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/\s+/g, ' ')
      .replace(/ ?([{};,>]) ?/g, '$1')
      .replace(/: /g, ':')
      .replace(/;}/g, '}')
      .trim()
  return {
    name: 'minify-styles',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('.styles.ts')) return null
      return {
        code: code.replace(/`([^`]*)`/g, (_match, css) => `\`${squeeze(css)}\``),
        map: null,
      }
    },
  }
}

/**
 * Vite wraps every `import()` to preload style sheets and modules. The widget has neither; a plain `import()` will do.
 * @returns {import('vite').Plugin}
 */
export function plainImports() {
  return {
    name: 'plain-imports',
    enforce: 'pre',
    load: (id) =>
      id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : null,
  }
}
