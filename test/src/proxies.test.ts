/** The files of deploy/ for nginx and Caddy: the chat below a path of a site, over TLS. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addAgent } from './support/agent-account.ts'
import { useBrowser } from './support/browser.ts'
import { signInToConsole } from './support/console-page.ts'
import { type HostSite, pageWithWidget, startHostSite } from './support/host-site.ts'
import { linkTo } from './support/mailbox.ts'
import { rest } from './support/rest.ts'
import { freePort, type ProxyProgram, type ReverseProxy, startProxy } from './support/reverse-proxy.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { shopConfig } from './support/shop.ts'
import { isConnected, widgetOn } from './support/widget-page.ts'

/** The certificate is the test's own. */
const untrusted = { ignoreHTTPSErrors: true }
const browser = useBrowser()

/** Addresses of the chat that a page asks for. */
function watch(page: Page, origin: string) {
  const paths = new Set<string>()
  const sockets: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin === origin) paths.add(`${url.pathname}?${url.searchParams.get('transport') ?? ''}`)
  })
  page.on('websocket', (socket) => sockets.push(socket.url()))
  return { paths, sockets }
}

/** Starts all of it for the tests of a `describe`. */
function useSite(program: ProxyProgram) {
  let server: ServerHere
  let proxy: ReverseProxy
  let host: HostSite
  let chat: string
  beforeAll(async () => {
    const port = await freePort()
    chat = `https://localhost:${port}/chat`
    server = await startServerHere({ ...shopConfig(), publicUrl: chat }, { args: ['--dev'] })
    proxy = await startProxy(program, { port, serverPort: Number(new URL(server.url).port) })
    host = await startHostSite()
  })
  afterAll(async () => {
    await host?.close()
    await proxy?.close()
    await server?.close()
  })
  return {
    get server() {
      return server
    },
    /** The chat's public address. */
    get chat() {
      return chat
    },
    /** A page of the shop, of a new visitor, which is not opened yet. */
    async visit() {
      const page = await browser.page(untrusted)
      return {
        page,
        seen: watch(page, proxy.origin),
        open: (html: string) => page.goto(host.page('/', html)),
      }
    },
  }
}

/** A message that a visitor sends from a page with the widget. */
async function sendFrom(page: Page, text: string) {
  const widget = widgetOn(page)
  await widget.open()
  await isConnected(page)
  await widget.say(text)
  await widget.isSent()
}

type Site = ReturnType<typeof useSite>

function itServesSites(site: Site): void {
  it('the script tag loads its parts, and connects by WebSocket', async () => {
    const { page, seen, open } = await site.visit()
    await open(pageWithWidget(site.chat))
    await sendFrom(page, 'Hello over TLS')
    expect(seen.sockets).toEqual([
      expect.stringContaining(`${site.chat.replace('https:', 'wss:')}/socket.io/`),
    ])
    expect([...seen.paths].length).toBeGreaterThan(1)
    expect([...seen.paths].filter((path) => !path.startsWith('/chat/'))).toEqual([])
  })

  it('a page without WebSocket polls', async () => {
    const { page, seen, open } = await site.visit()
    await page.addInitScript(() => Reflect.deleteProperty(window, 'WebSocket'))
    await open(
      `<!doctype html><title>Shop</title><script async src="${site.chat}/embed.js" data-app="shop"></script>`,
    )
    await sendFrom(page, 'Hello by polling')
    expect(seen.sockets).toEqual([])
    expect([...seen.paths]).toContain('/chat/socket.io/?polling')
  })
}

describe('[OP5] behind Caddy', () => itServesSites(useSite('Caddy')))

describe('[OP5] behind nginx', () => {
  const site = useSite('nginx')
  itServesSites(site)

  // The server's own pages, which do not depend on which proxy it is.
  it('agents sign in to the console, and answer', async () => {
    const { page, open } = await site.visit()
    await open(pageWithWidget(site.chat))
    await sendFrom(page, 'Is anybody there?')
    const agent = await addAgent(site.server)
    const { page: inbox, seen } = await site.visit()
    const desk = await signInToConsole(inbox, `${site.chat}/console`, agent)
    const cookie = { path: '/chat/', secure: true, httpOnly: true, sameSite: 'Strict' }
    await expect.poll(() => inbox.context().cookies()).toMatchObject([cookie])
    const { body } = await rest(`${site.server.url}/chat`, 'GET', '')
    await desk.openConversation(body.conversations[0]!.id)
    await desk.reply('Hello from the console')
    await widgetOn(page).shows('Hello from the console')
    expect([...seen.paths].filter((path) => !path.startsWith('/chat/'))).toEqual([])
    await inbox.reload()
    await inbox.getByRole('heading', { name: 'Inbox', exact: true }).waitFor()
  })

  it('a mail leads to the approval page, which is decided there', async () => {
    const ask = (wait: number) =>
      fetch(`${site.server.url}/chat/v1/authentication-request/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          email: 'ann@example.com',
          application_title: 'Shop',
          authentication_request_id: '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a001',
          wait_for_response: wait,
        }),
      }).then((answer) => answer.json() as Promise<{ authentication_request_status: string }>)
    await ask(0)
    const link = await linkTo(`${site.server.url}/chat`, 'ann@example.com')
    expect(link.startsWith(`${site.chat}/a/`)).toBe(true)
    const page = await browser.page(untrusted)
    await page.goto(link)
    await page.getByRole('button', { name: /^(yes|approve)/i }).click()
    expect((await ask(10)).authentication_request_status).toBe('approved')
  })

  it('the authenticator connects, and metrics are for this machine only', async () => {
    const page = await browser.page(untrusted)
    await page.goto(`${site.chat}/authenticator`)
    await page.getByRole('button', { name: 'Set up this device' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/chat/authenticator/')
    expect((await page.goto(`${site.chat}/metrics`))?.status()).toBe(404)
    expect((await page.goto(`${site.chat}/healthz`))?.status()).toBe(200)
    expect((await fetch(`${site.server.url}/metrics`)).status).toBe(200)
  })
})
