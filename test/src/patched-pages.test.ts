/** Pages whose scripts add to what every object has. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { consoleOf, useBrowser } from './support/browser.ts'
import { type HostSite, startHostSite } from './support/host-site.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { shopConfig } from './support/shop.ts'
import { isConnected, widgetErrors, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let server: ServerHere
let site: HostSite
beforeAll(async () => {
  server = await startServerHere(shopConfig())
  site = await startHostSite()
})
afterAll(async () => {
  await site?.close()
  await server?.close()
})

it('[HP19] a number, a text, a list, an object and a function on Object.prototype change nothing', async () => {
  const page = await browser.page()
  const errors = await widgetErrors(page)
  const uncaught = consoleOf(page, 'error')
  page.on('pageerror', ({ message }) => uncaught.push(message))
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
    <script>
      Object.assign(Object.prototype, { answer: 42, motto: 'ours', list: [1], options: {}, none: null })
      Object.prototype.extend = function extend() {}
    </script></head>
    <body><h1>Shop</h1><script async src="${server.url}/embed.js" data-app="shop"></script></body></html>`
  await page.goto(site.page('/', html))
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  await chat.say('hello')
  await chat.isSent()
  await chat.panel.getByRole('button', { name: 'More' }).click()
  await chat.panel.getByRole('menu').waitFor()
  expect(await errors()).toEqual([])
  expect(uncaught).toEqual([])
})
