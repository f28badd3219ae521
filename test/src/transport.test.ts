/** A network that drops WebSocket upgrades: the widget falls back to long polling, and only there loads the code for it. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type HostSite, pageWithWidget, startHostSite } from './support/host-site.ts'
import { rest } from './support/rest.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { shopConfig } from './support/shop.ts'
import { startHttpOnlyProxy } from './support/tcp-proxy.ts'
import { isConnected, stateOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let server: ServerProcess
let site: HostSite
beforeAll(async () => {
  server = await startServer({ config: shopConfig() })
  site = await startHostSite()
})
afterAll(async () => {
  await site?.close()
  await server?.close()
})

/** The widget's files that the page loads, as the manifest names them. */
function loadedFiles(page: Page): Set<string> {
  const files = new Set<string>()
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (request.url().startsWith(site.url) || !pathname.endsWith('.js')) return
    files.add(pathname.slice(1))
  })
  return files
}

async function chatOver(address: string) {
  const page = await browser.page()
  const files = loadedFiles(page)
  const transports = new Set<string>()
  page.on('request', (request) => {
    const transport = /[?&]transport=(\w+)/.exec(request.url())?.[1]
    if (transport !== undefined) transports.add(transport)
  })
  page.on('websocket', () => transports.add('websocket'))
  await page.goto(site.page('/', pageWithWidget(address)))
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  await chat.say('Can you hear me?')
  await chat.isSent()
  const id = (await stateOf(page)).conversation!.id
  await rest(server.url, 'POST', `/${id}/messages`, { text: 'Loud and clear' })
  await chat.shows('Loud and clear')
  return { files, transports }
}

it('chats by long polling where WebSocket is blocked', async () => {
  const proxy = await startHttpOnlyProxy(() => server.url)
  onTestFinished(() => proxy.close())
  const { chat: usual } = (await (await fetch(`${server.url}/chat-widget.manifest.json`)).json()) as {
    chat: string[]
  }
  const { files, transports } = await chatOver(proxy.url)
  expect(proxy.upgrades).toBeGreaterThan(0)
  expect(transports).toContain('polling')
  expect([...files].filter((file) => file !== 'chat-widget.js' && !usual.includes(file))).toHaveLength(1)
})

it('loads no code for polling where WebSocket works', async () => {
  const { chat: usual } = (await (await fetch(`${server.url}/chat-widget.manifest.json`)).json()) as {
    chat: string[]
  }
  const { files, transports } = await chatOver(server.url)
  expect([...transports]).toEqual(['websocket'])
  expect([...files].filter((file) => file !== 'chat-widget.js' && !usual.includes(file))).toEqual([])
})
