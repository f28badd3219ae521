/** Vite plugins that keep the widget's files small; used by scripts/build-widget.mjs. */

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

/** The template literals whose spaces mean nothing: markup, and all of a styles file. */
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
 * Takes comments and needless space out of templates; a minifier leaves template literals alone.
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
      // From the end, so that what is shorter now does not move what is edited next.
      const minified = edits.reduce((text, { start, value }) => {
        const at = text.indexOf(value.raw, start)
        return text.slice(0, at) + squeeze(value.raw) + text.slice(at + value.raw.length)
      }, code)
      return { code: minified, map: null }
    },
  }
}

/**
 * What the widget never reaches in lit: decorators, controllers, directives, properties that show in an attribute, markup
 * of SVG and MathML, styles (the elements give those to themselves), polyfills, and the list
 * of versions that a development build reads. By file: the text that goes, and what comes in its place; or the whole file.
 */
const LIT = {
  'reactive-element/css-tag.js': `
    export const css = ([text]) => text
    export const unsafeCSS = css
    export const adoptStyles = () => {}
    export const getCompatibleStyle = (style) => style
    export const supportsAdoptingStyleSheets = true
    export class CSSResult {}`,
  'reactive-element/reactive-element.js': [
    ['Symbol.metadata??=Symbol("metadata"),a.litPropertyMetadata??=new WeakMap;', ''],
    [
      'const t=this[Symbol.metadata];if(null!==t){const s=litPropertyMetadata.get(t);if(void 0!==s)for(const[t,i]of s)this.elementProperties.set(t,i)}',
      '',
    ],
    ['static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}', ''],
    [',this.constructor.l?.forEach(t=>t(this))', ''],
    [',void 0!==t.l&&(this.l=[...t.l])', ''],
    [
      'addController(t){(this._$EO??=new Set).add(t),void 0!==this.renderRoot&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}',
      '',
    ],
    [',this._$EO?.forEach(t=>t.hostConnected?.())', ''],
    ['this._$EO?.forEach(t=>t.hostDisconnected?.())', ''],
    ['this._$EO?.forEach(t=>t.hostUpdate?.()),', ''],
    ['this._$EO?.forEach(t=>t.hostUpdated?.()),', ''],
    [
      '_$ET(t,s){const i=this.constructor.elementProperties.get(t),e=this.constructor._$Eu(t,i);if(void 0!==e&&!0===i.reflect){const h=(void 0!==i.converter?.toAttribute?i.converter:u).toAttribute(s,i.type);this._$Em=t,null==h?this.removeAttribute(e):this.setAttribute(e,h),this._$Em=null}}',
      '',
    ],
    ['this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),', ''],
    [',!0===e&&this._$Em!==t&&(this._$Eq??=new Set).add(t)', ''],
    ['||i.useDefault&&i.reflect&&h===this._$Ej?.get(t)&&!this.hasAttribute(r._$Eu(t,i))', ''],
    ['i&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,r??s??this[t]),!0!==h||void 0!==r)||', ''],
    ['??this._$Ej?.get(e)??r', ''],
    // The only type of an attribute is Boolean.
    [
      'toAttribute(t,s){switch(s){case Boolean:t=t?l:null;break;case Object:case Array:t=null==t?t:JSON.stringify(t)}return t},',
      '',
    ],
    [
      'let i=t;switch(s){case Boolean:i=null!==t;break;case Number:i=null===t?null:Number(t);break;case Object:case Array:try{i=JSON.parse(t)}catch(t){i=null}}return i',
      'return s===Boolean?null!==t:t',
    ],
    [',p?.({ReactiveElement:y}),(a.reactiveElementVersions??=[]).push("2.1.2")', ''],
  ],
  'lit-html/lit-html.js': [
    ['B?.(S,k),(t.litHtmlVersions??=[]).push("3.3.3");', ';'],
    [',l=2===i?"<svg>":3===i?"<math>":""', ',l=""'],
    ['+(2===i?"</svg>":3===i?"</math>":"")', ''],
    [
      'if(this.el=S.createElement(f,e),P.currentNode=this.el.content,2===i||3===i){const t=this.el.content.firstChild;t.replaceWith(...t.childNodes)}for(',
      'for(this.el=S.createElement(f,e),P.currentNode=this.el.content',
    ],
    // Directives; bindings within comments, or within the text of a `<textarea>`, `<title>` and the like.
    [
      'function M(t,i,s=t,e){if(i===E)return i;let h=void 0!==e?s._$Co?.[e]:s._$Cl;const o=a(i)?void 0:i._$litDirective$;return h?.constructor!==o&&(h?._$AO?.(!1),void 0===o?h=void 0:(h=new o(t),h._$AT(t,s,e)),void 0!==e?(s._$Co??=[])[e]=h:s._$Cl=h),void 0!==h&&(i=M(t,h._$AS(t,i.values),h,e)),i}',
      'const M=(t,i)=>i;',
    ],
    ['else{let t=-1;for(;-1!==(t=r.data.indexOf(o,t+1));)d.push({type:7,index:l}),t+=o.length-1}', ''],
    [
      'if(y.test(r.tagName)){const t=r.textContent.split(o),i=t.length-1;if(i>0){r.textContent=s?s.emptyScript:"";for(let s=0;s<i;s++)r.append(t[s],c()),P.nextNode(),d.push({type:2,index:++l});r.append(t[i],c())}}',
      '',
    ],
  ],
  'lit-element/lit-element.js': [
    [',s.litElementHydrateSupport?.({LitElement:i});', ';'],
    ['o?.({LitElement:i});', ''],
    ['(s.litElementVersions??=[]).push("4.2.2");', ''],
  ],
}

function leaner(path, code) {
  const rules = LIT[path]
  if (typeof rules === 'string') return rules
  return rules.reduce((text, [before, after]) => {
    if (text.split(before).length !== 2)
      throw new Error(`${path} has changed: it does not hold \`${before}\``)
    return text.replace(before, () => after)
  }, code)
}

/**
 * Leaves out of lit what the widget never reaches, some 1 KB. As with `websocketOnly`, everything works the same without
 * it, and the build fails when an update takes away what a rule is about.
 * @returns {import('vite').Plugin}
 */
export function leanLit() {
  const pending = new Set(Object.keys(LIT))
  return {
    name: 'lean-lit',
    enforce: 'pre',
    transform(code, id) {
      const path = Object.keys(LIT).find((one) => id.endsWith(`/${one}`))
      if (path === undefined) return null
      pending.delete(path)
      return { code: leaner(path, code), map: null }
    },
    buildEnd(error) {
      // The shell has nothing of lit.
      if (error === undefined && pending.size > 0 && pending.size < Object.keys(LIT).length)
        throw new Error(`lit has changed: it does not load ${[...pending].join(', ')}`)
    },
  }
}

/**
 * Puts the numbers of `LIMITS` where they are read: a bundler keeps the whole object, most of which is the server's.
 * `source`: the text of the protocol's limits.ts.
 * @returns {import('vite').Plugin}
 */
export function inlineLimits(source) {
  const numbers = new Map(
    [...source.matchAll(/^ {2}(\w+): ([\d_ *]+),$/gm)].map(([, name, product]) => [
      name,
      product
        .replaceAll('_', '')
        .split('*')
        .reduce((value, factor) => value * Number(factor), 1),
    ]),
  )
  return {
    name: 'inline-limits',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/(client|widget)\/src\/.*\.ts$/.test(id) || !/\bLIMITS\./.test(code)) return null
      const inlined = code.replace(/\bLIMITS\.(\w+)/g, (_, name) => {
        if (!numbers.has(name)) throw new Error(`${id} reads LIMITS.${name}, which is no number`)
        return String(numbers.get(name))
      })
      return { code: inlined, map: null }
    },
  }
}
