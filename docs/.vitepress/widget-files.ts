/** Serves the built widget with the site, below `/chat-widget/`: examples show the very files that a server hands out. */
import { cpSync, createReadStream, existsSync } from 'node:fs'
import { join, normalize } from 'node:path'
import type { Plugin } from 'vitepress'

const FOLDER = 'chat-widget'

export function widgetFiles(dist: string): Plugin {
  let outDir = ''
  return {
    name: 'widget-files',
    configResolved(config) {
      // The pages are rendered by a second build, into a folder of its own.
      if (config.build.ssr === false) outDir = config.build.outDir
    },
    configureServer(server) {
      server.middlewares.use(`/${FOLDER}/`, (request, response, next) => {
        const { pathname } = new URL(request.url ?? '/', 'http://localhost')
        // A chunk that is asked for again has some letters of its address percent-encoded.
        const file = join(dist, normalize(decodeURIComponent(pathname)))
        if (!file.endsWith('.js') || !existsSync(file)) return next()
        response.setHeader('content-type', 'text/javascript')
        createReadStream(file).pipe(response)
      })
    },
    closeBundle() {
      if (outDir === '') return
      cpSync(dist, join(outDir, FOLDER), {
        recursive: true,
        filter: (path) => !/\.(br|gz|json|map)$/.test(path),
      })
    },
  }
}
