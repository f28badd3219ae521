/** A network that drops WebSocket upgrades: the widget falls back to long polling, and only there loads the code for it. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type HostSite, pageWithWidget, startHostSite } from './support/host-site.ts'
import { rest } from './support/rest.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { shopConfig } from './support/shop.ts'
import { startHttpOnlyProxy } from './support/tcp-proxy.ts'
import { isConnected, stateOf, widgetErrors, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let server: ServerHere
let site: HostSite
/** Files of a plain text chat, as the manifest names them. */
let usual: readonly string[]
beforeAll(async () => {
  server = await startServerHere(shopConfig())
  const manifest = await fetch(`${server.url}/chat-widget.manifest.json`)
  usual = ((await manifest.json()) as { chat: string[] }).chat
  site = await startHostSite()
})
afterAll(async () => {
  await site?.close()
  await server?.close()
})

/** The widget's files that the page loads. */
function loadedFiles(page: Page): Set<string> {
  const files = new Set<string>()
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (request.url().startsWith(site.url) || !pathname.endsWith('.js')) return
    files.add(pathname.slice(1))
  })
  return files
}

/** Files beyond those of a plain text chat. */
const unusual = (files: ReadonlySet<string>) => [...files].filter((file) => !usual.includes(file))

async function chatOver(address: string) {
  const page = await browser.page()
  const errors = await widgetErrors(page)
  const files = loadedFiles(page)
  const transports = new Set<string>()
  const polled: URL[] = []
  page.on('request', (request) => {
    const transport = /[?&]transport=(\w+)/.exec(request.url())?.[1]
    if (transport !== undefined) transports.add(transport)
    if (transport === 'polling') polled.push(new URL(request.url()))
  })
  page.on('websocket', () => transports.add('websocket'))
  await page.goto(
    site.page('/', pageWithWidget(server.url, { attributes: `app="shop" server="${address}"` })),
  )
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  await chat.say('Can you hear me?')
  await chat.isSent()
  const id = (await stateOf(page)).conversation!.id
  await rest(server.url, 'POST', `/${id}/messages`, { text: 'Loud and clear' })
  await chat.shows('Loud and clear')
  expect(await errors()).toEqual([])
  return { files, transports, polled }
}

it('[DL14] chats by long polling where WebSocket is blocked', async () => {
  const proxy = await startHttpOnlyProxy(() => server.url)
  onTestFinished(() => proxy.close())
  // With a trailing slash, as hosts copy it.
  const { files, transports, polled } = await chatOver(`${proxy.url}/`)
  for (const { pathname, searchParams } of polled) {
    expect(pathname).toBe('/socket.io/')
    expect(['EIO', 'transport', 't', 'sid', 'newest']).toEqual(
      expect.arrayContaining([...searchParams.keys()]),
    )
  }
  expect(proxy.upgrades).toBeGreaterThan(0)
  expect(transports).toContain('polling')
  expect(unusual(files)).toEqual([expect.stringContaining('polling')])
})

it('[DL14] says that an address which is none cannot be reached', async () => {
  const page = await browser.page()
  const errors = await widgetErrors(page)
  const attributes = 'app="shop" server="http://[::1"'
  await page.goto(site.page('/no-address', pageWithWidget(server.url, { attributes })))
  await widgetOn(page).open()
  await expect.poll(errors).toEqual([{ code: 'server-unreachable', message: 'no connection to http://[::1' }])
})

it('loads no code for polling where WebSocket works', async () => {
  const { files, transports } = await chatOver(server.url)
  expect([...transports]).toEqual(['websocket'])
  // The manifest counts the files that such a chat loads.
  expect([...files].sort()).toEqual([...usual].sort())
})
