/**
 * `node scripts/gallery.mjs FOLDER`: a screenshot of each state of the chat, in the looks below, into a folder. The gallery
 * itself is a page of the demo, `/gallery`.
 */
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright'
import { build } from 'vite'
import { chromiumLaunchOptions } from './chromium.mjs'
import { ROOT } from './run.mjs'
import { writeWords } from './words.mjs'

const PAGES = join(ROOT, 'apps/demo/gallery')
const BUILT = join(ROOT, 'apps/demo/dist/gallery')
const PICTURES = join(ROOT, 'apps/demo/public/img')
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

const PHONE = { width: 390, height: 720 }
const DESKTOP = { width: 1040, height: 800 }
/** Name → how states are shown. */
const LOOKS = {
  'phone-light': { size: PHONE, query: {} },
  'phone-dark': { size: PHONE, query: { theme: 'dark' } },
  'phone-ar': { size: PHONE, query: { locale: 'ar' } },
  'desktop-light': { size: DESKTOP, query: {} },
  'desktop-dark-ar': { size: DESKTOP, query: { theme: 'dark', locale: 'ar' } },
  'forest-dark': { size: PHONE, query: { look: 'forest', theme: 'dark' } },
  'paper-light': { size: PHONE, query: { look: 'paper' } },
  'dusk-dark': { size: PHONE, query: { look: 'dusk', theme: 'dark' } },
}

/** Builds the gallery's pages, of the widget's sources. */
export async function buildGallery() {
  writeWords()
  await build({
    root: PAGES,
    base: '/gallery/',
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
    build: {
      outDir: BUILT,
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: { input: [join(PAGES, 'index.html'), join(PAGES, 'state.html')] },
    },
  })
}

async function serve() {
  const http = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = join(BUILT, pathname.replace(/^\/gallery\//, ''))
    if (!file.startsWith(BUILT) || !existsSync(file)) return response.writeHead(404).end()
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
    createReadStream(file).pipe(response)
  })
  await new Promise((resolve) => http.listen(0, '127.0.0.1', () => resolve()))
  return { url: `http://127.0.0.1:${http.address().port}/gallery/`, close: () => http.close() }
}

/** Names of all states, from the gallery's first page. */
async function statesOf(page, url) {
  await page.goto(`${url}index.html`)
  const links = await page.locator('figcaption a').evaluateAll((all) => all.map(({ href }) => href))
  return links.map((link) => new URL(link).searchParams.get('state'))
}

async function main([folder, only = '']) {
  if (folder === undefined) {
    process.stderr.write('node scripts/gallery.mjs FOLDER [PART OF A NAME]\n')
    return 2
  }
  await buildGallery()
  await mkdir(folder, { recursive: true })
  const server = await serve()
  const browser = await chromium.launch(chromiumLaunchOptions({ prefersShell: true }))
  let failed = 0
  try {
    const first = await browser.newPage()
    const states = (await statesOf(first, server.url)).filter((state) => state.includes(only))
    await first.close()
    for (const [look, { size, query }] of Object.entries(LOOKS)) {
      // So nothing moves, and no picture is taken in the midst of an entrance.
      const page = await browser.newPage({ viewport: size, reducedMotion: 'reduce' })
      page.on('pageerror', (error) => {
        failed += 1
        process.stderr.write(`${look}: ${error.message}\n`)
      })
      await page.route('https://shop.example/**', async (route) => {
        const picture = join(PICTURES, new URL(route.request().url()).pathname)
        return route.fulfill({ contentType: 'image/svg+xml', body: await readFile(picture) })
      })
      for (const state of states) {
        await page.goto(`${server.url}state.html?${new URLSearchParams({ state, ...query })}`)
        const drawn = page.locator(`html[data-state="${state}"]`).waitFor({ state: 'attached' })
        await drawn.catch(() => {
          failed += 1
          process.stderr.write(`${state} in ${look} is not drawn\n`)
        })
        await page.screenshot({ path: join(folder, `${state}.${look}.png`) })
      }
      await page.close()
    }
    process.stdout.write(`${states.length} states, ${Object.keys(LOOKS).length} looks: ${folder}\n`)
  } finally {
    await browser.close()
    server.close()
  }
  return failed === 0 ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exit(await main(process.argv.slice(2)))
