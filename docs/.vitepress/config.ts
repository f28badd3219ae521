/** The documentation as a site; `scripts/docs.mjs` starts and builds it. */
import { defineConfig } from 'vitepress'
import { headingId, siteLinks } from './links.ts'
import { notPages, pageOf, ROOT, SIDEBAR } from './pages.ts'
import { sequenceDiagrams } from './sequence-diagrams.ts'
import { keepNamesWhole } from './whole-names.ts'
import { widgetFiles } from './widget-files.ts'

const { DOCS_BASE = '/', DOCS_CHAT_SERVER = '', DOCS_REPOSITORY } = process.env

export default defineConfig({
  lang: 'en',
  title: 'chat-widget',
  description: 'A chat widget for any website, and its server.',
  base: DOCS_BASE,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${DOCS_BASE}icon.svg` }]],
  // Pages outside this folder are pages of the site too.
  srcDir: ROOT,
  srcExclude: notPages(),
  rewrites: (file) => pageOf(file) ?? file,
  markdown: {
    anchor: { slugify: headingId },
    config(md) {
      siteLinks(md, { root: ROOT, pageOf, repository: DOCS_REPOSITORY })
      sequenceDiagrams(md)
      keepNamesWhole(md)
    },
  },
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === 'chat-widget' } } },
  vite: {
    publicDir: 'docs/public',
    // Not every page of the repository.
    optimizeDeps: { entries: ['docs/.vitepress/theme/index.ts'] },
    define: { __CHAT_SERVER__: JSON.stringify(DOCS_CHAT_SERVER) },
    plugins: [widgetFiles(`${ROOT}packages/widget/dist`)],
    server: { watch: { ignored: ['**/packages/**', '**/apps/**', '**/test/**', '**/bench/**'] } },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [],
    sidebar: SIDEBAR,
    footer: { message: 'MIT License' },
  },
})
