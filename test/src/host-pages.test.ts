/** Pages with other stylesheets: the widget looks as on a bare page, and lies above everything. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type HostSite, pageWithWidget, startHostSite } from './support/host-site.ts'
import { type Measured, measure, settled } from './support/measure.ts'
import { packageFile } from './support/paths.ts'
import { rest } from './support/rest.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { shopConfig } from './support/shop.ts'
import { isConnected, stateOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let server: ServerHere
let site: HostSite
let bare: { closed: Record<string, Measured>; open: Record<string, Measured> }

const stylesheet = (path: string) => `<link rel="stylesheet" href="${path}">`
const OVERLAY = `<div id="overlay" style="position:fixed;inset:0;z-index:2147483647;background:#0006">
<div style="position:fixed;inset:auto 0 0 0;height:200px;z-index:2147483647;background:#fff">Cookies?</div></div>`

const PAGES: Readonly<Record<string, { readonly head?: string; readonly body?: string }>> = {
  bootstrap: { head: stylesheet('/bootstrap.css') },
  'a Tailwind preflight': { head: stylesheet('/preflight.css') },
  pico: { head: stylesheet('/pico.css') },
  '* { all: unset !important }': { head: '<style>* { all: unset !important }</style>' },
  'element rules, all important': {
    head: `<style>
      button, div, p, ul, li, section, header, form, textarea, input, span, svg, path, time, chat-widget {
        background: lime !important; color: red !important; padding: 30px !important; margin: 30px !important;
        border: 9px dotted red !important; font: italic 40px/2 cursive !important; display: inline !important;
        position: static !important; transform: rotate(8deg) !important; opacity: .5 !important;
        width: 33px !important; fill: red !important; float: left !important; visibility: visible !important;
      }</style>`,
  },
  'odd inherited text': {
    head: `<style>
      html { font-size: 62.5%; direction: rtl; writing-mode: horizontal-tb }
      * { letter-spacing: .2em; word-spacing: 1em; text-transform: uppercase; line-height: 3; text-indent: 2em;
          font-style: italic; text-align: justify; white-space: pre; text-shadow: 1px 1px red; cursor: crosshair }
    </style>`,
  },
  'a body that transforms, filters and clips': {
    head: `<style>body { transform: scale(.9) translate(40px, 40px); filter: grayscale(1); overflow: hidden;
      contain: paint; perspective: 400px; height: 200px }</style>`,
  },
  'overlays on top of everything': { body: `<h1>Shop</h1>${OVERLAY}` },
}

beforeAll(async () => {
  server = await startServerHere(shopConfig())
  site = await startHostSite()
  site.file('/bootstrap.css', packageFile('bootstrap/dist/css/bootstrap.min.css'))
  site.file('/preflight.css', packageFile('tailwindcss/preflight.css'))
  site.file('/pico.css', packageFile('@picocss/pico/css/pico.min.css'))
})
afterAll(async () => {
  await site?.close()
  await server?.close()
})

/** The page with an open chat and a message from each side. */
async function openOn(path: string, page: { readonly head?: string; readonly body?: string }) {
  const tab = await browser.page()
  await tab.goto(site.page(path, pageWithWidget(server.url, page)))
  const chat = widgetOn(tab)
  await chat.launcher.waitFor({ state: 'visible' })
  await settled(tab)
  const closed = await measure(tab)
  await chat.open()
  await isConnected(tab)
  await chat.say('Do you have this jacket in green? I could not find it on the page.')
  await chat.isSent()
  const id = (await stateOf(tab)).conversation!.id
  await rest(server.url, 'POST', `/${id}/messages`, { text: 'We do, in all sizes.' })
  await chat.shows('We do, in all sizes.')
  await tab.mouse.move(1, 1)
  await settled(tab)
  return { tab, chat, closed, open: await measure(tab) }
}

beforeAll(async () => {
  const { tab, closed, open } = await openOn('/bare', {})
  await tab.context().close()
  bare = { closed, open }
})

/** Resolves with true if a click in the middle of a part would reach it, whatever else the page contains. */
const isOnTop = (page: Page, part: string): Promise<boolean> =>
  page.evaluate((name) => {
    const find = (root: ParentNode): Element | null => {
      for (const element of root.querySelectorAll('*')) {
        if (element.part?.contains(name)) return element
        const inside = element.shadowRoot === null ? null : find(element.shadowRoot)
        if (inside !== null) return inside
      }
      return null
    }
    const target = find(document)
    if (target === null) return false
    const { x, y, width, height } = target.getBoundingClientRect()
    return document.elementFromPoint(x + width / 2, y + height / 2)?.localName === 'chat-widget'
  }, part)

it('measures something on the bare page', () => {
  expect(bare.closed['launcher 0']?.box[2]).toBeGreaterThan(40)
  expect(Object.keys(bare.open)).toEqual(
    expect.arrayContaining(['panel 0', 'input 0', 'send 0', 'messages 0', 'bubble 0', 'bubble 1']),
  )
  expect(bare.open['bubble 0']?.style['background-color']).not.toBe(
    bare.open['bubble 1']?.style['background-color'],
  )
})

describe.each(Object.entries(PAGES))('on a page with %s', (name, page) => {
  it('has the same boxes, fonts and colours, and is on top', async () => {
    const path = `/${Object.keys(PAGES).indexOf(name)}`
    const { tab, closed, open } = await openOn(path, page)
    expect(closed).toEqual(bare.closed)
    expect(open).toEqual(bare.open)
    expect(await isOnTop(tab, 'panel'), 'the panel is on top').toBe(true)
    expect(await isOnTop(tab, 'launcher'), 'the launcher is on top').toBe(true)
  })
})

it('leaves the page as it was', async () => {
  const page = await browser.page()
  const html = pageWithWidget(server.url, { body: '<h1 id="title">Shop</h1><button id="buy">Buy</button>' })
  const look = () =>
    page.evaluate(() =>
      ['title', 'buy'].map((id) => {
        const element = document.getElementById(id)!
        const { x, y, width, height } = element.getBoundingClientRect()
        const { font, color, backgroundColor } = getComputedStyle(element)
        return { x, y, width, height, font, color, backgroundColor }
      }),
    )
  await page.goto(site.page('/without', html.replace(/<script.*?<\/script>/, '')))
  const before = await look()
  await page.goto(site.page('/with', html))
  await widgetOn(page).open()
  expect(await look()).toEqual(before)
})
