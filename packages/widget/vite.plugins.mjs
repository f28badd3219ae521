/** Vite plugins that keep the widget's files small; used by scripts/build-widget.mjs. */

/**
 * Vite wraps every `import()` to preload style sheets and modules. The widget has neither; a plain `import()` is enough.
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

const squeezeSpace = (text) => text.replace(/\s+/g, ' ')
const squeezeStyles = (css) =>
  squeezeSpace(css.replace(/\/\*[\s\S]*?\*\//g, ''))
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/ !/g, '!')
    .replace(/: /g, ':')
    .replace(/;}/g, '}')

/** Every node of a syntax tree. */
function* nodesOf(node) {
  if (node === null || typeof node !== 'object') return
  if (typeof node.type === 'string') yield node
  for (const value of Object.values(node)) yield* nodesOf(value)
}

/** Template literals whose spaces mean nothing: markup, and all of a styles file. */
function templatesIn(tree, isStyles) {
  const templates = []
  for (const node of nodesOf(tree)) {
    if (isStyles && node.type === 'TemplateLiteral') templates.push(node)
    if (!isStyles && node.type === 'TaggedTemplateExpression' && node.tag.name === 'html')
      templates.push(node.quasi)
  }
  return templates
}

/**
 * Removes comments and needless space from templates; a minifier leaves template literals unchanged.
 * @returns {import('vite').Plugin}
 */
export function minifyTemplates() {
  return {
    name: 'minify-templates',
    enforce: 'post',
    transform(code, id) {
      if (!/\/widget\/src\/.*\.ts$/.test(id)) return null
      const isStyles = id.endsWith('.styles.ts')
      const squeeze = isStyles ? squeezeStyles : squeezeSpace
      const edits = templatesIn(this.parse(code), isStyles)
        .flatMap(({ quasis }) => quasis)
        .sort((a, b) => b.start - a.start)
      // From the end, so that a shorter text does not move the next edit.
      const minified = edits.reduce((text, { start, value }) => {
        const at = text.indexOf(value.raw, start)
        return text.slice(0, at) + squeeze(value.raw) + text.slice(at + value.raw.length)
      }, code)
      return { code: minified, map: null }
    },
  }
}
